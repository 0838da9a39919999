"""Differential item functioning by regression: does the group shift an item, or change its slope?"""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded where they are used first: no start of the app waits for them
from numpy.typing import ArrayLike

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import Estimate, IntArray, normal
from tracker.scoring.statistics.flags import Flag, flag_where
from tracker.scoring.statistics.groups import Compared, compared, enough

LARGEST_SLOPE_DIFFERENCE = 0.2
NEWTON_STEPS = 50
CLOSE_ENOUGH = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class LogisticDif:
    """Of each item, shape (items,): likelihood-ratio chi-squares with their p values, and effects in logits.

    uniform: of one shift for the focal group, 1 degree of freedom. nonuniform: of another slope besides, 1. both: 2.
    shift: of the focal group at the same matching value. slope_difference: of the focal group's slope, for one standard
    deviation of the matching variable.
    """

    uniform: FloatArray
    nonuniform: FloatArray
    both: FloatArray
    p_uniform: FloatArray
    p_nonuniform: FloatArray
    p_both: FloatArray
    shift: Estimate
    slope_difference: Estimate
    reference: IntArray
    focal: IntArray

    def flags(self) -> tuple[Flag, ...]:
        """Items whose slope surely differs by more than .2 between groups of at least 100."""
        known = self.slope_difference
        beyond = (known.low > LARGEST_SLOPE_DIFFERENCE) | (known.high < -LARGEST_SLOPE_DIFFERENCE)
        limit = np.copysign(LARGEST_SLOPE_DIFFERENCE, known.value)
        return flag_where("non-uniform DIF", known, beyond & enough(self.reference, self.focal), limit)


def logistic_dif(
    person: ArrayLike, item: ArrayLike, marks: ArrayLike, *, group: ArrayLike, matching: ArrayLike, items: int
) -> LogisticDif:
    """DIF of each item by logistic regression on a matching variable, the group, and their product.

    Args: person, item, marks, shape (n,). group, matching, shape (people,): group 0 reference, 1 focal, -1 neither;
        matching the number right or theta.
    Raises: ValueError if shapes differ, a code is outside its bounds or matching is not finite.
    The intervals of the effects are Wald's; NaN where a group or the marks do not vary.
    Source: Swaminathan & Rogers (1990), Journal of Educational Measurement 27, 361-370.
    """
    responses = compared(person, item, marks, group, matching, items)
    level = np.asarray(matching, dtype=np.float64)[responses.person]
    if not np.isfinite(level).all():
        raise ValueError("what is matched on is not a number")
    level = _standardised(level)
    is_focal = responses.is_focal.astype(np.float64)
    design = np.stack((np.ones(level.size), level, is_focal, level * is_focal), axis=1)
    alike, uniform, different = (_regression(design[:, :terms], responses) for terms in (2, 3, 4))
    gain = np.maximum(2 * (uniform.log_likelihood - alike.log_likelihood), 0)
    further = np.maximum(2 * (different.log_likelihood - uniform.log_likelihood), 0)
    return LogisticDif(
        uniform=gain,
        nonuniform=further,
        both=gain + further,
        p_uniform=scipy.special.chdtrc(1, gain),
        p_nonuniform=scipy.special.chdtrc(1, further),
        p_both=scipy.special.chdtrc(2, gain + further),
        shift=normal(uniform.last, uniform.standard_error, responses.n),
        slope_difference=normal(different.last, different.standard_error, responses.n),
        reference=responses.reference,
        focal=responses.focal,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Regression:
    """Of each item: the log-likelihood at its maximum, and the last coefficient with its standard error."""

    log_likelihood: FloatArray
    last: FloatArray
    standard_error: FloatArray


def _standardised(values: FloatArray) -> FloatArray:
    if not values.size or values.std() == 0:
        return np.zeros(values.size)
    return np.asarray((values - values.mean()) / values.std())


def _regression(design: FloatArray, responses: Compared) -> _Regression:
    """Logistic regressions of all items at once, by Newton's method with halved steps.

    Where a predictor does not vary, or the marks can be told apart perfectly, the log-likelihood still has its limit.
    """
    item, right, terms = responses.item, responses.right, design.shape[1]
    items = responses.n.size
    of_item = scipy.sparse.csr_array((np.ones(item.size), (item, np.arange(item.size))), shape=(items, item.size))
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)

    def log_likelihood(coefficients: FloatArray) -> FloatArray:
        eta = np.einsum("nk,nk->n", design, coefficients[item])
        return np.asarray(of_item @ (right * eta - np.logaddexp(0, eta)))

    coefficients = np.zeros((items, terms))
    fit, length = log_likelihood(coefficients), np.ones((items, 1))
    for _ in range(NEWTON_STEPS):
        p = scipy.special.expit(np.einsum("nk,nk->n", design, coefficients[item]))
        information = (of_item @ ((p * (1 - p))[:, None] * products)).reshape(-1, terms, terms)
        score = of_item @ ((right - p)[:, None] * design)
        step = np.einsum("ikl,il->ik", np.linalg.pinv(information, hermitian=True), score)
        new = log_likelihood(coefficients + length * step)
        better = new >= fit
        coefficients[better] += (length * step)[better]
        converged = np.abs(new - fit) < CLOSE_ENOUGH
        fit, length = np.maximum(fit, new), np.where(better[:, None], 1.0, length / 2)
        if converged.all():
            break
    unknown = np.linalg.matrix_rank(information, hermitian=True) < terms
    variance = np.linalg.pinv(information, hermitian=True)[:, -1, -1]
    return _Regression(
        log_likelihood=fit,
        last=np.where(unknown, np.nan, coefficients[:, -1]),
        standard_error=np.where(unknown, np.nan, np.sqrt(variance)),
    )
