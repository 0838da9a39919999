"""What reached an attempt after it was over: kept as late, never in a score."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.item_types import Answer

MOST_LATE = 50
"""How many late answers an attempt keeps: whoever sends more is not a page that was cut off."""


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """One answer that came too late. `late_by` is how long after the attempt's end it arrived.

    seq: the attempt's newest number that the page knew. key: the request's own; empty without one.
    """

    seq: int
    position: int
    item_version: str
    answer: Answer
    key: str
    arrived_at: datetime
    late_by: timedelta

    @property
    def id(self) -> str:
        """What makes it known when it is sent again."""
        return self.key or f"{self.seq}/{self.position}/{list(self.answer)}"

    def says_the_same(self, other: "LateAnswer") -> bool:
        """Whether both give the same answer to the same place."""
        return (self.position, self.answer) == (other.position, other.answer)
