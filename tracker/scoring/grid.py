"""Distributions on an even grid of abilities: a vector of weights that sum to 1, one for each point.

Even points are far more accurate for long histories than Gauss-Hermite ones: for a posterior of standard
deviation s and a spacing h the error is about 2 exp(-2 pi^2 s^2 / h^2), so h <= s is enough.
"""

from collections.abc import Sequence

import numpy as np

from tracker.scoring.irt import FloatArray

LIMIT = 6.0
COARSE = np.linspace(-LIMIT, LIMIT, 61)
FINE = np.linspace(-LIMIT, LIMIT, 121)
MOST_RESPONSES_ON_COARSE = 200

# Ten places between two points, and there the four Hermite cubics: of the left value and slope, the right ones.
_STEPS = np.arange(10) / 10
_CUBICS = np.stack(
    (
        (1 + 2 * _STEPS) * (1 - _STEPS) ** 2,
        _STEPS * (1 - _STEPS) ** 2,
        _STEPS**2 * (3 - 2 * _STEPS),
        _STEPS**2 * (_STEPS - 1),
    )
)


def points_for(responses: int) -> FloatArray:
    """The points, in logits, that are close enough together for the evidence of so many responses."""
    return FINE if responses > MOST_RESPONSES_ON_COARSE else COARSE


def log_normal(points: FloatArray, mean: float, sd: float) -> FloatArray:
    """The logarithm of a normal density at the points, up to a constant."""
    return -0.5 * ((points - mean) / sd) ** 2


def normalised(log_weights: FloatArray) -> FloatArray:
    """The weights, summing to 1 along the last axis, for these logarithms up to a constant."""
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def moments(points: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """The mean and the standard deviation."""
    mean = float(weights @ points)
    return mean, float(np.sqrt(weights @ (points - mean) ** 2))


def quantiles(points: FloatArray, weights: FloatArray, chances: Sequence[float]) -> FloatArray:
    """The abilities below which the distribution lies with these chances.

    At the points, the distribution function is the trapezoid rule's with the first Euler-Maclaurin correction; between
    them it is the cubic that has the density as its slope at both ends.
    """
    below = np.cumsum(weights) - weights / 2 - np.gradient(weights) / 12
    ends = np.stack((below[:-1], weights[:-1], below[1:], weights[1:]), axis=1)
    between = points[:-1, None] + (points[1] - points[0]) * _STEPS
    rising = np.maximum.accumulate((ends @ _CUBICS).ravel())
    return np.asarray(np.interp(chances, rising, between.ravel()))
