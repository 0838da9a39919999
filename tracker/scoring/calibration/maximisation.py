"""The M-step: the items and the population that fit the expected counts, by two steps of Fisher scoring.

Maximising further would gain nothing: the next E-step changes the counts by more. Two rather than one save a third of
the E-steps when responses are sparse, more than two none. Without anchors the population is moved as well, and then
taken back to mean 0 and sd 1 together with the items, which spares EM its two slowest directions (parameter expansion).
Source: Bock & Aitkin (1981), Psychometrika 46, 443-459; Lange (1995), Journal of the Royal Statistical Society B 57,
425-437, for single steps; Liu, Rubin & Wu (1998), Biometrika 85, 755-770, for the expansion.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from tracker.scoring import parts
from tracker.scoring.calibration.curves import ITEMS, curves
from tracker.scoring.calibration.expectation import EStep
from tracker.scoring.calibration.responses import BoolArray
from tracker.scoring.irt import FloatArray

LONGEST_STEP = 1.0  # in a, and in half of d
LEAST_A, MOST_A, MOST_D = 1e-9, 10.0, 40.0  # either way: at a = 0 there is no b; a steeper curve is a step on the grid
LEAST_INFORMATION = 1e-9
LEAST_SD = 0.2  # the grid's spacing: a narrower population would fall between the points


@dataclass(frozen=True, slots=True)
class State:
    """The parameters within calibration: a and d of each item, shape (items,), and the population's mean and sd."""

    a: FloatArray
    d: FloatArray
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Model:
    """What is estimated of which items, and the prior with its precisions (0 for none); arrays of shape (items,)."""

    c: FloatArray
    is_free: BoolArray  # not an anchor
    is_a_free: BoolArray
    is_a_common: bool  # one a for all free items
    b_mean: FloatArray
    b_precision: FloatArray
    log_a_mean: FloatArray
    log_a_precision: FloatArray

    @property
    def is_anchored(self) -> bool:
        """Whether anchors hold the scale, so that the population need not."""
        return not self.is_free.all()

    def of(self, chosen: BoolArray) -> "Model":
        """The same for some of the items."""
        return Model(
            c=self.c[chosen],
            is_free=self.is_free[chosen],
            is_a_free=self.is_a_free[chosen],
            is_a_common=self.is_a_common,
            b_mean=self.b_mean[chosen],
            b_precision=self.b_precision[chosen],
            log_a_mean=self.log_a_mean[chosen],
            log_a_precision=self.log_a_precision[chosen],
        )

    def rules_out(self, state: State) -> bool:
        """Whether an a is not above 0 although its prior says so."""
        return bool((state.a[self.log_a_precision > 0] <= 0).any())

    def log_prior(self, state: State) -> float:
        """The logarithm of the prior's density, up to a constant."""
        deviations = self.b_precision * (-state.d / state.a - self.b_mean) ** 2
        deviations += self.log_a_precision * (np.log(np.abs(state.a)) - self.log_a_mean) ** 2
        return float(-0.5 * deviations.sum())


def maximise(state: State, model: Model, last: EStep) -> State:
    """The next parameters, from the E-step at these."""
    moved = _step(_step(state, model, last), model, last)
    total = float(last.people.sum())
    mean = float(last.people @ last.points / total)
    variance = float(last.people @ (last.points - mean) ** 2 / total)
    if model.is_anchored:
        return replace(moved, mean=mean, sd=max(math.sqrt(variance), LEAST_SD))
    return _moved_back(moved, model, mean, variance, total)


