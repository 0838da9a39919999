"""Shortlists: for every stretch of ability, the few items of a large pool among which the best one must be.

Between two neighbouring points of the grid each item's information has a largest value, known in closed form. A stretch
lists the items with the largest of these, and remembers the next one as its `bound`: nothing outside the list tells
more than that anywhere in the stretch. So whatever reaches the bound on the list is the best of the whole pool, and
that can be seen at once; where nothing does, the whole pool is searched.
"""

from dataclasses import dataclass

import numpy as np

from tracker.scoring import grid
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection.bank import BoolArray, IntArray
from tracker.scoring.selection.information import Curves, most_within, peaks

SIZE = 256
STRETCHES = grid.COARSE.size - 1
STRETCHES_A_LOGIT = STRETCHES / (2 * grid.LIMIT)


def stretch(theta: float) -> int:
    """Which stretch an ability on the grid lies in."""
    return min(int((theta + grid.LIMIT) * STRETCHES_A_LOGIT), STRETCHES - 1)


def stretches(theta: FloatArray) -> IntArray:
    """Which stretches these abilities on the grid lie in."""
    places = (theta + grid.LIMIT) * STRETCHES_A_LOGIT
    return np.minimum(places.astype(np.intp), STRETCHES - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Shortlists:
    """The lists of s stretches of the grid over a pool of n items.

    items, shape (s, size): places in the pool, rising; curves, of the same shape: theirs. bound, shape (s,).
    is_listed, shape (s, n).
    """

    items: IntArray
    curves: Curves
    bound: FloatArray
    is_listed: BoolArray


def shortlists(items: Curves, size: int = SIZE) -> Shortlists:
    """The shortlists of a pool of more than `size` items."""
    count = items.a.size
    listed = np.empty((STRETCHES, size), dtype=np.intp)
    bound = np.empty(STRETCHES)
    peak = peaks(items)
    for at, (low, high) in enumerate(zip(grid.COARSE[:-1], grid.COARSE[1:], strict=True)):
        most = most_within(low, high, items, peak)
        best = np.argpartition(most, count - size - 1)[count - size - 1 :]
        bound[at] = most[best[0]]
        listed[at] = np.sort(best[1:])
    is_listed = np.zeros((STRETCHES, count), dtype=np.bool_)
    np.put_along_axis(is_listed, listed, True, axis=1)
    return Shortlists(
        items=listed,
        curves=Curves(*(values[listed] for values in items)),
        bound=bound,
        is_listed=is_listed,
    )
