"""Standard errors from the observed information: what complete data would say, less what not knowing theta takes away.

Up to MOST_TOGETHER items all parameters, the population's too if it is estimated, are inverted together. With more,
each item is taken by itself, as if the others were known. That leaves out that the whole scale may be off: where
everybody answers all of 100 items, errors of b come out 6 % too small (22 % at most), where each answers 10 of 200,
below 2 %. Beyond MOST_TOGETHER items people answer a small share of them.
Source: Louis (1982), Journal of the Royal Statistical Society B 44, 226-233.
"""

from typing import NamedTuple

import numpy as np

from tracker.scoring.calibration.curves import Curves, curves
from tracker.scoring.calibration.expectation import EStep, posterior
from tracker.scoring.calibration.maximisation import Model, State
from tracker.scoring.calibration.responses import Blocks, BoolArray, IntArray
from tracker.scoring.irt import FloatArray

MOST_TOGETHER = 400
AT_ONCE = 20_000  # responses
LEAST_SHARE = 1e-9  # of the people at a point: fewer add nothing


class _Pairs(NamedTuple):
    """For each item a symmetric 2 x 2 matrix about a and d; each part of shape (items,)."""

    a_a: FloatArray
    a_d: FloatArray
    d_d: FloatArray


def standard_errors(
    state: State, model: Model, blocks: Blocks, last: EStep, *, together: bool = True
) -> tuple[FloatArray, FloatArray]:
    """The standard errors of a and b, shape (items,); NaN for what is not estimated or has no positive information."""
    at = curves(last.points, state.a, state.d, model.c)
    together = together and bool(model.is_free.sum() <= MOST_TOGETHER)
    covariance = (_together if together else _one_by_one)(state, model, blocks, last, at)
    b = -state.d / state.a
    variance_b = (b**2 * covariance.a_a + 2 * b * covariance.a_d + covariance.d_d) / state.a**2
    return _root(covariance.a_a, model.is_a_free), _root(variance_b, model.is_free)


def _root(variances: FloatArray, is_estimated: BoolArray) -> FloatArray:
    return np.sqrt(np.where(is_estimated & (variances > 0), variances, np.nan))


def _one_by_one(state: State, model: Model, blocks: Blocks, last: EStep, at: Curves) -> _Pairs:
    parts = zip(_complete(last, at), _prior(state, model), _lost(blocks, last, at), strict=True)
    a_a, a_d, d_d = (complete + prior - lost for complete, prior, lost in parts)
    given_d = a_d / d_d
    left = a_a - given_d * a_d
    if model.is_a_common:
        left = np.where(model.is_a_free, left[model.is_a_free].sum(), left)
    variance_a = np.where(model.is_a_free, 1 / left, 0)
    return _Pairs(a_a=variance_a, a_d=-given_d * variance_a, d_d=1 / d_d + given_d**2 * variance_a)


def _together(state: State, model: Model, blocks: Blocks, last: EStep, at: Curves) -> _Pairs:
    """The same from one matrix: rows and columns for every a, every d, and the population's mean and sd."""
    free = np.flatnonzero(model.is_free)
    a, d = np.arange(free.size), np.arange(free.size, 2 * free.size)
    information = -_lost_together(state, free, blocks, last, at)
    for rows, columns, complete, prior in zip(
        (a, a, d), (a, d, d), _complete(last, at), _prior(state, model), strict=True
    ):
        information[rows, columns] += (complete + prior)[free]
    information[d, a] = information[a, d]
    information[-2:, -2:] += _complete_population(state, last)
    estimated = _estimated(model.of(model.is_free), is_anchored=model.is_anchored)
    try:
        inverse = np.linalg.inv(estimated.T @ information @ estimated)
    except np.linalg.LinAlgError:  # no proper maximum, which a likelihood without prior need not have
        inverse = np.full((estimated.shape[1],) * 2, np.nan)
    covariance = estimated @ inverse @ estimated.T
    pairs = np.zeros((3, state.a.size))
    pairs[:, free] = covariance[a, a], covariance[a, d], covariance[d, d]
    return _Pairs(*pairs)