def _step(state: State, model: Model, last: EStep) -> State:
    """The items after one step of scoring."""
    slopes, informations = _scores(state, model, last)
    a, b = state.a, -state.d / state.a
    # the prior of b and of ln a, as functions of a and d
    pull = model.b_precision * (b - model.b_mean) / a
    weight = model.b_precision / a**2
    above = np.log(np.abs(a)) - model.log_a_mean
    weight_a = model.log_a_precision / a**2 * np.maximum(1, 1 - above)  # far below, the curvature is much more than 1
    slope_d = slopes[0] + pull
    slope_a = slopes[1] + b * pull - model.log_a_precision * above / a
    information_dd = informations[0] + weight + LEAST_INFORMATION
    information_ad = informations[1] + b * weight
    information_aa = informations[2] + b**2 * weight + weight_a

    given_d = information_ad / information_dd
    left_slope = slope_a - given_d * slope_d
    left_information = np.maximum(information_aa - given_d * information_ad, LEAST_INFORMATION)
    if model.is_a_common:
        left_slope, left_information = (values[model.is_a_free].sum() for values in (left_slope, left_information))
    step_a = np.where(model.is_a_free, left_slope / left_information, 0)
    step_d = np.where(model.is_free, slope_d / information_dd - given_d * step_a, 0)
    longest = np.maximum(np.abs(step_a), np.abs(step_d) / 2)
    shortened = LONGEST_STEP / np.maximum(longest, LONGEST_STEP)
    if model.is_a_common:
        shortened = shortened.min(initial=1)
    moved_a = np.clip(a + shortened * step_a, -MOST_A, MOST_A)
    moved_a = np.where(model.log_a_precision > 0, np.maximum(moved_a, a / 2), moved_a)
    moved_a = np.where(np.abs(moved_a) < LEAST_A, LEAST_A, moved_a)
    moved_d = np.clip(state.d + shortened * step_d, -MOST_D, MOST_D)
    return replace(state, a=np.where(model.is_a_free, moved_a, state.a), d=np.where(model.is_free, moved_d, state.d))


def _scores(state: State, model: Model, last: EStep) -> tuple[FloatArray, FloatArray]:
    """The expected slopes of the log-likelihood in d and a, and its information about d d, a d and a a.

    Returns: shapes (2, items) and (3, items).
    """
    powers = np.stack((np.ones(last.points.size), last.points, last.points**2), axis=1)
    found = np.empty((5, state.a.size))

    def fill(part: slice) -> None:
        at = curves(last.points, state.a[part], state.d[part], model.c[part])
        right, wrong = last.right[part], last.wrong[part]
        slopes = right * at.slope_right + wrong * at.slope_wrong
        curvature_right, curvature_wrong = at.curvatures
        observed = -(right * curvature_right + wrong * curvature_wrong)
        # where guessing makes the curve bend more than it is expected to, a longer step would swing to and fro
        information = np.maximum((right + wrong) * at.information, observed)
        found[:2, part] = (slopes @ powers[:, :2]).T
        found[2:, part] = (information @ powers).T

    parts.each(fill, parts.slices(state.a.size, ITEMS))
    return found[:2], found[2:]


def _moved_back(state: State, model: Model, mean: float, variance: float, people: float) -> State:
    """The items on a scale on which the population has mean 0 and sd 1 again, as far as the prior agrees.

    In m and t = ln s, theta = m + s theta', the people's and the prior's log-density together rise most by one step
    of scoring from m = 0, t = 0. Where some a are held, s must be 1; items at their bounds hold everything.
    """
    if ((np.abs(state.a) >= MOST_A) | (np.abs(state.d) >= MOST_D)).any():
        return state
    a, b = state.a, -state.d / state.a
    pull = model.b_precision * (b - model.b_mean)
    slope_m = people * mean + pull.sum()
    information_mm = people + model.b_precision.sum()
    if not model.is_a_free.all():
        shift, scale = slope_m / information_mm, 1.0
    else:
        pull_a = model.log_a_precision * (np.log(np.abs(a)) - model.log_a_mean)
        slope_t = people * (variance + mean**2 - 1) + (pull * b).sum() - pull_a.sum()
        information_mt = people * 2 * mean + (model.b_precision * b).sum()
        information_tt = 2 * people + (model.b_precision * b**2).sum() + model.log_a_precision.sum()
        shift, log_scale = np.linalg.solve(
            [[information_mm, information_mt], [information_mt, information_tt]], [slope_m, slope_t]
        )
        scale = np.exp(log_scale)
    return replace(state, a=a * scale, d=state.d + a * shift)
