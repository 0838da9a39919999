"""The items' curves at the grid's points, and how they change with the items' parameters.

Within calibration an item is eta = a theta + d, so that d = -a b: the log-likelihood is nearly quadratic in these.
"""

from dataclasses import dataclass

import numpy as np

from tracker.scoring.irt import FloatArray

ITEMS = 512  # at once: what is computed for them then stays in the processor's cache
MOST_ETA = 300.0  # either way: e^eta squared is still a number


@dataclass(frozen=True, slots=True)
class Curves:
    """Of each item at each point, shape (items, q).

    rising: P without guessing. slope_right, slope_wrong: the derivatives of log P and log Q with respect to eta.
    """

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
    small = np.exp(-_eta(points, a, d))
    rising = 1 / (1 + small)
    falling = small * rising
    odds = (c / (1 - c))[:, None]
    return Curves(rising=rising, slope_right=rising * falling / (odds + rising), slope_wrong=-rising)


def log_curves(points: FloatArray, a: FloatArray, d: FloatArray, c: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The logarithms of P and of Q of items with these parameters."""
    eta = _eta(points, a, d)
    log_denominator = np.log(1 + np.exp(-eta))
    log_wrong = np.log1p(-c)[:, None] - eta - log_denominator
    if not c.any():
        return -log_denominator, log_wrong
    guessing = c[:, None]
    return np.log(guessing + (1 - guessing) * np.exp(-log_denominator)), log_wrong


def _eta(points: FloatArray, a: FloatArray, d: FloatArray) -> FloatArray:
    return np.clip(a[:, None] * points + d[:, None], -MOST_ETA, MOST_ETA)
