"""What an item is expected to tell, against R's catR and against plain arithmetic."""

import numpy as np
import pytest

from tracker.scoring import grid, irt
from tracker.scoring.selection import information
from tracker.scoring.selection.information import curves

from ..builders import reference

CATR = reference("catr.json")
A, B, C = np.array(CATR["bank"]).T[:3]
CURVES = curves(A, B, C)
GIVEN = np.array(CATR["administered"]) - 1
LEFT = np.setdiff1d(np.arange(A.size), GIVEN)
POINTS = np.linspace(-4, 4, 81)  # catR's, by the trapezoid rule: the ends weigh half


def catr_posterior(marks: list[int]) -> irt.FloatArray:
    log_prior = grid.log_normal(POINTS, 0, 1)
    log_prior[[0, -1]] += np.log(0.5)
    return grid.normalised(log_prior + irt.log_likelihood(POINTS, marks, A[GIVEN], B[GIVEN], C[GIVEN]))


def catr_choices(criterion: str) -> list[dict[str, object]]:
    return [one for one in CATR["selection"] if one["criterion"] == criterion]


def test_information_is_that_of_the_item_model_to_rounding() -> None:
    theta = np.linspace(-6, 6, 601)[:, None]
    np.testing.assert_allclose(information.at(theta, CURVES), irt.information(theta, A, B, C), rtol=1e-9, atol=1e-13)


def test_information_of_the_most_extreme_item_a_bank_may_have_is_finite() -> None:
    extreme = curves(np.array([10.0, 10.0]), np.array([13.9, -13.9]), np.array([0.0, 0.25]))
    assert np.isfinite(information.at(grid.COARSE[:, None], extreme)).all()


def test_information_is_highest_at_its_peak_and_falls_on_both_sides() -> None:
    theta = np.linspace(-12, 12, 20001)
    told = irt.information(theta, A[:, None], B[:, None], C[:, None])
    np.testing.assert_allclose(theta[told.argmax(axis=1)], information.peaks(CURVES), atol=2e-3)
    rises = np.sign(np.diff(told, axis=1))
    assert (np.abs(np.diff(rises, axis=1)).sum(axis=1) <= 2).all()


@pytest.mark.parametrize(("low", "high"), [(-6, -5.8), (-0.1, 0.1), (1.4, 1.6), (-3, 3)])
def test_the_most_within_a_stretch_is_what_a_fine_search_finds(low: float, high: float) -> None:
    told = irt.information(np.linspace(low, high, 4001)[:, None], A, B, C)
    most = information.most_within(np.array(low), np.array(high), CURVES, information.peaks(CURVES))
    np.testing.assert_allclose(most, told.max(axis=0), rtol=1e-6)
    assert (most >= told.max(axis=0) * (1 - 1e-9)).all()


@pytest.mark.parametrize("choice", catr_choices("MFI"), ids=lambda one: f"pattern {one['pattern_row']}")
def test_the_most_informative_item_at_the_estimate_is_catrs(choice: dict[str, float]) -> None:
    told = information.at(choice["theta"], CURVES)
    assert LEFT[told[LEFT].argmax()] == choice["item"] - 1
    assert told[LEFT].max() == pytest.approx(choice["info"], abs=1e-10)


@pytest.mark.parametrize("choice", catr_choices("MPWI"), ids=lambda one: f"pattern {one['pattern_row']}")
def test_the_most_informative_item_over_the_posterior_is_catrs(choice: dict[str, list[int]]) -> None:
    told = catr_posterior(choice["x"]) @ information.at(POINTS[:, None], CURVES)
    assert LEFT[told[LEFT].argmax()] == choice["item"] - 1  # type: ignore[operator]


def test_the_mean_information_over_the_posterior_is_catrs_for_every_item() -> None:
    """catR leaves out the posterior's constant, so the two differ by one factor."""
    published = CATR["EPV"]
    marks = next(one["x"] for one in CATR["selection"] if one["pattern_row"] == published["pattern_row"])
    told = catr_posterior(marks) @ information.at(POINTS[:, None], CURVES)
    ratio = told[np.array(published["items"]) - 1] / np.array(published["MPWI"])
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-8)


def test_the_variances_after_either_answer_give_catrs_expected_posterior_variance() -> None:
    """catR weighs the two answers by their chances at the estimate, not by their predictive chances."""
    published = CATR["EPV"]
    marks = next(one["x"] for one in CATR["selection"] if one["pattern_row"] == published["pattern_row"])
    at = np.array(published["items"]) - 1
    found = information.predict(POINTS, catr_posterior(marks), A[at], B[at], C[at])
    p = irt.probability(published["theta"], A[at], B[at], C[at])
    np.testing.assert_allclose(
        p * found.variance_if_right + (1 - p) * found.variance_if_wrong, published["EPV"], rtol=0, atol=1e-9
    )
    assert at[found.variance.argmin()] == at[np.argmin(published["EPV"])]


def test_the_expected_posterior_variance_is_never_above_the_variance_now() -> None:
    """The law of total variance: an answer's expected effect is never to make theta less certain."""
    weights = grid.normalised(grid.log_normal(POINTS, 0.4, 0.7))
    now = grid.moments(POINTS, weights)[1] ** 2
    found = information.predict(POINTS, weights, A, B, C)
    means = np.stack(
        [weights * p @ POINTS / (weights @ p) for p in irt.probability(POINTS, A[:, None], B[:, None], C[:, None])]
    )
    assert (found.variance < now).all()
    q = 1 - found.right
    wrong = (weights @ POINTS - found.right * means) / q
    spread = found.right * q * (means - wrong) ** 2
    np.testing.assert_allclose(found.variance + spread, now, rtol=1e-9)
