"""What an item is expected to tell.

`at` is `irt.information` written for speed: with e = exp(-a (theta - b)), d = 1 + e and g = c / (1 - c) it is
`a^2 e / (d^2 (1 + g d))`. The two agree to rounding.
"""

from typing import NamedTuple

import numpy as np

from tracker.scoring import irt
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray

STEEPEST = 200.0  # beyond it d^3 would overflow


class Curves(NamedTuple):
    """Items as `at` needs them, all of one shape: a, a b, a^2 and c / (1 - c)."""

    a: FloatArray
    ab: FloatArray
    a_squared: FloatArray
    odds: FloatArray


class Prediction(NamedTuple):
    """Of m items, each of shape (m,): the chance of a right answer, and theta's variance after either answer."""

    right: FloatArray
    variance_if_right: FloatArray
    variance_if_wrong: FloatArray

    @property
    def variance(self) -> FloatArray:
        """The expected posterior variance, each answer weighted by its posterior predictive chance.

        Source: van der Linden (1998), Psychometrika 63, 201-216.
        """
        return self.right * self.variance_if_right + (1 - self.right) * self.variance_if_wrong


def curves(a: FloatArray, b: FloatArray, c: FloatArray) -> Curves:
    """The items with these parameters."""
    return Curves(a=a, ab=a * b, a_squared=a * a, odds=c / (1 - c))


def at(theta: FloatArray | float, items: Curves) -> FloatArray:
    """The Fisher information at theta, per squared logit; both broadcast against each other."""
    e = np.exp(items.ab - items.a * theta)
    d = e + 1.0
    e *= items.a_squared
    e /= d * d * (items.odds * d + 1.0)
    return np.asarray(e)


def peaks(items: Curves) -> FloatArray:
    """The abilities at which the items tell most, in logits: `b + ln((1 + sqrt(1 + 8 c)) / 2) / a`.

    Information falls on either side of it. Source: Birnbaum (1968), in Lord & Novick, ch. 20.4.
    """
    c = items.odds / (1 + items.odds)
    return np.asarray((items.ab + np.log((1 + np.sqrt(1 + 8 * c)) / 2)) / items.a)


def most_within(low: FloatArray, high: FloatArray, items: Curves, peak: FloatArray) -> FloatArray:
    """The most information anywhere from `low` to `high`, given the `peaks`; all broadcast against each other."""
    return at(np.clip(peak, low, high), items)


def predict(points: FloatArray, weights: Weights, a: FloatArray, b: FloatArray, c: FloatArray) -> Prediction:
    """What one more answer would leave of the uncertainty about theta.

    Args: points, shape (q,), logits; weights, shape (q,) or (m, q), each row summing to 1; a, b, c, shape (m,).
    """
    p = irt.probability(points, a[:, None], b[:, None], c[:, None])
    right = (weights * p).sum(axis=1)
    return Prediction(
        right=right,
        variance_if_right=_variances(points, weights * p / right[:, None]),
        variance_if_wrong=_variances(points, weights * (1 - p) / (1 - right)[:, None]),
    )


def _variances(points: FloatArray, weights: Weights) -> FloatArray:
    means = weights @ points
    return np.asarray((weights * (points - means[:, None]) ** 2).sum(axis=1))
