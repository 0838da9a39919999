"""Growth: what all attempts together say of each moment, whether somebody improved, and how fast abilities walk.

Between attempts an ability walks at random: a step of `sqrt(months)` times the walk's deviation. What was reported
after an attempt knew only that one and those before it, and stays; what is known of the same moment afterwards is
smoothed, and only from its joint distribution may a change be claimed.
Source: Martin & Quinn (2002), Political Analysis 10, 134-153, for the model; Rauch, Tung & Striebel (1965), AIAA
Journal 3, 1445-1450, for the smoother.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from tracker.assessment.parameters import AREA_WALK
from tracker.scoring import grid
from tracker.scoring.drift import aged
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray
from tracker.scoring.profile import Profile

LEAST_STEPS = 200  # between attempts, before a walk is read from them
SLOWEST, FASTEST = 0.02, 1.0  # logits in a month


class Path(NamedTuple):
    """What is known of d abilities at each of k moments, from all of them.

    mean: shape (k, d), logits. covariance: shape (k, d, d). gain, shape (k - 1, d, d): by how much what is learnt of
    one moment moves the one before.
    """

    mean: FloatArray
    covariance: FloatArray
    gain: FloatArray


class Filtered(NamedTuple):
    """Of n people after each of k attempts, knowing it and those before: mean and standard deviation, shape (n, k),
    logits; and the logarithm of how likely all their answers were, shape (n,).
    """

    mean: FloatArray
    standard_error: FloatArray
    log_evidence: FloatArray


def area_path(states: Sequence[Profile]) -> Path:
    """How the areas of the last profile went, seen from the last attempt.

    Args: states, at least one: the profiles after each attempt, oldest first, as `fold.states` gives them; areas not
        yet met are known through the others. The areas' order is that of the last profile.
    """
    slugs = [area.slug for area in states[-1].areas]
    known = [_with_areas(state, slugs) for state in states]
    later = [max(area.as_of for area in state.areas if area.as_of) for state in states[1:]]
    walked = [aged(before, then).covariance for before, then in zip(known, later, strict=False)]
    covariance = np.stack([state.covariance for state in known])
    added = np.stack(walked) - covariance[:-1] if walked else np.zeros((0, len(slugs), len(slugs)))
    return smooth(
        np.array([[area.ability.theta for area in state.areas] for state in known]),
        covariance,
        added,
    )


def smooth(mean: FloatArray, covariance: FloatArray, added: FloatArray) -> Path:
    """What is known of each moment from all of them, given what was known at each from the past.

    Args: mean, shape (k, d). covariance, shape (k, d, d). added, shape (k - 1, d, d): the walk's between moments.
    """
    mean, covariance = mean.copy(), covariance.copy()
    gain = np.empty_like(added)
    for at in reversed(range(len(added))):
        expected = covariance[at] + added[at]
        gain[at] = np.linalg.solve(expected, covariance[at]).T
        mean[at] += gain[at] @ (mean[at + 1] - mean[at])
        covariance[at] += gain[at] @ (covariance[at + 1] - expected) @ gain[at].T
    return Path(mean, covariance, gain)


def chance_improved(path: Path, *, earlier: int, later: int) -> FloatArray:
    """The probability that each ability was higher at a later moment than at an earlier one, shape (d,).

    Raises: ValueError if they are not moments of the path, the earlier one first.
    """
    if not 0 <= earlier < later < len(path.mean):
        raise ValueError("not an earlier and a later moment of this path")
    together = path.covariance[later]
    for gain in path.gain[earlier:later][::-1]:
        together = together @ gain.T
    variance = np.diagonal(path.covariance[earlier] + path.covariance[later] - 2 * together)
    risen = path.mean[later] - path.mean[earlier]
    return np.asarray(ndtr(risen / np.sqrt(np.maximum(variance, np.finfo(float).tiny))))


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


def _with_areas(profile: Profile, slugs: Sequence[str]) -> Profile:
    for slug in slugs:
        profile = profile.with_area(slug)
    return profile
