"""Ability: what is known about theta, and its estimate from one set of answers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from tracker.scoring import grid, irt
from tracker.scoring.irt import FloatArray

TAILS = (0.05, 0.95)
Z = NormalDist().inv_cdf(TAILS[1])


@dataclass(frozen=True, slots=True)
class Ability:
    """A distribution of theta, in logits: mean, standard deviation, and the quantiles at 5 and 95 %.

    Everything else is read off the quadratic in a standard normal variable that has this mean and these quantiles
    (Cornish & Fisher 1937, Review of the International Statistical Institute 5, 307-320, to the first order). Against
    the grid's own answer the error is below .005 of probability.
    """

    theta: float
    standard_error: float
    low: float
    high: float

    @property
    def variance(self) -> float:
        """The squared standard error."""
        return self.standard_error**2

    @property
    def half(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2

    @property
    def skew(self) -> float:
        """How far the interval's middle lies above the mean."""
        return (self.high + self.low) / 2 - self.theta

    def chance_of(self, cut: float) -> float:
        """The probability that theta is at least `cut` (logits)."""
        slope, curve = self.half / Z, self.skew / (Z**2 - 1)
        distance = cut - (self.theta - curve)
        # the root of `curve z^2 + slope z = distance` that stays finite as the curve vanishes
        discriminant = max(0.0, slope**2 + 4 * curve * distance)
        return NormalDist().cdf(-2 * distance / (slope + math.sqrt(discriminant)))

    def line(self, *, intercept: float, slope: float, variance: float) -> "Ability":
        """What is known about `intercept + slope * theta`, with independent normal noise of this variance added."""
        moved = Ability(
            theta=intercept + slope * self.theta,
            standard_error=abs(slope) * self.standard_error,
            low=intercept + slope * (self.low if slope > 0 else self.high),
            high=intercept + slope * (self.high if slope > 0 else self.low),
        )
        return _total((moved, normal(0, math.sqrt(variance))))

    def widened(self, variance: float) -> "Ability":
        """What is still known once theta may have moved either way with this variance."""
        return self.line(intercept=0, slope=1, variance=variance)


def normal(mean: float, sd: float) -> Ability:
    """A normally distributed ability."""
    return Ability(theta=mean, standard_error=sd, low=mean - Z * sd, high=mean + Z * sd)


def on_grid(points: FloatArray, weights: FloatArray) -> Ability:
    """The ability that these weights on the grid's points describe, read off the grid."""
    mean, sd = grid.moments(points, weights)
    low, high = grid.quantiles(points, weights, TAILS)
    return Ability(theta=mean, standard_error=sd, low=float(low), high=float(high))


def mean_of(abilities: Sequence[Ability]) -> Ability:
    """The mean of at least one independent ability."""
    return _total(abilities).line(intercept=0, slope=1 / len(abilities), variance=0)


def eap(marks: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike, *, mean: float = 0, sd: float = 1) -> Ability:
    """Estimate ability from answers: the posterior mean (EAP) under a normal prior, with its 5 and 95 % quantiles.

    Args: marks, a, b, c, all of shape (n,), n may be 0. marks: 0 to 1; only 1 counts as right, partial credit
        does not. a above 0, per logit; b in logits; c in [0, 1). mean, sd: the prior, in logits.
    Returns: theta and its standard error (the posterior's mean and standard deviation), low and high. With no
        marks, the prior.
    Raises: ValueError if shapes differ or a value is out of bounds.
    Source: Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444.
    """
    marks, a, b, c = (np.asarray(values, dtype=np.float64) for values in (marks, a, b, c))
    _check(marks, a, b, c)
    points = grid.points_for(marks.size)
    log_posterior = grid.log_normal(points, mean, sd) + irt.log_likelihood(points, marks, a, b, c)
    return on_grid(points, grid.normalised(log_posterior))


def _check(marks: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray) -> None:
    if not (marks.ndim == 1 and marks.shape == a.shape == b.shape == c.shape):
        raise ValueError("marks, a, b and c must be of one shape, (n,)")
    if not ((marks >= 0) & (marks <= 1)).all():
        raise ValueError("a mark is outside 0 to 1")
    if not (a > 0).all():
        raise ValueError("a discrimination is not above 0")
    if not ((c >= 0) & (c < 1)).all():
        raise ValueError("a guessing chance is outside [0, 1)")


def _total(parts: Sequence[Ability]) -> Ability:
    """The sum of independent abilities: means, variances and third cumulants (6 half^2 skew, in effect) add."""
    theta = sum(part.theta for part in parts)
    half = math.sqrt(sum(part.half**2 for part in parts))
    skew = sum(part.half**2 * part.skew for part in parts) / half**2
    return Ability(
        theta=theta,
        standard_error=math.sqrt(sum(part.variance for part in parts)),
        low=theta + skew - half,
        high=theta + skew + half,
    )
