"""One area and its topics: what the answers say about each, jointly and exactly, by messages on the grid.

The topics are independent given their area, so the whole is a tree: each topic sends its area one message, and the
area's posterior is the product of these and its prior.
Source: Pearl (1988), Probabilistic Reasoning in Intelligent Systems, ch. 4; the model is the higher-order one of
de la Torre & Song (2009), Applied Psychological Measurement 33, 620-639.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tracker.scoring import grid
from tracker.scoring.irt import FloatArray


class Link(NamedTuple):
    """How a topic's ability depends on its area's: `intercept + slope * area + N(0, sd)`, in logits."""

    intercept: float
    slope: float
    sd: float


class AreaPosterior(NamedTuple):
    """Weights on q points: the area's, shape (q,), and for each topic the joint ones, shape (q, q), [area, topic]."""

    area: FloatArray
    joint: tuple[FloatArray, ...]


def infer(
    points: FloatArray, log_prior: FloatArray, links: Sequence[Link], log_likelihoods: Sequence[FloatArray]
) -> AreaPosterior:
    """The posteriors of an area and of the topics that were answered in it.

    Args: points, log_prior and each of log_likelihoods, shape (q,), the last two up to a constant; one link and one
        log-likelihood (summed over its answers) a topic.
    """
    log_topics = [
        _log_kernel(points, link) + likelihood for link, likelihood in zip(links, log_likelihoods, strict=True)
    ]
    messages = [_log_row_sums(log_topic) for log_topic in log_topics]
    area = grid.normalised(log_prior + sum(messages))
    joint = tuple(
        area[:, None] * np.exp(log_topic - message[:, None])
        for log_topic, message in zip(log_topics, messages, strict=True)
    )
    return AreaPosterior(area=area, joint=joint)


def _log_kernel(points: FloatArray, link: Link) -> FloatArray:
    """The logarithm of the density of each topic ability (column) given each area ability (row), up to a constant."""
    distances = points - (link.intercept + link.slope * points[:, None])
    finest = (points[1] - points[0]) / 2  # a narrower kernel would fall between the points
    return grid.log_normal(distances, 0, max(link.sd, finest))


def _log_row_sums(log_values: FloatArray) -> FloatArray:
    """The logarithms of the row sums of `exp(log_values)`, safe from underflow."""
    peaks = log_values.max(axis=1)
    return np.asarray(peaks + np.log(np.exp(log_values - peaks[:, None]).sum(axis=1)))
