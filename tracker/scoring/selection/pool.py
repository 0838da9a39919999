"""The items of one topic, kept so that the next one is found fast.

They stand in the order of falling SE(b), then of the bank: where two items tell equally much, the first, of which less
is known, is given.
"""

from dataclasses import dataclass

import numpy as np

from tracker.scoring import grid
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection import information
from tracker.scoring.selection.bank import Bank, BoolArray, IntArray
from tracker.scoring.selection.information import Curves
from tracker.scoring.selection.shortlists import SIZE, Shortlists, shortlists

SEARCHED_WHOLE = 4 * SIZE


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """n items of one topic: their places in the bank, shape (n,), and what they tell.

    is_mixed: some are new, some calibrated. table, shape (q, n): the information at each point of the coarse grid.
    shortlists: None where the pool is so small that it is searched whole.
    """

    items: IntArray
    curves: Curves
    is_new: BoolArray
    is_mixed: bool
    table: FloatArray
    shortlists: Shortlists | None


def pool(bank: Bank, topic: int) -> Pool:
    """The pool of a topic, which may be empty."""
    members = np.flatnonzero(bank.topic == topic)
    items = members[np.argsort(-bank.b_error[members], kind="stable")]
    curves = Curves(*(values[items] for values in bank.curves))
    return Pool(
        items=items,
        curves=curves,
        is_new=bank.is_new[items],
        is_mixed=np.unique(bank.is_new[items]).size == 2,
        table=information.at(grid.COARSE[:, None], curves),
        shortlists=shortlists(curves) if items.size > SEARCHED_WHOLE else None,
    )
