"""How far what is seen of somebody is from what is wanted of them, and whether the evidence settles it."""

from dataclasses import dataclass
from typing import Literal

from tracker.assessment.target import LEVEL_NAMES
from tracker.scoring.sight import SeenScore


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a level stands to the wanted one. is_sure: the interval leaves nothing open about reaching it."""

    direction: Literal["below", "at", "above"]
    wanted: str
    is_sure: bool


def target_gap(score: SeenScore, wanted: str | None) -> Gap | None:
    """The gap between what is seen and a wanted level; None without a target or without enough evidence."""
    if wanted is None or score.level is None:
        return None
    level, lowest, highest, goal = (
        LEVEL_NAMES.index(name) for name in (score.level, score.lowest, score.highest, wanted)
    )
    if level < goal:
        return Gap("below", wanted, is_sure=highest < goal)
    return Gap("at" if level == goal else "above", wanted, is_sure=lowest >= goal)
