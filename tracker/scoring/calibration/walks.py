"""How fast abilities walk, an area's and on top of it its topics', by maximum likelihood.

What each attempt says of a topic is taken for one normal observation of the topic's ability: the one that moves
somebody of about this ability as the answers do. All of somebody's observations in an area are then normal together,
with a covariance that both walks are read from: an area's grows with time, a topic's deviation forgets what it was.
Source: Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, ch. 2 and 3.6, for the marginal likelihood
and for matched moments.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tracker.assessment.parameters import AREA_WALK, TOPIC_WALK
from tracker.scoring import grid
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray
from tracker.scoring.structure import TOPIC_SD

LEAST_STEPS = 200  # between attempts, before walks are read from them
LOG_SD = 0.5
SLOWEST, FASTEST = 0.02, 1.0  # logits in a month
NEARBY = 0.5  # squared logits: how far about an ability an observation is to say what the answers do
LEAST_PRECISION = 1e-3
MOST_HISTORIES = 1200
MOST_OBSERVATIONS = 40  # of one history


class Walks(NamedTuple):
    """Standard deviations in a month, in logits: an area's ability, and how far a topic lies from its area."""

    area: float = AREA_WALK
    topic: float = TOPIC_WALK


class Observations(NamedTuple):
    """Of n histories, each of one person in one area, up to r observations of a topic; each of shape (n, r).

    months since the history's first; topic, a code; value and variance, in logits, of infinite variance where there is
    none.
    """

    months: FloatArray
    topic: NDArray[np.int64]
    value: FloatArray
    variance: FloatArray


def observed(points: FloatArray, log_likelihood: Weights, about: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The value and variance of a normal observation that says of an ability what answers do, each of shape (n,).

    Args: log_likelihood, shape (n, q). about: shape (n,), the ability near which it is to say the same, in logits.
    """
    weights = grid.normalised(log_likelihood - 0.5 * (points - about[:, None]) ** 2 / NEARBY)
    mean, sd = grid.moments(points, weights)
    precision = np.maximum(1 / sd**2 - 1 / NEARBY, LEAST_PRECISION)
    return (mean / sd**2 - about / NEARBY) / precision, 1 / precision


def fit_walks(observations: Observations, *, steps: int) -> Walks:
    """The walks that make the observations most likely; the safe ones while there are fewer than 200 steps.

    Where the observations say little, they stay near the safe ones, from which they are believed to be half a logarithm
    away, as a standard deviation.
    Args: steps: how many times somebody has come back to an area.
    """
    if steps < LEAST_STEPS:
        return Walks()
    used = np.isfinite(observations.variance).any(axis=0)
    months, topic, value, variance = observations
    observations = Observations(months[:, used], topic[:, used], value[:, used], variance[:, used])
    low, high, safe = math.log(SLOWEST), math.log(FASTEST), np.log(Walks())
    found = minimize(
        lambda logs: 0.5 * (((logs - safe) / LOG_SD) ** 2).sum() - log_evidence(observations, Walks(*np.exp(logs))),
        x0=safe,
        method="Nelder-Mead",
        bounds=[(low, high)] * 2,
        options={"xatol": 0.02, "fatol": 0.01},
    )
    area, topic = np.exp(found.x)
    return Walks(float(area), float(topic))


def log_evidence(observations: Observations, walks: Walks) -> float:
    """The logarithm of how likely all observations are, up to a constant."""
    months, topic, value, variance = observations
    shared = np.minimum(months[:, :, None], months[:, None, :])
    is_same = topic[:, :, None] == topic[:, None, :]
    apart = np.abs(months[:, :, None] - months[:, None, :])
    kept = np.exp(-0.5 * apart * walks.topic**2 / TOPIC_SD**2)
    covariance = 1 + walks.area**2 * shared + is_same * TOPIC_SD**2 * kept
    rows = np.arange(value.shape[1])
    covariance[:, rows, rows] += np.minimum(variance, 1 / LEAST_PRECISION**2)
    root = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(root, value[..., None])
    return float(-0.5 * (scaled**2).sum() - np.log(root[:, rows, rows]).sum())
