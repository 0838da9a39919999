"""A practice set: so many answers to items of some topics, in a window."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Given:
    """That an item of this topic was answered in practice."""

    topic_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PracticeSet:
    """What is to be practised: `wanted` answers from `opens_at` until before `closes_at`."""

    topic_ids: frozenset[str]
    wanted: int
    opens_at: datetime
    closes_at: datetime

    def times(self, given: Iterable[Given]) -> list[datetime]:
        """When those of these answers that count were given, in order."""
        return sorted(
            one.at for one in given if one.topic_id in self.topic_ids and self.opens_at <= one.at < self.closes_at
        )

    def done_at(self, times: Sequence[datetime]) -> datetime | None:
        """When the last answer wanted was given, of the times of those that count; None while some are missing."""
        return times[self.wanted - 1] if len(times) >= self.wanted else None
