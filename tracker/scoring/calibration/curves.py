"""The items' curves at the grid's points, and how they change with the items' parameters.

Within calibration an item is eta = a theta + d, so that d = -a b: the log-likelihood is nearly quadratic in these.
"""

from dataclasses import dataclass

import numpy as np

from tracker.scoring.irt import FloatArray

_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, slots=True)
class Curves:
    """Of each item at each point, shape (items, q).

    rising: P without guessing. slope_right, slope_wrong: the derivatives of log P and log Q with respect to eta.
    log_table: log P of all items, then log Q of all items, shape (2 items, q).
    """

    log_table: FloatArray
    rising: FloatArray
    slope_right: FloatArray
    slope_wrong: FloatArray

    @property
    def information(self) -> FloatArray:
        """The Fisher information of a response about eta: `rising^2 Q / P`."""
        return self.slope_right * self.rising

    @property
    def curvatures(self) -> tuple[FloatArray, FloatArray]:
        """The second derivatives of log P and log Q with respect to eta."""
        wrong = self.rising * (self.rising - 1)
        known = self.slope_right + self.rising  # e^eta / (c + e^eta)
        return known * (1 - known) + wrong, wrong


def curves(points: FloatArray, a: FloatArray, d: FloatArray, c: FloatArray) -> Curves:
    """The curves of items with these parameters, each of shape (items,)."""
    eta = a[:, None] * points + d[:, None]
    small = np.exp(-np.abs(eta))
    rising = np.where(eta >= 0, 1, small) / (1 + small)
    falling = np.where(eta >= 0, small, 1) / (1 + small)
    guessing = c[:, None]
    right = np.maximum(guessing + (1 - guessing) * rising, _TINY)
    wrong = (1 - guessing) * np.maximum(falling, _TINY)
    return Curves(
        log_table=np.log(np.concatenate((right, wrong))),
        rising=rising,
        slope_right=rising * wrong / right,
        slope_wrong=-rising,
    )
