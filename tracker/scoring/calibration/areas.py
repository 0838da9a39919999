"""Calibrating the items of one area, on the scale that is there already.

Who answers is a person in one period of 30 days, so that growth does not smear an item's curve; a person's periods
count as people of their own. Items are fitted as if they measured the area's ability: that topics deviate from it
flattens the curves, which is undone afterwards. At first the people are standard normal, which together with the
authors' levels makes the scale. Later the items known from before say where on that scale the people of today are; all
items are estimated for such people, then moved together so that the known ones stay where they were on average. Held
one by one they would keep their errors for ever; without that last step they would creep, night by night, to where the
authors' levels alone would have put them.
Source: Kim (2006), Journal of Educational Measurement 43, 355-381, for fixed items that locate people; Kolen & Brennan
(2014), Test Equating, Scaling, and Linking, ch. 6, for mean and sigma linking.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.parameters import Estimate
from tracker.scoring import grid
from tracker.scoring.author_prior import DISCRIMINATION, LOG_A_SD, by_level, flattened
from tracker.scoring.calibration.em import OnStep, fit
from tracker.scoring.calibration.likelihoods import log_likelihoods
from tracker.scoring.calibration.model import Calibration, Parameters, Prior
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray
from tracker.scoring.structure import TOPIC_SD

LEAST_KNOWN = 5  # items that must be known before they say where people are
STEPS = 50
TOLERANCE = 3e-5  # far below any standard error, and a third fewer steps than the finest

IntArray = NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class AreaResponses:
    """What was answered in one area.

    unit, item, right, shape (n,): who answered (any code), which item (0 to m - 1), and whether right. Of the m items:
    the author's level and the chance of guessing, shape (m,), and what is known of each from an earlier revision.
    """

    unit: IntArray
    item: IntArray
    right: NDArray[np.bool_]
    level: IntArray
    guessing: FloatArray
    known: Sequence[Estimate | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where people are on the scale of the items: theta = mean + sd z, with z standard normal among them."""

    mean: float = 0.0
    sd: float = 1.0


def calibrate(area: AreaResponses, *, start: Parameters | None = None, on_step: OnStep | None = None) -> list[Estimate]:
    """The estimates of an area's items; of one without responses, what was known or what its author said.

    Args: start, on_step: as in `fit`.
    """
    scale = _scale(area)
    found = fit(
        area.unit,
        area.item,
        area.right,
        items=area.level.size,
        c=area.guessing,
        prior=_prior(area, scale),
        tolerance=TOLERANCE,
        errors_together=False,  # 0.5 % too small where people answer a tenth of the items, in a third of the time
        start=start,
        on_step=on_step,
    )
    return _linked(_estimates(found, area, scale), area.known)


def of_area(a: FloatArray) -> FloatArray:
    """The discrimination, seen from the area's ability, of items with discrimination a for their topic's."""
    return flattened(a, TOPIC_SD**2)


def of_topic(a: FloatArray) -> FloatArray:
    """The discrimination for their topic's ability of items with discrimination a seen from the area's."""
    steepness = math.pi * a**2 * TOPIC_SD**2 / 8
    return np.asarray(a / np.sqrt(1 - np.minimum(steepness, 0.75)))


def _scale(area: AreaResponses) -> Scale:
    """Where people are, as the items known from before say; without enough of these, where they are by definition."""
    known = np.array([estimate is not None for estimate in area.known])
    theirs = known[area.item]
    if np.unique(area.item[theirs]).size < LEAST_KNOWN:
        return Scale()
    found = [estimate or by_level(3) for estimate in area.known]
    a, b, error = _columns(found, "a", "b", "b_error")
    units, unit = np.unique(area.unit[theirs], return_inverse=True)
    log_likelihood = log_likelihoods(
        unit,
        area.right[theirs],
        of_area(flattened(a, error**2)),
        b,
        area.guessing,
        rows=units.size,
        item=area.item[theirs],
    )
    return _normal(grid.scaled_exp(log_likelihood))


def _normal(likelihood: Weights) -> Scale:
    """The normal distribution of abilities that makes these likelihoods, shape (people, q), most likely: by EM."""
    scale = Scale()
    for _ in range(STEPS):
        prior = grid.normalised(grid.log_normal(grid.COARSE, scale.mean, scale.sd)).astype(likelihood.dtype)
        people = (1 / (likelihood @ prior)) @ likelihood * prior / len(likelihood)
        mean, sd = grid.moments(grid.COARSE, people)
        scale = Scale(float(mean), float(sd))
    return scale


def _prior(area: AreaResponses, scale: Scale) -> Prior:
    """The authors' levels, for people of whom theta = mean + sd z is true, as a prior of z's scale."""
    b, b_sd = _columns([by_level(level) for level in area.level], "b", "b_error")
    return Prior(
        b_mean=(b - scale.mean) / scale.sd,
        b_sd=b_sd / scale.sd,
        log_a_mean=np.log(of_area(np.asarray(DISCRIMINATION)) * scale.sd),
        log_a_sd=LOG_A_SD,
    )


def _estimates(found: Calibration, area: AreaResponses, scale: Scale) -> list[Estimate]:
    """What was found, on the items' scale."""
    b_sd = np.array([by_level(level).b_error for level in area.level])
    a = of_topic(found.a / scale.sd)
    a_error = np.where(np.isnan(found.se_a), LOG_A_SD * a, np.minimum(found.se_a / found.a, LOG_A_SD) * a)
    b_error = np.where(np.isnan(found.se_b), b_sd, np.minimum(found.se_b * scale.sd, b_sd))
    columns = (a, scale.mean + scale.sd * found.b, a_error, b_error, found.responses)
    return [
        known if known and not responses else Estimate(float(a), float(b), float(ae), float(be), int(responses))
        for known, a, b, ae, be, responses in zip(area.known, *columns, strict=True)
    ]


def _linked(found: Sequence[Estimate], known: Sequence[Estimate | None]) -> list[Estimate]:
    """The estimates, moved and stretched together so that those known before stay where they were on average."""
    pairs = [(new, old) for new, old in zip(found, known, strict=True) if old and new.responses and old.responses]
    if len(pairs) < LEAST_KNOWN:
        return list(found)
    stretch = math.exp(_mean([(math.log(new.a / old.a), old.a_error / old.a) for new, old in pairs]))
    shift = _mean([(old.b - stretch * new.b, old.b_error) for new, old in pairs])
    return [
        Estimate(one.a / stretch, stretch * one.b + shift, one.a_error / stretch, stretch * one.b_error, one.responses)
        if one.responses
        else one
        for one in found
    ]


def _mean(values: Sequence[tuple[float, float]]) -> float:
    """The mean of values with these errors, each weighted by its precision."""
    value, error = np.array(values).T
    return float(np.average(value, weights=1 / error**2))


def _columns(estimates: Sequence[Estimate], *names: str) -> tuple[FloatArray, ...]:
    return tuple(np.array([getattr(estimate, name) for estimate in estimates], dtype=np.float64) for name in names)
