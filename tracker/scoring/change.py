"""What may be said of a change between two attempts."""

from dataclasses import dataclass
from typing import Literal

from tracker.scoring.levels import percent

CERTAIN = 0.95

Claim = Literal["risen", "fallen", "not sure"]


@dataclass(frozen=True, slots=True)
class Change:
    """A change that is an improvement with this chance, from the joint posterior of both moments."""

    improved: float

    @property
    def claim(self) -> Claim:
        """What may be claimed: a change only from 95 % on, either way."""
        if self.improved >= CERTAIN:
            return "risen"
        return "fallen" if self.improved <= 1 - CERTAIN else "not sure"

    @property
    def direction(self) -> Literal["higher", "lower"]:
        """Where it more probably went."""
        return "higher" if self.improved >= 1 / 2 else "lower"

    @property
    def percent(self) -> int:
        """How probable that direction is, in percent."""
        return percent(max(self.improved, 1 - self.improved))
