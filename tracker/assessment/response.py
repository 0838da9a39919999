"""A finished attempt as scoring sees it: who answered what, and what it was worth."""

from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.item_types import Answer


@dataclass(frozen=True, slots=True)
class Response:
    """One answered item. `mark` runs from 0 to 1, `difficulty` is the author's level, `guessing` a chance."""

    item_id: str
    item_version: str
    topic_id: str
    answer: Answer
    mark: float
    seconds: float
    difficulty: int
    guessing: float

    @property
    def area_slug(self) -> str:
        return self.topic_id.partition("/")[0]

    @property
    def is_right(self) -> bool:
        """Whether it counts as right for the ability: only a full mark does, partial credit does not."""
        return self.mark == 1


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """One attempt that is over, with every response it took. `finished_at` is aware UTC."""

    attempt_id: str
    finished_at: datetime
    responses: tuple[Response, ...]
