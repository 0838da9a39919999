"""The three-parameter logistic item: how likely a right answer is, and how much it tells.

Everywhere: theta and b in logits, a above 0 per logit (metric D = 1), c the chance of a right answer
by guessing, 0 <= c < 1. All arguments broadcast against each other.
Source: Birnbaum (1968), in Lord & Novick, Statistical Theories of Mental Test Scores, ch. 17-20.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def probability(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> FloatArray:
    """The chance of a right answer, `c + (1 - c) / (1 + exp(-a (theta - b)))`, in (0, 1)."""
    return np.exp(log_probabilities(theta, a, b, c)[0])


def information(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> FloatArray:
    """The Fisher information of one answer about theta, `a^2 ((P - c) / (1 - c))^2 Q / P`, per squared logit."""
    log_right, log_wrong = log_probabilities(theta, a, b, c)
    known = (np.exp(log_right) - c) / (1 - np.asarray(c))
    return np.asarray((np.asarray(a) * known) ** 2 * np.exp(log_wrong - log_right))


def log_probabilities(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The natural logarithms of the chances of a right and of a wrong answer, finite however far theta is from b.

    With eta = a (theta - b): P = (c + e^eta) / (1 + e^eta) and Q = (1 - c) / (1 + e^eta).
    """
    eta = np.asarray(a) * (np.asarray(theta) - b)
    guessing = np.asarray(c, dtype=np.float64)
    with np.errstate(divide="ignore"):
        log_guessing = np.log(guessing)  # minus infinity, rightly, where nothing can be guessed
    log_denominator = np.logaddexp(0, eta)
    return np.logaddexp(log_guessing, eta) - log_denominator, np.log1p(-guessing) - log_denominator


def log_likelihood(points: FloatArray, marks: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> FloatArray:
    """The log-likelihood of all answers together at each point.

    Args: points, shape (q,), logits. marks, a, b, c, shape (n,); only a mark of 1 counts as right.
    Returns: shape (q,).
    """
    a, b, c = (np.asarray(values, dtype=np.float64)[:, None] for values in (a, b, c))
    log_right, log_wrong = log_probabilities(points, a, b, c)
    return np.asarray(np.where(np.asarray(marks)[:, None] == 1, log_right, log_wrong).sum(axis=0))
