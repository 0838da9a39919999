"""Classical statistics of a fixed form that everybody answered completely."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded where they are used first: no start of the app waits for them
from numpy.typing import ArrayLike

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import TAIL, Estimate, correlation, difference, proportion
from tracker.scoring.statistics.flags import Flag, above, below
from tracker.scoring.statistics.long_format import checked_codes, checked_right

LEAST_RESPONSES = 50
FACILITY = (0.2, 0.95)
LEAST_ITEM_REST = 0.10
TAIL_GROUP = 0.27


@dataclass(frozen=True, slots=True, eq=False)
class Classical:
    """Of each item, shape (items,), and of the whole form, shape ().

    facility: the share of right answers. item_rest, item_total: the correlation of its mark with the number right on
    the other items, and on all. upper_lower: its facility among the 27 % with the highest total less that among the 27
    % with the lowest. alpha: the form's reliability; alpha_if_deleted: that of the form without the item.
    """

    facility: Estimate
    item_rest: Estimate
    item_total: Estimate
    upper_lower: Estimate
    alpha_if_deleted: Estimate
    alpha: Estimate

    def flags(self) -> tuple[Flag, ...]:
        """Items that nearly nobody or nearly everybody has right, or that do not go with the rest."""
        least, most = FACILITY
        return (
            *below("facility low", self.facility, least, least=LEAST_RESPONSES),
            *above("facility high", self.facility, most, least=LEAST_RESPONSES),
            *below("item-rest low", self.item_rest, LEAST_ITEM_REST, least=LEAST_RESPONSES),
        )


def classical(person: ArrayLike, item: ArrayLike, marks: ArrayLike) -> Classical:
    """The classical statistics of a complete fixed form.

    Args: person, item, marks, shape (people * items,), in any order.
    Raises: ValueError if shapes differ, a mark is not 0 to 1, or not every person answered every item once.
    Sources: Kelley (1939), Journal of Educational Psychology 30, 17-24, for the 27 %; Cronbach (1951), Psychometrika
        16, 297-334, for alpha. Those who tie at the border of a 27 % belong to it in part, in equal shares.
    """
    right = _matrix(person, item, marks)
    people, items = right.shape
    total = right.sum(axis=1)
    rest = total[:, None] - right
    return Classical(
        facility=proportion(right.sum(axis=0), np.full(items, people)),
        item_rest=correlation(_correlations(right, rest), np.full(items, people)),
        item_total=correlation(_correlations(right, total[:, None]), np.full(items, people)),
        upper_lower=_upper_lower(right, total),
        alpha_if_deleted=_alpha(right.var(axis=0).sum() - right.var(axis=0), rest.var(axis=0), people, items - 1),
        alpha=_alpha(right.var(axis=0).sum(), total.var(), people, items),
    )


def _matrix(person: ArrayLike, item: ArrayLike, marks: ArrayLike) -> FloatArray:
    rows, columns = checked_codes(person, name="person"), checked_codes(item, name="item")
    if rows.shape != columns.shape:
        raise ValueError("person, item and marks must be of one shape, (n,)")
    right = checked_right(marks, size=rows.size)
    shape = (int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1)
    cells = rows * shape[1] + columns
    if not rows.size or cells.size != shape[0] * shape[1] or np.unique(cells).size != cells.size:
        raise ValueError("not every person answered every item once")
    matrix = np.empty(cells.size)
    matrix[cells] = right
    return matrix.reshape(shape)


def _correlations(right: FloatArray, other: FloatArray) -> FloatArray:
    """Of each column with the other's, or with its only one; NaN where either does not vary."""
    x, y = right - right.mean(axis=0), other - other.mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((x * y).sum(axis=0) / np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0)))


def _upper_lower(right: FloatArray, total: FloatArray) -> Estimate:
    size = TAIL_GROUP * len(right)
    upper, lower = (
        proportion(_share_of_top(score, size) @ right, np.full(right.shape[1], size)) for score in (total, -total)
    )
    return difference(upper, lower)


def _share_of_top(score: FloatArray, size: float) -> FloatArray:
    """How much of each person belongs to the `size` with the highest score: 1, 0, or a part for those who tie."""
    _, at, tied = np.unique(-score, return_inverse=True, return_counts=True)
    better = np.cumsum(tied) - tied
    return np.asarray(np.clip((size - better) / tied, 0, 1)[at])


def _alpha(item_variances: ArrayLike, total_variance: ArrayLike, people: int, items: int) -> Estimate:
    """Source of the interval: Feldt, Woodruff & Salih (1987), Applied Psychological Measurement 11, 93-103."""
    total_variance = np.asarray(total_variance)
    n = np.full(total_variance.shape, people)
    if items < 2 or people < 2:
        unknown = np.full(total_variance.shape, np.nan)
        return Estimate(unknown, unknown, unknown, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = items / (items - 1) * (1 - np.asarray(item_variances) / total_variance)
    low, high = (
        1 - (1 - value) * scipy.special.fdtri(people - 1, (people - 1) * (items - 1), at) for at in (1 - TAIL, TAIL)
    )
    return Estimate(value, low, high, n)
