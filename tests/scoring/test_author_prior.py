"""The author's level as item parameters, against integrals done the long way."""

import numpy as np
import pytest

from tracker.scoring.author_prior import LABEL_SD, LABELS, item_parameters
from tracker.scoring.irt import probability

from .builders import a_response

B = np.linspace(-8, 8, 3201)


def given_label(level: int) -> np.ndarray:
    """The posterior of b on a dense grid: standard normal over items, the label unbiased with its error."""
    weights = np.exp(-0.5 * B**2 - 0.5 * ((LABELS[level] - B) / LABEL_SD) ** 2)
    return np.asarray(weights / weights.sum())


@pytest.mark.parametrize("level", LABELS)
def test_the_difficulty_is_the_mean_of_what_the_label_leaves_possible(level: int) -> None:
    parameters = item_parameters([a_response(difficulty=level)])
    assert parameters.b[0] == pytest.approx(given_label(level) @ B, abs=1e-9)


@pytest.mark.parametrize("level", LABELS)
def test_the_curve_is_the_logistic_averaged_over_the_difficulties_left_possible(level: int) -> None:
    """MacKay's approximation is within .01 of the integral."""
    theta = np.linspace(-4, 4, 41)
    averaged = probability(theta[:, None], 1.0, B, 0.25) @ given_label(level)
    curve = probability(theta, *item_parameters([a_response(difficulty=level, guessing=0.25)]))
    np.testing.assert_allclose(curve, averaged, atol=0.01)


def test_each_response_keeps_its_own_level_and_guessing() -> None:
    parameters = item_parameters([a_response(difficulty=1, guessing=0), a_response(difficulty=5, guessing=0.2)])
    assert parameters.b[0] < 0 < parameters.b[1]
    assert list(parameters.c) == [0, 0.2]
    assert parameters.a[0] == parameters.a[1] < 1


def test_no_responses_give_empty_parameters() -> None:
    assert [values.shape for values in item_parameters([])] == [(0,)] * 3


@pytest.mark.parametrize("level", [0, 6])
def test_a_level_that_does_not_exist_is_refused(level: int) -> None:
    with pytest.raises(KeyError):
        item_parameters([a_response(difficulty=level)])
