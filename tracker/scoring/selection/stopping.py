"""When a test ends, and by which rule.

| rule | when |
|---|---|
| time | the time is up |
| length | all items of the quotas were given |
| exhausted | no item that may be given is left |
| precision | every reported ability's standard error is small enough |
| classification | every reported ability is, nineteen times in twenty, on one side of every cut |
| gain | no item left is expected to lower its topic's standard error by as much as is worth an item |

The first that holds is the one recorded; the last three wait until every area has had its fewest items. An item tells
at least as much about its own topic as about the area, so `gain` never ends a test too early for an area.
Sources: Choi, Grady & Dodd (2011), Educational and Psychological Measurement 71, 37-53 (gain, their predicted standard
error reduction); Thompson (2009), Educational and Psychological Measurement 69, 778-793 (classification).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.scoring import ability, grid
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection.content import Quotas


@dataclass(frozen=True, slots=True)
class StopRules:
    """How a test may end before its full length; None, or no cut, leaves a rule out.

    standard_error and gain in logits; a standard error of .45 is a reliability of .80. cuts in logits.
    """

    time: timedelta | None = None
    standard_error: float | None = 0.45
    cuts: tuple[float, ...] = ()
    gain: float | None = 0.01
    fewest_in_area: int = 2


def is_early(rules: StopRules, quotas: Quotas, area_counts: NDArray[np.number[Any]]) -> bool:
    """Whether an area has not had its fewest items yet."""
    return bool((area_counts[quotas.of_area > 0] < rules.fewest_in_area).any())


def is_precise(rules: StopRules, points: FloatArray, reported: Weights) -> bool:
    """Whether all of these abilities, weights on the grid of shape (m, q), are known well enough."""
    if rules.standard_error is None:
        return False
    _, errors = grid.moments(points, reported)
    return bool((errors <= rules.standard_error).all())


def is_classified(rules: StopRules, points: FloatArray, reported: Weights) -> bool:
    """Whether it is clear of all of these abilities on which side of each cut they are."""
    if not rules.cuts:
        return False
    low, high = ability.TAILS
    known = [ability.on_grid(points, weights) for weights in reported]
    return all(not low <= one.chance_of(cut) <= high for one in known for cut in rules.cuts)
