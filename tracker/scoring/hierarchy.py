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


class Messages(NamedTuple):
    """What topics tell their area, on q points: each one's logarithms, shape (q, q), [area, topic], and their row
    sums' logarithms, shape (q,); and the sum of these over the topics, `log_area`, shape (q,).
    """

    log_topics: tuple[FloatArray, ...]
    log_messages: tuple[FloatArray, ...]
    log_area: FloatArray


def messages(points: FloatArray, links: Sequence[Link], log_likelihoods: Sequence[FloatArray]) -> Messages:
    """What the answers in some topics of an area tell it.

    Args: points and each of log_likelihoods, shape (q,), the latter up to a constant; one link and one log-likelihood
        (summed over its answers) a topic.
    """
    log_topics = tuple(
        log_kernel(points, link) + likelihood for link, likelihood in zip(links, log_likelihoods, strict=True)
    )
    log_messages = tuple(_log_row_sums(log_topic) for log_topic in log_topics)
    return Messages(log_topics, log_messages, sum(log_messages, np.zeros(points.size)))


def joint_weights(area: FloatArray, told: Messages) -> list[FloatArray]:
    """For each topic the weights of it and its area together, shape (q, q), [area, topic].

    Args: area, shape (q,): the area's weights, from its prior, other areas, and what these topics told it.
    """
    return [
        area[:, None] * np.exp(log_topic - log_message[:, None])
        for log_topic, log_message in zip(told.log_topics, told.log_messages, strict=True)
    ]


def log_kernel(points: FloatArray, link: Link) -> FloatArray:
    """The logarithm of the density of each topic ability (column) given each area ability (row), up to a constant."""
    distances = points - (link.intercept + link.slope * points[:, None])
    finest = (points[1] - points[0]) / 2  # a narrower kernel would fall between the points
    return grid.log_normal(distances, 0, max(link.sd, finest))


def _log_row_sums(log_values: FloatArray) -> FloatArray:
    """The logarithms of the row sums of `exp(log_values)`, safe from underflow."""
    peaks = log_values.max(axis=1)
    return np.asarray(peaks + np.log(np.exp(log_values - peaks[:, None]).sum(axis=1)))
