"""An item under review: served, to gather answers, but unscored until somebody decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["under review", "kept"]
UNDER_REVIEW: State = "under review"
KEPT: State = "kept"


@dataclass(frozen=True, slots=True)
class Decision:
    """One step of a review: what state it led to, who took it, when and why. Nobody (None) when alarms did."""

    state: State
    by: str | None
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class ItemReview:
    """What was decided of one version of an item's file, oldest first. rules: the alarms that were ever weighed."""

    version: str
    item_id: str
    state: State
    rules: tuple[str, ...]
    decisions: tuple[Decision, ...]

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody, its answers unscored."""
        return self.state == UNDER_REVIEW
