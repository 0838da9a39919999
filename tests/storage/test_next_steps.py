"""Next steps in MongoDB: added once, never changed, listed by learner."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask

from tests.conftest import NOON
from tracker.storage import next_steps
from tracker.storage.next_steps import StoredSteps

ADA, OMAR = 1, 2
DAY = timedelta(days=1)


def some_steps(steps_id: str = "s1", **fields: Any) -> StoredSteps:
    """What Ada was shown at noon after one attempt."""
    stored = StoredSteps(
        id=steps_id,
        learner_id=ADA,
        made_at=NOON,
        attempts=("a1",),
        model=4,
        parameters=2,
        roadmap="0123abcd",
        steps=[{"rule": "learn-1", "evidence": {"mastery": 0.125}}],
    )
    return replace(stored, **fields)


def test_steps_come_back_as_they_were(app: Flask) -> None:
    next_steps.add(some_steps())

    assert next_steps.find_newest(ADA) == some_steps()
    assert next_steps.find_newest(OMAR) is None


def test_what_was_stored_never_changes(app: Flask) -> None:
    next_steps.add(some_steps())
    next_steps.add(some_steps(parameters=3))

    assert next_steps.list_of(ADA) == [some_steps()]


def test_the_newest_comes_first_and_only_ones_own(app: Flask) -> None:
    later = some_steps("s2", made_at=NOON + DAY)
    for one in (some_steps(), later, some_steps("s3", learner_id=OMAR, made_at=NOON + 2 * DAY)):
        next_steps.add(one)

    assert next_steps.list_of(ADA) == [later, some_steps()]
    assert next_steps.find_newest(ADA) == later


def test_who_was_shown_steps_before_a_moment_is_listed_once(app: Flask) -> None:
    for number in range(3):
        next_steps.add(some_steps(f"s{number}", made_at=NOON + number * DAY))
    next_steps.add(some_steps("s9", learner_id=OMAR, made_at=NOON + 2 * DAY))

    assert next_steps.list_learner_ids(before=NOON + DAY) == [ADA]
    assert next_steps.list_learner_ids(before=NOON) == []
