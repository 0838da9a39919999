"""The bank as selection sees it: arrays, one entry an item, checked once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.scoring.author_prior import flattened
from tracker.scoring.grid import LIMIT
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection.information import STEEPEST, Curves, curves

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

CALIBRATED_BELOW = 0.35  # logits, the standard error of b
NO_FAMILY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Everything selection knows of n items in t topics.

    Args: topic, shape (n,): codes 0 to t - 1. area_of_topic, shape (t,): codes from 0. a, b, c, shape (n,): as
        calibrated or, before any data, as the author's level says, not flattened. b_error, shape (n,), logits: the
        standard error of b. family, shape (n,): items of one code never meet in one test; `NO_FAMILY` for none.
    Raises: ValueError if shapes differ, a code is unknown or a parameter is out of bounds.
    """

    topic: IntArray
    area_of_topic: IntArray
    a: FloatArray
    b: FloatArray
    c: FloatArray
    b_error: FloatArray
    family: IntArray

    def __post_init__(self) -> None:
        each = (self.topic, self.a, self.b, self.c, self.b_error, self.family)
        if self.topic.ndim != 1 or any(values.shape != self.topic.shape for values in each):
            raise ValueError("topic, a, b, c, b_error and family must be of one shape, (n,)")
        if not ((self.topic >= 0) & (self.topic < self.area_of_topic.size)).all():
            raise ValueError("an item's topic is not one of those that have an area")
        if (self.area_of_topic < 0).any():
            raise ValueError("an area's code is below 0")
        if (self.family < NO_FAMILY).any():
            raise ValueError(f"a family's code is below {NO_FAMILY}")
        if not (self.a > 0).all():
            raise ValueError("a discrimination is not above 0")
        if not ((self.c >= 0) & (self.c < 1)).all():
            raise ValueError("a guessing chance is outside [0, 1)")
        if not (np.isfinite(self.b_error) & (self.b_error >= 0)).all():
            raise ValueError("a standard error is not a number of at least 0")
        if not (self.a * (np.abs(self.b) + LIMIT) < STEEPEST).all():
            raise ValueError(f"an item is too extreme: a (|b| + {LIMIT:g}) must stay below {STEEPEST:g}")

    @property
    def size(self) -> int:
        """How many items there are."""
        return self.topic.size

    @property
    def is_new(self) -> BoolArray:
        """Which items are not calibrated yet: their difficulty is still mostly the author's word."""
        return self.b_error >= CALIBRATED_BELOW

    @property
    def curves(self) -> Curves:
        """The items' curves with the uncertainty of b integrated out: what is not known of an item makes it flatter."""
        return curves(flattened(self.a, self.b_error**2), self.b, self.c)
