"""Seeding: of every ten items, one or two are new, so that new items collect the answers their calibration needs.

A new item's answer counts towards the score from the first one, but through a flattened curve (`Bank.curves`): the less
is known of the item, the less its answer moves the estimate. So nobody answers in vain, and nothing has to be switched
on when an item is calibrated. Where a topic has only new items or none, as a bank before its first calibration, the
rule gives way.
"""

from typing import Literal

import numpy as np

from tracker.scoring.selection.bank import BoolArray

BLOCK = 10
FEWEST_NEW = 1
MOST_NEW = 2

Wanted = Literal["any", "new", "calibrated"]


def wanted(given_new: BoolArray, rng: np.random.Generator) -> Wanted:
    """What kind of item comes next in a test whose items so far were new, or not, in this order.

    The place of the one that must be new is drawn evenly from the places left in the block.
    Source: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
    """
    place = given_new.size % BLOCK
    new = int(np.count_nonzero(given_new[given_new.size - place :]))
    if new >= MOST_NEW:
        return "calibrated"
    return "new" if rng.random() * (BLOCK - place) < FEWEST_NEW - new else "any"


def preferred(eligible: BoolArray, is_new: BoolArray, kind: Wanted) -> BoolArray:
    """The eligible items of this kind or, if there is none, all that are eligible."""
    if kind == "any":
        return eligible
    of_kind = eligible & (is_new == (kind == "new"))
    return of_kind if of_kind.any() else eligible
