"""Everybody's answers, attempt by attempt, for statistics of the items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.assessment.assignment import AssignedTerms
from tracker.assessment.item_types import Answer
from tracker.storage.attempt_document import terms_of
from tracker.storage.responses import batches, list_finished, list_finished_of

LEARNERS = 10  # asked for by their ids at a time: with more, the store takes longer than their share
READ = ("item_id", "item_version", "topic_id", "answer", "mark", "seconds", "difficulty", "guessing")
FIELDS = {"learner_id": 1, "finished_at": 1, "assignment": 1, **{f"responses.{name}": 1 for name in READ}}


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer as it was marked, whether it was scored or not."""

    item_id: str
    item_version: str
    topic_id: str
    answer: Answer
    mark: float
    seconds: float
    difficulty: int
    guessing: float


@dataclass(frozen=True, slots=True)
class Sitting:
    """A finished attempt: whose, when it ended, and its answers in the order they were served."""

    learner_id: int
    ended_at: datetime
    answers: tuple[GivenAnswer, ...]
    assignment: AssignedTerms | None = None


def iterate_sittings(*, until: datetime, last_learner_id: int) -> Iterator[Sitting]:
    """Every attempt that was over by then, of the learners up to this id, each one's in the order they ended."""
    for learners in batches(last_learner_id):
        yield from map(_sitting, list_finished(learners, FIELDS, until=until))


def iterate_sittings_of(learner_ids: Sequence[int], *, until: datetime) -> Iterator[Sitting]:
    """The same of the learners with these ids alone."""
    for first in range(0, len(learner_ids), LEARNERS):
        some = learner_ids[first : first + LEARNERS]
        yield from map(_sitting, list_finished_of(some, FIELDS, until=until))


def _sitting(document: dict[str, Any]) -> Sitting:
    answers = tuple(GivenAnswer(**{**entry, "answer": tuple(entry["answer"])}) for entry in document["responses"])
    return Sitting(
        learner_id=document["learner_id"],
        ended_at=document["finished_at"],
        answers=answers,
        assignment=terms_of(document),
    )
