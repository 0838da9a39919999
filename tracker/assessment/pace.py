"""How fast one attempt takes changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

BURST = 20
"""So many may come at once: whoever was offline sends all they kept."""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most BURST changes within the time that as many take at `a_second`."""

    a_second: int

    @property
    def window(self) -> timedelta:
        """The time within which no more than BURST changes may come."""
        return timedelta(seconds=BURST / self.a_second)

    def wait(self, moments: Sequence[datetime], *, now: datetime) -> timedelta:
        """How long it takes until one more change may come after those at these moments; zero when it may now."""
        if len(moments) < BURST:
            return timedelta()
        ahead = moments[-BURST] + self.window - now
        return ahead if timedelta() < ahead <= self.window else timedelta()
