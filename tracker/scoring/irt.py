"""The three-parameter logistic item: how likely a right answer is, and how much it tells.

Everywhere: theta and b in logits, a above 0 per logit (metric D = 1), c the chance of a right answer
by guessing, 0 <= c < 1. All arguments broadcast against each other.
Source: Birnbaum (1968), in Lord & Novick, Statistical Theories of Mental Test Scores, ch. 17-20.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

MOST = 1e6  # of theta, a and b: what is beyond is a mistake, and its products may be no numbers


def probability(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> FloatArray:
    """The chance of a right answer, `c + (1 - c) / (1 + exp(-a (theta - b)))`, from 0 to 1.

    Raises: ValueError if the shapes cannot be broadcast or a value is out of bounds.
    """
    return np.exp(log_probabilities(*_checked(theta, a, b, c))[0])


def information(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> FloatArray:
    """The Fisher information of one answer about theta, `a^2 ((P - c) / (1 - c))^2 Q / P`, per squared logit.

    Raises: as `probability`.
    """
    theta, a, b, c = _checked(theta, a, b, c)
    log_right, log_wrong = log_probabilities(theta, a, b, c)
    log_knowing = -np.logaddexp(0, a * (b - theta))
    return np.asarray(a**2 * np.exp(2 * log_knowing + log_wrong - log_right))


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


def _checked(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> tuple[FloatArray, ...]:
    theta, a, b, c = (np.asarray(values, dtype=np.float64) for values in (theta, a, b, c))
    if not ((np.abs(theta) <= MOST).all() and (np.abs(b) <= MOST).all()):
        raise ValueError(f"an ability or a difficulty is not a number, or further than {MOST:g} from 0")
    if not ((a > 0) & (a <= MOST)).all():
        raise ValueError(f"a discrimination is not above 0, or above {MOST:g}")
    if not ((c >= 0) & (c < 1)).all():
        raise ValueError("a guessing chance is outside [0, 1)")
    return theta, a, b, c
