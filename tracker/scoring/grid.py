"""Distributions on an even grid of abilities: a vector of weights that sum to 1, one for each point.

Even points are far more accurate for long histories than Gauss-Hermite ones: for a posterior of standard
deviation s and a spacing h the error is about 2 exp(-2 pi^2 s^2 / h^2), so h <= s is enough.

Everything takes leading axes: a row is a distribution. What comes in as float32 stays so.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracker.scoring.irt import FloatArray

LIMIT = 6.0
COARSE = np.linspace(-LIMIT, LIMIT, 61)
FINE = np.linspace(-LIMIT, LIMIT, 121)
NARROWEST = 0.1  # logits, half the coarse spacing: the least standard deviation that the points can show
MOST_RESPONSES_ON_COARSE = 200
NEWTON_STEPS = 3
TINY = float(np.finfo(np.float32).tiny)

Weights = NDArray[np.floating[Any]]  # of either precision
SameWeights = TypeVar("SameWeights", NDArray[np.float32], NDArray[np.float64])


def points_for(responses: int) -> FloatArray:
    """The points, in logits, that are close enough together for the evidence of so many responses."""
    return FINE if responses > MOST_RESPONSES_ON_COARSE else COARSE


def log_normal(points: FloatArray, mean: float, sd: float) -> FloatArray:
    """The logarithm of a normal density at the points, up to a constant."""
    return -0.5 * ((points - mean) / sd) ** 2


def kernel(points: FloatArray, sd: float) -> FloatArray:
    """The weights, shape (q, q), of where a normal step from each point (row) leads (column)."""
    return normalised(log_normal(points - points[:, None], 0, sd))


def scaled_exp(logarithms: SameWeights) -> SameWeights:
    """`exp(logarithms)`, each row scaled so that its largest is 1.

    What is so small that arithmetic with it becomes ten times as slow is rounded up to the least that is not.
    """
    largest = logarithms.max(axis=-1, keepdims=True)
    values = np.maximum(logarithms, largest + (np.log(np.finfo(logarithms.dtype).tiny) + 7))
    values -= largest
    return np.asarray(np.exp(values, out=values))


def normalised(log_weights: SameWeights) -> SameWeights:
    """The weights, each row summing to 1, for these logarithms up to a constant."""
    weights = scaled_exp(log_weights)
    weights /= (weights @ np.ones(weights.shape[-1], dtype=weights.dtype))[..., None]
    return weights


def moments(points: FloatArray, weights: Weights) -> tuple[FloatArray, FloatArray]:
    """The mean and the standard deviation of each row."""
    mean, square = ((weights @ powers.astype(weights.dtype)).astype(np.float64) for powers in (points, points**2))
    return mean, np.sqrt(np.maximum(square - mean**2, 0))


def quantiles(points: FloatArray, weights: Weights, chances: Sequence[float]) -> tuple[FloatArray, ...]:
    """For each chance the ability below which each row lies with it.

    At the points, the distribution function is the trapezoid rule's with the first Euler-Maclaurin correction; between
    them it is the cubic that has the density as its slope at both ends.
    """
    if points.size > FINE.size:
        below = _distribution(weights)
    else:  # a product with a matrix takes a fifth of the time
        below = weights @ _distribution_matrix(points.size, weights.dtype)
    quantile = _quantile_of_one if weights.ndim == 1 else _quantile
    return tuple(quantile(points, weights, below, chance) for chance in chances)


def _distribution(weights: Weights) -> Weights:
    """The distribution function at the points, of each row."""
    slopes = np.asarray(np.gradient(weights, axis=-1))
    return np.asarray(np.cumsum(weights, axis=-1) - weights / 2 - slopes / 12)


@lru_cache(maxsize=4)
def _distribution_matrix(points: int, dtype: np.dtype[Any]) -> Weights:
    """The matrix that turns rows of weights into their distribution functions."""
    return _distribution(np.eye(points)).astype(dtype)


def _quantile(points: FloatArray, weights: Weights, below: Weights, chance: float) -> FloatArray:
    """Where a distribution function of this density reaches the chance: Newton's method within its cell."""
    reached = below >= chance
    reached[..., -1] = True
    left = np.maximum(reached.argmax(axis=-1) - 1, 0)
    rows = np.indices(left.shape, sparse=True)
    start, end = below[*rows, left], below[*rows, left + 1]
    rate, end_rate = weights[*rows, left], weights[*rows, left + 1]
    rise = end - start
    square, cube = 3 * rise - 2 * rate - end_rate, rate + end_rate - 2 * rise
    part = (chance - start) / np.maximum(rise, TINY)
    for _ in range(NEWTON_STEPS):
        part = np.minimum(np.maximum(part, 0), 1)
        value = start + part * (rate + part * (square + part * cube))
        slope = rate + part * (2 * square + 3 * part * cube)
        part -= (value - chance) / np.maximum(slope, TINY)
    return np.asarray(points[left] + (points[1] - points[0]) * np.minimum(np.maximum(part, 0), 1))


def _quantile_of_one(points: FloatArray, weights: Weights, below: Weights, chance: float) -> FloatArray:
    """The same of a single row: in plain numbers it takes a fifth of the time."""
    reached = below >= chance
    reached[-1] = True
    left = max(int(reached.argmax()) - 1, 0)
    start, end = below[left : left + 2].tolist()
    rate, end_rate = weights[left : left + 2].tolist()
    rise = end - start
    square, cube = 3 * rise - 2 * rate - end_rate, rate + end_rate - 2 * rise
    part = (chance - start) / max(rise, TINY)
    for _ in range(NEWTON_STEPS):
        part = min(max(part, 0), 1)
        value = start + part * (rate + part * (square + part * cube))
        slope = rate + part * (2 * square + 3 * part * cube)
        part -= (value - chance) / max(slope, TINY)
    return np.asarray(points[left] + (points[1] - points[0]) * min(max(part, 0), 1))
