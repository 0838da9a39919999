"""Ability: what is known about theta, and its estimate from one set of answers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring import evidence, grid, irt
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray

TAILS = (0.05, 0.95)
Z = NormalDist().inv_cdf(TAILS[1])
BISECTIONS = 45  # leave the bracket's width below 1e-12


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


class Abilities(NamedTuple):
    """Of many people, each of shape (people,), in logits: as in `Ability`."""

    theta: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray


class Likeliest(NamedTuple):
    """Of many people, each of shape (people,), in logits."""

    theta: FloatArray
    standard_error: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """An ability while answers come in one by one: points and the logarithms of their weights, both of shape (q,)."""

    points: FloatArray
    log_weights: FloatArray

    def after(self, log_likelihood: FloatArray) -> "Running":
        """With one more answer: a line of `evidence.log_table` at these points, shape (q,)."""
        return Running(self.points, self.log_weights + log_likelihood)

    @property
    def ability(self) -> Ability:
        """What is known by now."""
        return on_grid(self.points, grid.normalised(self.log_weights))


def running(*, mean: float = 0, sd: float = 1, responses: int = 0) -> Running:
    """The prior, on a grid that is close enough for so many answers."""
    points = grid.points_for(responses)
    return Running(points, grid.log_normal(points, mean, sd))


def normal(mean: float, sd: float) -> Ability:
    """A normally distributed ability."""
    return Ability(theta=mean, standard_error=sd, low=mean - Z * sd, high=mean + Z * sd)


def on_grid(points: FloatArray, weights: FloatArray) -> Ability:
    """The ability that these weights on the grid's points describe, read off the grid."""
    mean, sd = grid.moments(points, weights)
    low, high = grid.quantiles(points, weights, TAILS)
    return Ability(theta=float(mean), standard_error=float(sd), low=float(low), high=float(high))


def mean_of(abilities: Sequence[Ability], correlations: FloatArray | None = None) -> Ability:
    """The mean of at least one ability; without correlations, shape (n, n), they are independent."""
    return _total(abilities, correlations).line(intercept=0, slope=1 / len(abilities), variance=0)


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
    evidence.check(marks, a, b, c)
    _check_prior(mean, sd)
    points = grid.points_for(marks.size)
    log_posterior = grid.log_normal(points, mean, sd) + irt.log_likelihood(points, marks, a, b, c)
    return on_grid(points, grid.normalised(log_posterior))


def eap_batch(
    person: ArrayLike,
    marks: ArrayLike,
    a: ArrayLike,
    b: ArrayLike,
    c: ArrayLike,
    *,
    people: int,
    item: ArrayLike | None = None,
    mean: float = 0,
    sd: float = 1,
) -> Abilities:
    """Estimate many people's abilities as `eap` does one's, to within 1e-4 logits (its arithmetic is single precision).

    Args: person, shape (n,): codes 0 to people - 1, in any order (sorted is faster). marks, shape (n,): as in `eap`.
        a, b, c, shape (n,): of each response's item; or, with item (codes, shape (n,)), shape (items,), which saves
        finding out which responses are to the same item. mean, sd: the prior, in logits.
    Returns: one value a person; the prior for a person without responses.
    Raises: ValueError if shapes differ or a value is out of bounds.
    Source: Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444.
    """
    _check_prior(mean, sd)
    gathered = evidence.gather(person, marks, a, b, c, rows=people, item=item)
    points = grid.points_for(int(gathered.counts.max(initial=0)))
    prior = grid.log_normal(points, mean, sd).astype(np.float32)
    found = np.empty((4, people))

    def estimate(rows: slice, log_likelihood: Weights) -> None:
        log_likelihood += prior
        weights = grid.normalised(log_likelihood)
        found[:, rows] = *grid.moments(points, weights), *grid.quantiles(points, weights, TAILS)

    evidence.each(estimate, points, gathered)
    return Abilities(*found)


def wle(person: ArrayLike, marks: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike, *, people: int) -> Likeliest:
    """Estimate many people's abilities without a prior, by weighted likelihood: for means of groups, which a prior
    would draw to its own middle. What one person is shown is the EAP.

    Args: as in `eap_batch`.
    Returns: where the score function, with Warm's correction J / 2I, crosses zero between -6 and 6, or else the end
        it points to; the standard error is 1 / sqrt(I) there. NaN for a person without responses.
    Raises: ValueError if shapes differ or a value is out of bounds.
    Source: Warm (1989), Psychometrika 54, 427-450.
    """
    evidence.gather(person, marks, a, b, c, rows=people)
    person = evidence.codes(person, people, np.size(marks), "person")
    right = np.asarray(marks) == 1
    low, high = np.full(people, -grid.LIMIT), np.full(people, grid.LIMIT)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        score, _ = _weighted_score(middle, person, right, a, b, c)
        low, high = np.where(score > 0, middle, low), np.where(score > 0, high, middle)
    theta = (low + high) / 2
    _, information = _weighted_score(theta, person, right, a, b, c)
    with np.errstate(divide="ignore"):
        standard_error = 1 / np.sqrt(information)
    known = np.bincount(person, minlength=people) > 0
    return Likeliest(np.where(known, theta, np.nan), np.where(known, standard_error, np.nan))


def _check_prior(mean: float, sd: float) -> None:
    """Raises: ValueError for a normal prior that is off the grid, or so narrow that it falls between the points."""
    if not -grid.LIMIT <= mean <= grid.LIMIT:
        raise ValueError(f"the prior's mean is outside {-grid.LIMIT:g} to {grid.LIMIT:g}")
    if not grid.NARROWEST <= sd < np.inf:
        raise ValueError(f"the prior's standard deviation is not at least {grid.NARROWEST:g}, or infinite")


def _weighted_score(
    theta: FloatArray, person: NDArray[np.integer], right: NDArray[np.bool_], a: ArrayLike, b: ArrayLike, c: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Warm's score function and the information, at one theta a person; both of shape (people,)."""
    a, c = np.asarray(a), np.asarray(c)
    p = irt.probability(theta[person], a, b, c)
    logistic = (p - c) / (1 - c)
    slope = a * (1 - c) * logistic * (1 - logistic)
    curvature = a * (1 - 2 * logistic) * slope
    spread = p * (1 - p)
    score, correction, information = (
        np.asarray(np.bincount(person, weights=values, minlength=theta.size), dtype=np.float64)
        for values in (slope * (right - p) / spread, slope * curvature / spread, slope**2 / spread)
    )
    return score + correction / (2 * np.maximum(information, np.finfo(float).tiny)), information


def _total(parts: Sequence[Ability], correlations: FloatArray | None = None) -> Ability:
    """The sum of abilities: means, (co)variances and third cumulants (6 half^2 skew, in effect) add."""
    theta = sum(part.theta for part in parts)
    half = _together([part.half for part in parts], correlations)
    skew = sum(part.half**2 * part.skew for part in parts) / half**2
    return Ability(
        theta=theta,
        standard_error=_together([part.standard_error for part in parts], correlations),
        low=theta + skew - half,
        high=theta + skew + half,
    )


def _together(spreads: Sequence[float], correlations: FloatArray | None) -> float:
    if correlations is None:
        return math.hypot(*spreads)
    return math.sqrt(np.asarray(spreads) @ correlations @ spreads)