def _estimated(model: Model, *, is_anchored: bool) -> FloatArray:
    """Which of the parameters (rows) each one that is estimated (a column) stands for."""
    free_a = model.is_a_free & (not model.is_a_common)
    each = np.eye(2 * model.c.size + 2)[:, np.concatenate((free_a, model.is_free, [is_anchored] * 2))]
    if not model.is_a_common:
        return each
    return np.column_stack((np.append(model.is_a_free, np.zeros(model.c.size + 2)), each))


def _pairs(values: FloatArray, points: FloatArray) -> _Pairs:
    return _Pairs(a_a=values @ points**2, a_d=values @ points, d_d=values.sum(axis=1))


def _complete(last: EStep, at: Curves) -> _Pairs:
    """The items' information if everybody's theta were known."""
    curvature_right, curvature_wrong = at.curvatures
    return _pairs(-(last.right * curvature_right + last.wrong * curvature_wrong), last.points)


def _complete_population(state: State, last: EStep) -> FloatArray:
    """The same of the population's mean and sd."""
    z = (last.points - state.mean) / state.sd
    people = last.people / state.sd**2
    across = people @ (2 * z)
    return np.array([[people.sum(), across], [across, people @ (3 * z**2 - 1)]])


def _prior(state: State, model: Model) -> _Pairs:
    """The prior's information."""
    a, b = state.a, -state.d / state.a
    pull = model.b_precision * (b - model.b_mean)
    log_a = np.log(np.abs(a)) - model.log_a_mean
    return _Pairs(
        a_a=(model.b_precision * b**2 + 2 * b * pull + model.log_a_precision * (1 - log_a)) / a**2,
        a_d=(model.b_precision * b + pull) / a**2,
        d_d=model.b_precision / a**2,
    )


def _lost(blocks: Blocks, last: EStep, at: Curves) -> _Pairs:
    """What of the items' information not knowing theta takes away: the posterior variances of their scores."""
    slopes = np.concatenate((at.slope_right, at.slope_wrong))
    counts = np.concatenate((last.right, last.wrong))
    lost = np.array(_pairs(counts * slopes**2, last.points))
    for block in blocks.both:
        weights, _ = posterior(block, last.log_table, last.log_weights)
        rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
        for first in range(0, rows.size, AT_ONCE):
            column = block.indices[first : first + AT_ONCE]
            scores = weights[rows[first : first + AT_ONCE]] * slopes[column]
            of_a, of_d = scores @ last.points, scores.sum(axis=1)
            for part, values in enumerate((of_a**2, of_a * of_d, of_d**2)):
                lost[part] -= np.bincount(column, weights=values, minlength=len(slopes))
    return _Pairs(*(right + wrong for right, wrong in (np.split(part, 2) for part in lost)))


def _lost_together(state: State, free: IntArray, blocks: Blocks, last: EStep, at: Curves) -> FloatArray:
    """The posterior covariances of the scores of free items and of the population, shape (2 items + 2, 2 items + 2)."""
    items, points = free.size, last.points
    right, wrong = at.slope_right[free], at.slope_wrong[free]
    z = (points - state.mean) / state.sd
    population = np.stack((z, z**2 - 1)) / state.sd
    a_a, a_d, d_d = np.zeros((3, items, items))
    means = np.zeros((2 * items + 2, 2 * items + 2))
    for block in blocks.both:
        weights, _ = posterior(block, last.log_table, last.log_weights)
        is_right, is_wrong = (part[:, free] for part in np.split(block.toarray(), 2, axis=1))
        for point in np.flatnonzero(weights.sum(axis=0) > LEAST_SHARE * len(weights)):
            scores = is_right * right[:, point] + is_wrong * wrong[:, point]
            products = (scores * weights[:, point, None]).T @ scores
            a_a += points[point] ** 2 * products
            a_d += points[point] * products
            d_d += products
        of_a = is_right * (weights @ (right * points).T) + is_wrong * (weights @ (wrong * points).T)
        of_d = is_right * (weights @ right.T) + is_wrong * (weights @ wrong.T)
        mean = np.hstack((of_a, of_d, weights @ population.T))
        means += mean.T @ mean
    slope = last.right[free] * right + last.wrong[free] * wrong
    across = np.concatenate((slope * points, slope)) @ population.T
    within = (last.people * population) @ population.T
    return np.block([[np.block([[a_a, a_d], [a_d, d_d]]), across], [across.T, within]]) - means
