"""The item model against R's catR and against its own definition."""

from typing import Any

import numpy as np
import pytest

from tracker.scoring.irt import information, log_likelihood, log_probabilities, probability

from .builders import reference

CATR = reference("catr.json")
A, B, C = np.array(CATR["bank"]).T[:3]
THETA = np.array(CATR["theta_grid"])[:, None]


def test_probabilities_match_catr() -> None:
    np.testing.assert_allclose(probability(THETA, A, B, C), CATR["prob"], rtol=0, atol=1e-10)


def test_information_matches_catr() -> None:
    np.testing.assert_allclose(information(THETA, A, B, C), CATR["info"], rtol=0, atol=1e-10)


def test_information_is_the_squared_slope_over_the_variance_of_an_answer() -> None:
    step = 1e-5
    p = probability(THETA, A, B, C)
    slope = (probability(THETA + step, A, B, C) - probability(THETA - step, A, B, C)) / (2 * step)
    np.testing.assert_allclose(information(THETA, A, B, C), slope**2 / (p * (1 - p)), rtol=1e-6)


@pytest.mark.parametrize("guessing", [0.0, 0.25])
def test_log_probabilities_stay_finite_and_complementary_far_from_the_difficulty(guessing: float) -> None:
    theta = np.array([-300.0, -6.0, 0.0, 6.0, 300.0])
    log_right, log_wrong = log_probabilities(theta, 3.0, 0.0, guessing)
    assert np.isfinite(log_right).all()
    assert np.isfinite(log_wrong).all()
    np.testing.assert_allclose(np.exp(log_right) + np.exp(log_wrong), 1, atol=1e-12)


def test_nobody_falls_below_the_chance_of_guessing() -> None:
    assert probability(-50, 1, 0, 0.25) == pytest.approx(0.25)
    assert probability(-50, 1, 0, 0) == pytest.approx(0, abs=1e-20)


def test_far_from_the_difficulty_nothing_is_told_and_nothing_overflows() -> None:
    far = [-1e6, -1e5, -800.0, 800.0, 1e5, 1e6]
    for guessing in (0.0, 0.25):
        np.testing.assert_allclose(information(far, 1, 0, guessing), 0, atol=1e-12)
        np.testing.assert_allclose(probability(far, 1, 0, guessing), [guessing] * 3 + [1] * 3, atol=1e-12)


def test_whole_numbers_truth_values_and_lists_are_numbers_too() -> None:
    whole = probability(np.array([1, 0], dtype=np.int8), np.array([True, True]), [0, 1], 0)
    np.testing.assert_array_equal(whole, probability([1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]))
    assert probability([], 1, 0, 0).shape == information([], 1, 0, 0).shape == (0,)


@pytest.mark.parametrize("curve", [probability, information])
@pytest.mark.parametrize(
    ("theta", "a", "b", "c"),
    [
        (np.nan, 1, 0, 0),
        (np.inf, 1, 0, 0),
        (0, 0, 0, 0),
        (0, -1, 0, 0),
        (0, np.nan, 0, 0),
        (0, np.inf, 0, 0),
        (0, 1, np.nan, 0),
        (0, 1, 1e300, 0),
        (0, 1, 0, 1),
        (0, 1, 0, -0.1),
        (0, 1, 0, np.nan),
        ([0, 1], [1, 1, 1], 0, 0),
        ("high", 1, 0, 0),
    ],
)
def test_impossible_items_and_abilities_are_refused(curve: Any, theta: Any, a: Any, b: Any, c: Any) -> None:
    with pytest.raises(ValueError, match=r"ability|discrimination|guessing|broadcast|convert"):
        curve(theta, a, b, c)


def test_the_likelihood_is_the_product_of_the_answers_and_partial_credit_is_not_right() -> None:
    points = np.array([-1.0, 0.0, 2.0])
    marks, a, b, c = [1, 0.5, 0], [1, 0.8, 1.2], [0, -1, 1], [0.25, 0, 0.2]
    p = probability(points[:, None], a, b, c)
    expected = p[:, 0] * (1 - p[:, 1]) * (1 - p[:, 2])
    np.testing.assert_allclose(np.exp(log_likelihood(points, marks, a, b, c)), expected)
