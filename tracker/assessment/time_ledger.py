"""The time of one attempt: how much there was from the beginning, and every credit since, with who gave it and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(seconds=5)
"""How long after the deadline an answer is still taken; shown to nobody."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Extra time given while an attempt was open.

    id: the same credit given again changes nothing. giver_id: None when the service gave it, for an outage.
    """

    id: str
    at: datetime
    length: timedelta
    giver_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class TimeLedger:
    """What an attempt's deadline follows from.

    limit: the assessment's. extra: what the assignment adds to it for everybody. factor: at least 1, the learner's own
    extra time as it was at the start. closes_at: when nothing is taken any more whatever was credited; None without an
    assignment.
    """

    limit: timedelta
    factor: float = 1.0
    credits: tuple[Credit, ...] = ()
    closes_at: datetime | None = None
    extra: timedelta = timedelta()

    @property
    def own(self) -> timedelta:
        """What the learner's own extra time adds to the limit, and to what the assignment adds to that."""
        return (self.limit + self.extra) * (self.factor - 1)

    @property
    def length(self) -> timedelta:
        """All the time there is, unless the assignment closes before."""
        return self.limit + self.extra + self.own + sum((credit.length for credit in self.credits), timedelta())

    def deadline(self, started_at: datetime) -> datetime:
        """When the time of an attempt that began then is over."""
        ends_at = started_at + self.length
        return min(ends_at, self.closes_at) if self.closes_at else ends_at
