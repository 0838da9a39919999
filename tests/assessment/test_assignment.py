"""The terms of an assigned attempt: when its learner may see the keys."""

from datetime import datetime, timedelta

import pytest

from tests.builders import an_attempt_at, an_item, some_terms
from tests.conftest import NOON
from tracker.assessment.assignment import Release
from tracker.assessment.response import MarkedAttempt
from tracker.assessment.time_ledger import GRACE

CLOSES = some_terms().closes_at
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize("now", [NOON, CLOSES, CLOSES + timedelta(days=999)])
def test_at_once_is_at_once_and_never_is_never(now: datetime) -> None:
    assert some_terms(release=Release.AT_ONCE).is_released(now)
    assert not some_terms(release=Release.NEVER).is_released(now)


def test_after_the_deadline_is_when_nobodys_answers_are_taken_any_more() -> None:
    assert not some_terms().is_released(CLOSES)
    assert not some_terms().is_released(CLOSES + GRACE)
    assert some_terms().is_released(CLOSES + GRACE + MILLISECOND)


def test_what_nobody_assigned_is_released_when_it_ends() -> None:
    assert an_attempt_at(an_item()).is_released(NOON)
    assert MarkedAttempt("a", NOON, ()).is_released(NOON)


def test_an_assigned_attempt_is_released_by_its_terms() -> None:
    assigned = an_attempt_at(an_item(), assignment=some_terms())
    marked = MarkedAttempt("a", NOON, (), assignment=some_terms())

    assert [assigned.is_released(now) for now in (NOON, CLOSES + 2 * GRACE)] == [False, True]
    assert [marked.is_released(now) for now in (NOON, CLOSES + 2 * GRACE)] == [False, True]
