"""A finished attempt as scoring sees it: who answered what, and what it was worth."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.assessment.assignment import AssignedTerms
from tracker.assessment.item_types import Answer
from tracker.assessment.score import Report


@dataclass(frozen=True, slots=True)
class Response:
    """One answered item. `mark` runs from 0 to 1, `difficulty` is the author's level, `guessing` a chance.

    unscored: why it tells nothing about its learner; None when it does. flagged: the item was under review.
    """

    item_id: str
    item_version: str
    topic_id: str
    answer: Answer
    mark: float
    seconds: float
    difficulty: int
    guessing: float
    unscored: Literal["flagged"] | None = None

    @property
    def area_slug(self) -> str:
        return self.topic_id.partition("/")[0]

    @property
    def is_right(self) -> bool:
        """Whether it counts as right for the ability: only a full mark does, partial credit does not."""
        return self.mark == 1


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """One attempt that is over, with every response it took. `finished_at` is aware UTC.

    report: what its learner was told; None for one that ended before reports were kept. assignment: None when nobody
    assigned it.
    """

    attempt_id: str
    finished_at: datetime
    responses: tuple[Response, ...]
    report: Report | None = None
    assignment: AssignedTerms | None = None

    @property
    def scored(self) -> tuple[Response, ...]:
        """The responses that tell something about the learner."""
        return tuple(response for response in self.responses if response.unscored is None)

    def is_released(self, now: datetime) -> bool:
        """Whether its learner may see what was right."""
        return self.assignment is None or self.assignment.is_released(now)
