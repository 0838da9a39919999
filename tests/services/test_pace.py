"""No attempt takes changes faster than its pace, in a fixed form and in an adaptive one; nothing is lost by that."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import answer
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.attempt import Attempt
from tracker.assessment.pace import BURST, Pace
from tracker.errors import TooFast
from tracker.services import attempts
from tracker.storage import attempts as stored_attempts

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def pace(app: Flask) -> Iterator[None]:
    """Five changes a second, as it is unless told otherwise."""
    usual = stored_attempts.get_pace()
    stored_attempts.connect(app, Pace(5))
    yield
    stored_attempts.connect(app, usual)


def worn(cast: Cast, slug: str) -> Attempt:
    """Ada's attempt, having taken as many changes at NOON as it takes at once."""
    attempt = attempts.start_attempt(slug, learner_id=cast.ada, now=NOON)
    while len(attempt.events) < BURST:
        attempt = open_page(attempt)
    return attempt


def open_page(attempt: Attempt) -> Attempt:
    return attempts.take_over(
        attempt.id, learner_id=attempt.learner_id, arrived_at=NOON, key=f"page {len(attempt.events)}"
    )


@pytest.mark.parametrize("slug", ["placement", "placement-adaptive"])
def test_an_answer_after_a_burst_is_refused_changes_nothing_and_is_taken_a_little_later(cast: Cast, slug: str) -> None:
    attempt = worn(cast, slug)
    before = everything()

    with pytest.raises(TooFast, match="nothing is lost") as refused:
        answer(attempt, arrived_at=NOON + SECOND)
    unchanged = everything() == before
    taken = answer(attempt, arrived_at=NOON + SECOND * (1 + refused.value.seconds))

    assert refused.value.seconds == 3
    assert unchanged
    assert taken.seq == attempt.seq + 1


def test_an_answer_that_was_taken_is_acknowledged_again_however_fast_it_comes(cast: Cast) -> None:
    attempt = attempts.start_attempt("placement", learner_id=cast.ada, now=NOON)
    while len(attempt.events) < BURST - 1:
        attempt = open_page(attempt)

    taken = answer(attempt, arrived_at=NOON)

    assert answer(attempt, arrived_at=NOON) == taken


def test_opening_page_after_page_waits_too(cast: Cast) -> None:
    attempt = worn(cast, "placement")

    with pytest.raises(TooFast):
        open_page(attempt)
