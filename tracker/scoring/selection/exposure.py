"""Exposure: how often an item is given, and which items have had enough of it.

An item counts one opportunity for each test it could have been given in (`Selector.opportunities`), and one
administration for each test it was given in, answered or not; both when the test ends.
"""

import numpy as np

from tracker.scoring.irt import FloatArray
from tracker.scoring.selection.bank import BoolArray, IntArray

MOST_EXPOSURE = 0.25
ROUNDING = 1e-9  # the mean of equal rates may come out a little below them


def exposure_rates(administrations: IntArray, opportunities: IntArray) -> FloatArray:
    """The share of its opportunities in which each item was given; 0 for one that had none yet."""
    return np.asarray(administrations / np.maximum(opportunities, 1))


def unrestricted_by_topic(topic: IntArray, exposure: FloatArray, allowed: BoolArray) -> BoolArray:
    """`unrestricted` in each of the topics that has an allowed item; topic, shape (n,): codes from 0."""
    open_ones = allowed & (exposure <= MOST_EXPOSURE)
    count = np.maximum(np.bincount(topic, weights=allowed), 1)
    mean = np.bincount(topic, weights=exposure * allowed) / count
    is_left = np.bincount(topic, weights=open_ones) > 0
    return np.asarray(np.where(is_left[topic], open_ones, allowed & (exposure <= mean[topic] + ROUNDING)))


def unrestricted(exposure: FloatArray, allowed: BoolArray) -> BoolArray:
    """Which of the allowed items are not given too often already: at least one, if any is allowed.

    Those at or below `MOST_EXPOSURE`; a topic so small that none is left keeps those at or below its mean.
    """
    open_ones = allowed & (exposure <= MOST_EXPOSURE)
    if np.count_nonzero(open_ones) or not np.count_nonzero(allowed):
        return open_ones
    return np.asarray(allowed & (exposure <= exposure[allowed].mean() + ROUNDING))
