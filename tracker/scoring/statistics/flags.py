"""What a person should look at: a rule that was broken, with the figures that say so."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that one item or person broke: its value, 95 % interval and n, and the limit the interval lies beyond.

    `code` is the item's or the person's; a rule on one of an item's parts (an option) also names its `part`.
    """

    rule: str
    code: int
    value: float
    low: float
    high: float
    n: int
    limit: float
    part: int | None = None


def below(rule: str, estimate: Estimate, limit: float | FloatArray, *, least: int) -> tuple[Flag, ...]:
    """A flag for each thing that is surely below the limit: at least `least` responses, all of its interval below."""
    return flag_where(rule, estimate, (estimate.high < limit) & (estimate.n >= least), limit)


def above(rule: str, estimate: Estimate, limit: float | FloatArray, *, least: int) -> tuple[Flag, ...]:
    """A flag for each thing that is surely above the limit: at least `least` responses, all of its interval above."""
    return flag_where(rule, estimate, (estimate.low > limit) & (estimate.n >= least), limit)


def flag_where(rule: str, estimate: Estimate, broken: ArrayLike, limit: ArrayLike) -> tuple[Flag, ...]:
    """A flag for each thing, or part of one, that broke the rule."""
    limits = np.broadcast_to(np.asarray(limit, dtype=np.float64), estimate.value.shape)
    return tuple(
        Flag(
            rule=rule,
            code=at[0],
            value=float(estimate.value[at]),
            low=float(estimate.low[at]),
            high=float(estimate.high[at]),
            n=int(estimate.n[at]),
            limit=float(limits[at]),
            part=at[1] if len(at) > 1 else None,
        )
        for at in map(tuple, np.argwhere(broken).tolist())
    )
