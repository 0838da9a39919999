"""Practice: an item comes back later and later while it is known, and the next day when it was missed.

There are no steps within a day: right after an explanation, a right answer shows no more than that it was read.
Source of the schedule: FSRS-6 with its published parameters; Ye, Su & Cao (2022), KDD '22, 4381-4390.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import fsrs

from tracker.assessment.family import split_version
from tracker.assessment.item_types import Answer

DAY = timedelta(days=1)
LONGEST_DAYS = 365
SCHEDULER = fsrs.Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class PracticeAnswer:
    """One answer given in practice, marked at once. It never enters a score."""

    item_version: str
    answer: Answer
    mark: float
    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """What a learner's practice of one item has come to.

    item_version: the one answered last. seq: how many answers there are. surfaces: those of a family that were met,
    the last one last. stability: days until the chance of knowing it falls to 90 %. difficulty: 1 to 10.
    """

    learner_id: int
    item_id: str
    item_version: str
    seq: int
    surfaces: tuple[str, ...]
    last_at: datetime
    due: datetime
    stability: float
    difficulty: float

    def is_of(self, version: str) -> bool:
        """Whether the item's file is still the one that was answered; otherwise its card starts anew."""
        return split_version(self.item_version)[0] == split_version(version)[0]


def next_card(before: Card | None, answer: PracticeAnswer, *, learner_id: int, item_id: str) -> Card:
    """The card of an item once this answer is given to it."""
    memory = fsrs.Card(card_id=0, due=answer.at)
    if before and before.is_of(answer.item_version):
        memory = fsrs.Card(
            card_id=0,
            state=fsrs.State.Review,
            stability=before.stability,
            difficulty=before.difficulty,
            due=before.due,
            last_review=before.last_at,
        )
    memory, _ = SCHEDULER.review_card(memory, _rating(answer.mark), answer.at)
    assert memory.stability is not None  # noqa: S101 -- it is None only before the first review
    assert memory.difficulty is not None  # noqa: S101
    surface = split_version(answer.item_version)[1]
    met = before.surfaces if before else ()
    return Card(
        learner_id=learner_id,
        item_id=item_id,
        item_version=answer.item_version,
        seq=before.seq + 1 if before else 1,
        surfaces=(*(one for one in met if one != surface), surface),
        last_at=answer.at,
        due=memory.due,
        stability=memory.stability,
        difficulty=memory.difficulty,
    )


def end_of_day(now: datetime, zone: str) -> datetime:
    """When today ends where the learner is: what is due before that is due today."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + DAY
    return datetime.combine(tomorrow, time(), ZoneInfo(zone)).astimezone(now.tzinfo)


def _rating(mark: float) -> fsrs.Rating:
    if mark == 1:
        return fsrs.Rating.Good
    return fsrs.Rating.Hard if mark > 0 else fsrs.Rating.Again
