"""What became of an item's proof."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProofState(StrEnum):
    """Cited: there is nothing to run."""

    PROVED = "proved"
    FAILED = "failed"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class ProofResult:
    """One version's proof, run at `at` in `seconds`.

    `doubts` says, a sentence each, what was not proved. `used` names the real things with their versions, as in
    "Django 5.2.19"; `toolchain` stands for everything that was installed at that time.
    """

    item_id: str
    version: str
    kind: str
    state: ProofState
    doubts: tuple[str, ...]
    used: tuple[str, ...]
    toolchain: str
    seconds: float
    at: datetime

    @property
    def proved_on(self) -> tuple[str, ...]:
        """The real things that showed the key to be right; none when they did not, or were not asked."""
        return self.used if self.state == ProofState.PROVED else ()
