"""What is to be estimated and where to begin, from what the caller asked for."""

import numpy as np
from numpy.typing import ArrayLike

from tracker.scoring.calibration.maximisation import Model
from tracker.scoring.calibration.model import Anchors, Parameters, Prior
from tracker.scoring.calibration.responses import BoolArray, IntArray
from tracker.scoring.irt import FloatArray

MOST_EXTREME = 0.02  # facility, and 1 less that, to begin with
WIDENING = 1.16  # b against the logit of the facility, when a is 1 and theta standard normal


def model_of(items: int, c: ArrayLike, prior: Prior | None, anchors: Anchors | None, *, common_a: bool) -> Model:
    """The model of all items, or a ValueError that says what is wrong with it."""
    if common_a and prior:
        raise ValueError("a common a takes no prior")
    guessing = _each(c, items, "c")
    if not ((guessing >= 0) & (guessing < 1)).all():
        raise ValueError("a guessing chance is outside [0, 1)")
    believed = prior or Prior(b_mean=0.0, b_sd=np.inf, log_a_sd=np.inf)
    b_mean, b_sd = _each(believed.b_mean, items, "b_mean"), _each(believed.b_sd, items, "b_sd")
    log_a_mean, log_a_sd = _each(believed.log_a_mean, items, "log_a_mean"), _each(believed.log_a_sd, items, "log_a_sd")
    if not ((b_sd > 0) & (log_a_sd > 0)).all():
        raise ValueError("a prior's standard deviation is not above 0")
    if not (np.isfinite(b_mean) & np.isfinite(log_a_mean)).all():
        raise ValueError("a prior's mean is not finite")
    is_free = ~_fixed(anchors, items)
    is_a_free = is_free & _each(believed.free_a, items, "free_a").astype(bool)
    return Model(
        c=guessing,
        is_free=is_free,
        is_a_free=is_a_free,
        is_a_common=common_a,
        b_mean=b_mean,
        b_precision=is_free / b_sd**2,
        log_a_mean=log_a_mean,
        log_a_precision=is_a_free / log_a_sd**2,
    )


def is_estimable(model: Model, responses: IntArray, right: IntArray) -> BoolArray:
    """Which items have an estimate that their responses could change, or are anchors with responses; shape (items,)."""
    is_mixed = (right > 0) & (right < responses)
    return (responses > 0) & (is_mixed | ~model.is_free | (model.b_precision > 0))


def beginning(model: Model, anchors: Anchors | None, responses: IntArray, right: IntArray) -> Parameters:
    """Where to begin: anchors, prior means, else a = 1 and b from the facility.

    What has neither prior nor estimate keeps what is said here: b infinite where all are right or all wrong, else NaN.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (right / responses - model.c) / (1 - model.c)
    known = np.clip(known, MOST_EXTREME, 1 - MOST_EXTREME)
    a = np.exp(model.log_a_mean)
    b = np.where(model.b_precision > 0, model.b_mean, -WIDENING * np.log(known / (1 - known)))
    if anchors:
        a, b = np.where(model.is_free, a, anchors.a), np.where(model.is_free, b, anchors.b)
    is_lost = model.is_free & (model.b_precision == 0) & ~is_estimable(model, responses, right)
    endless = np.where(right > 0, -np.inf, np.inf)
    return Parameters(
        a=np.where(is_lost, np.nan, a),
        b=np.where(is_lost, np.where(responses > 0, endless, np.nan), b),
    )


def resumed(known: Parameters, start: Parameters, model: Model, used: BoolArray) -> Parameters:
    """Where to begin when estimates are there already, or a ValueError that says what is wrong with them."""
    a, b = _each(start.a, used.size, "start.a"), _each(start.b, used.size, "start.b")
    a, b = np.where(used & model.is_a_free, a, known.a), np.where(used & model.is_free, b, known.b)
    if not (np.isfinite(a) & np.isfinite(b) & (a != 0))[used].all():
        raise ValueError("a parameter to start from is not finite, or an a is 0")
    if not model.is_anchored:
        return Parameters(a=a, b=b)
    if not (np.isfinite(start.mean) and start.sd > 0):
        raise ValueError("the population to start from has no finite mean or no sd above 0")
    return Parameters(a=a, b=b, mean=start.mean, sd=start.sd)


def _fixed(anchors: Anchors | None, items: int) -> BoolArray:
    if not anchors:
        return np.zeros(items, bool)
    fixed = _each(anchors.fixed, items, "anchors.fixed").astype(bool)
    a, b = _each(anchors.a, items, "anchors.a"), _each(anchors.b, items, "anchors.b")
    if not ((a > 0) & np.isfinite(a) & np.isfinite(b))[fixed].all():
        raise ValueError("an anchor's a is not above 0, or its a or b is not finite")
    return fixed


def _each(values: ArrayLike, items: int, name: str) -> FloatArray:
    values = np.asarray(values, dtype=np.float64)
    if values.shape not in ((), (items,)):
        raise ValueError(f"{name} must be one value or of shape ({items},)")
    return np.broadcast_to(values, (items,))
