"""Growth: how fast abilities walk. Between attempts one walks at random: a step of `sqrt(months)` times the walk's
deviation.

Source: Martin & Quinn (2002), Political Analysis 10, 134-153.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar

from tracker.assessment.parameters import AREA_WALK
from tracker.scoring import grid
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray

LEAST_STEPS = 200  # between attempts, before a walk is read from them
SLOWEST, FASTEST = 0.02, 1.0  # logits in a month


class Filtered(NamedTuple):
    """Of n people after each of k attempts, knowing it and those before: mean and standard deviation, shape (n, k),
    logits; and the logarithm of how likely all their answers were, shape (n,).
    """

    mean: FloatArray
    standard_error: FloatArray
    log_evidence: FloatArray


def filtered(points: FloatArray, log_likelihood: Weights, months: FloatArray, *, walk: float) -> Filtered:
    """One ability of n people through up to k attempts each, standard normal at first.

    Args: points, shape (q,), logits. log_likelihood, shape (n, k, q): 0 where somebody has no such attempt. months,
        shape (n, k - 1): the time between attempts. walk: logits in a month, standard deviation.
    """
    people, attempts, _ = log_likelihood.shape
    mean, standard_error = np.zeros((2, people, attempts))
    log_evidence = np.zeros(people)
    now, variance = np.zeros(people), np.ones(people)
    for at in range(attempts):
        if at:
            variance = variance + walk**2 * months[:, at - 1]
        prior = grid.normalised(-0.5 * (points - now[:, None]) ** 2 / variance[:, None])
        peak = log_likelihood[:, at].max(axis=-1)
        weights = prior * np.exp(log_likelihood[:, at] - peak[:, None])
        likely = weights.sum(axis=-1)
        now, sd = grid.moments(points, weights / likely[:, None])
        variance = sd**2
        mean[:, at], standard_error[:, at] = now, sd
        log_evidence += np.log(likely) + peak
    return Filtered(mean, standard_error, log_evidence)


def fit_walk(points: FloatArray, log_likelihood: Weights, months: FloatArray) -> float:
    """How fast an ability walks, logits in a month: by maximum likelihood, or `AREA_WALK` while there are fewer than
    200 steps between two attempts to read it from.

    Args: as in `filtered`.
    """
    is_attempt = np.ptp(log_likelihood, axis=-1) > 0
    if (is_attempt[:, 1:] & is_attempt[:, :-1] & (months > 0)).sum() < LEAST_STEPS:
        return AREA_WALK
    found = minimize_scalar(
        lambda log_walk: -filtered(points, log_likelihood, months, walk=math.exp(log_walk)).log_evidence.sum(),
        bounds=(math.log(SLOWEST), math.log(FASTEST)),
        method="bounded",
        options={"xatol": 0.01},
    )
    return math.exp(found.x)
