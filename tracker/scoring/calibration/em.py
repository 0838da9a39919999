"""Calibration by marginal maximum likelihood: expectation and maximisation in turn, over an even grid of abilities."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from tracker.scoring import grid
from tracker.scoring.calibration.expectation import abilities
from tracker.scoring.calibration.maximisation import Model, State
from tracker.scoring.calibration.model import Anchors, Calibration, Parameters, People, Prior
from tracker.scoring.calibration.responses import BoolArray, checked, in_blocks
from tracker.scoring.calibration.search import Search
from tracker.scoring.calibration.setup import beginning, is_estimable, model_of, resumed
from tracker.scoring.calibration.standard_errors import standard_errors
from tracker.scoring.irt import FloatArray

MOST_E_STEPS = 1000
SINGLE_FROM = 100_000  # responses: fewer take no time
FINEST_IN_SINGLE = 3e-6  # a tolerance that the rounding of single precision never hinders from being reached

OnStep = Callable[[int, float, Parameters], None]


def fit(
    person: ArrayLike,
    item: ArrayLike,
    marks: ArrayLike,
    *,
    items: int,
    c: ArrayLike,
    prior: Prior | None = None,
    anchors: Anchors | None = None,
    common_a: bool = False,
    start: Parameters | None = None,
    tolerance: float = 1e-5,
    on_step: OnStep | None = None,
    with_errors: bool = True,
    errors_together: bool = True,
    with_people: bool = False,
) -> Calibration:
    """Estimate items from responses: the maximum of the marginal likelihood or, with a prior, of the posterior.

    Args: person, item, marks, all of shape (n,), one entry a response; what is missing is absent. person: any integer
        codes. item: codes 0 to items - 1. marks: 0 to 1; only 1 counts as right. c: chances of guessing in [0, 1), one
        value or of shape (items,). prior: None for plain maximum likelihood. anchors: items that stay as they are; the
        population's mean and sd are then estimated, without anchors they are 0 and 1. common_a: one a for all items
        (Rasch), without prior. start: where to go on, as last given to on_step. tolerance: the largest change of an a
        or a d = -a b in an EM step that counts as none. on_step: called on the way with the number of E-steps, the
        log-likelihood and the parameters; what it raises ends the calibration, and started again from these
        parameters, that takes the same way to the last bit. with_errors, with_people: whether to compute these as well.
        errors_together: whether errors allow for those of all other items; see `standard_errors`.
    Returns: a, b and their standard errors, shape (items,), and the rest. An item without responses keeps its prior.
        Without prior it has none (NaN); nor has one that all got right (b minus infinity, a NaN) or all wrong (b
        infinity). Without prior, a may be negative (of an item with a wrong key); and where the likelihood rises
        without end, as it can with a few dozen responses, a stops at 10, or the search, not converged, at MOST_E_STEPS.
    Raises: ValueError if shapes differ or a value is out of bounds.
    Source: Bock & Aitkin (1981), Psychometrika 46, 443-459; steps lengthened by SQUAREM: Varadhan & Roland (2008),
        Scandinavian Journal of Statistics 35, 335-353; a prior as in Mislevy (1986), Psychometrika 51, 177-195;
        anchors with a free population as in Kim (2006), Journal of Educational Measurement 43, 355-381.
    """
    if not tolerance > 0:
        raise ValueError("the tolerance is not above 0")
    responses = checked(person, item, marks, items)
    count, right = responses.counts(items)
    model = model_of(items, c, prior, anchors, common_a=common_a)
    used = is_estimable(model, count, right)
    known = beginning(model, anchors, count, right)
    begun = resumed(known, start, model, used) if start else known
    single = responses.right.size >= SINGLE_FROM and tolerance >= FINEST_IN_SINGLE
    blocks = in_blocks(responses, used, precision=np.float32 if single else np.float64)
    search = Search(model.of(used), blocks, grid.points_for(blocks.most_responses), tolerance)
    never_right = float((count * np.log1p(-model.c))[~used & (count > right)].sum())

    state = _state(begun, used)
    converged = not used.any()
    while not converged and search.e_steps < MOST_E_STEPS:
        state, log_likelihood, converged = search.round(state)
        reached = _parameters(state, known, used, model)
        state = _state(reached, used)  # to the last bit where a search would go on that starts from these parameters
        if on_step and not converged:
            on_step(search.e_steps, log_likelihood + never_right, reached)
    last = search.expect(state)

    se_a, se_b = _prior_errors(model, known)
    if with_errors:
        se_a[used], se_b[used] = standard_errors(state, search.model, blocks, last, together=errors_together)
    else:
        se_a[used], se_b[used] = np.nan, np.nan
    found = _parameters(state, known, used, model)
    return Calibration(
        a=found.a,
        b=found.b,
        se_a=se_a,
        se_b=se_b,
        responses=count,
        mean=found.mean,
        sd=found.sd,
        log_likelihood=last.log_likelihood + never_right,
        e_steps=search.e_steps,
        converged=converged,
        people=People(blocks.person, *abilities(blocks, last)) if with_people else None,
    )


def _state(parameters: Parameters, used: BoolArray) -> State:
    d = -parameters.a * parameters.b
    return State(a=parameters.a[used], d=d[used], mean=parameters.mean, sd=parameters.sd)


def _parameters(state: State, known: Parameters, used: BoolArray, model: Model) -> Parameters:
    """Those of all items: what is not estimated stays as known."""
    a, b = known.a.copy(), known.b.copy()
    a[used], b[used] = state.a, np.where(model.is_free[used], -state.d / state.a, known.b[used])
    return Parameters(a=a, b=b, mean=state.mean, sd=state.sd)


def _prior_errors(model: Model, known: Parameters) -> tuple[FloatArray, FloatArray]:
    """The standard errors of a and b that the prior alone leaves, NaN without one."""
    with np.errstate(divide="ignore"):
        sd_a, sd_b = known.a / np.sqrt(model.log_a_precision), 1 / np.sqrt(model.b_precision)
    return np.where(np.isfinite(sd_a), sd_a, np.nan), np.where(np.isfinite(sd_b), sd_b, np.nan)
