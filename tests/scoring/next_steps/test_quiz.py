"""What a quiz can be expected to tell, against closed forms and against quizzes that were really simulated."""

import math

import numpy as np
import pytest

from tests.scoring.builders import an_ability
from tracker.scoring import grid
from tracker.scoring.author_prior import by_level, flattened
from tracker.scoring.irt import FloatArray, log_probabilities, probability
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.scoring.next_steps.quiz import INFORMATION, ITEMS, chance_of_settling, risk_drop


@pytest.mark.parametrize("sd", [0.2, 0.5, 0.8, 1.1])
def test_at_the_cut_the_risk_left_is_an_arc_cosine(sd: float) -> None:
    """Sheppard (1899): normals with correlation rho lie on opposite sides of their means with chance acos(rho)/pi."""
    told = INFORMATION * sd**2
    rho = math.sqrt(told / (1 + told))
    assert risk_drop(an_ability(PROFICIENT_CUT, sd)) == pytest.approx(0.5 - math.acos(rho) / math.pi, abs=1e-3)


@pytest.mark.parametrize("sd", [0.2, 0.6, 1.1])
@pytest.mark.parametrize("theta", [-1.5, 0.1, 0.9, 2.5])
def test_risk_and_settling_are_what_normal_draws_say(theta: float, sd: float) -> None:
    rng = np.random.default_rng(7)
    truth = rng.normal(theta, sd, 400_000)
    seen = truth + rng.normal(0, INFORMATION**-0.5, truth.size)
    precision = sd**-2 + INFORMATION
    mean = (theta * sd**-2 + seen * INFORMATION) / precision
    wrong_now = np.mean((truth >= PROFICIENT_CUT) != (theta >= PROFICIENT_CUT))
    wrong_then = np.mean((truth >= PROFICIENT_CUT) != (mean >= PROFICIENT_CUT))
    settled = np.mean(np.abs(mean - PROFICIENT_CUT) * math.sqrt(precision) >= 0.8416212)
    assert risk_drop(an_ability(theta, sd)) == pytest.approx(wrong_now - wrong_then, abs=0.003)
    assert chance_of_settling(an_ability(theta, sd)) == pytest.approx(settled, abs=0.003)


@pytest.mark.parametrize(("theta", "sd"), [(0.5, 1.1), (0.5, 0.6), (0.0, 0.8), (1.2, 0.8), (-0.5, 0.7)])
def test_adaptive_quizzes_settle_and_lower_the_risk_about_as_expected(theta: float, sd: float) -> None:
    """Eight items, each close to the estimate so far, difficulties known as authors know them, scored on the grid.

    Seen when written: within .03 for both.
    """
    rng = np.random.default_rng(3)
    truth = rng.normal(theta, sd, 6000)
    log_weights: FloatArray = np.repeat(grid.log_normal(grid.COARSE, theta, sd)[None], truth.size, axis=0)
    author = by_level(3)
    a = flattened(author.a, author.b_error**2)
    for _ in range(ITEMS):
        mean, _sd = grid.moments(grid.COARSE, grid.normalised(np.asarray(log_weights, dtype=np.float64)))
        b = mean - 0.2 + rng.normal(0, 0.5, truth.size)
        right = rng.random(truth.size) < probability(
            truth, author.a, b + rng.normal(0, author.b_error, truth.size), 0.25
        )
        log_right, log_wrong = log_probabilities(grid.COARSE, a, b[:, None], 0.25)
        log_weights += np.where(right[:, None], log_right, log_wrong)
    above = grid.normalised(np.asarray(log_weights, dtype=np.float64)) @ (
        (grid.COARSE > PROFICIENT_CUT + 0.01) + 0.5 * np.isclose(grid.COARSE, 0.5)
    )
    is_above = truth >= PROFICIENT_CUT
    drop = np.mean(is_above != (theta >= PROFICIENT_CUT)) - np.mean(is_above != (above >= 0.5))
    assert risk_drop(an_ability(theta, sd)) == pytest.approx(drop, abs=0.03)
    assert chance_of_settling(an_ability(theta, sd)) == pytest.approx(
        np.mean((above <= 0.2) | (above >= 0.8)), abs=0.05
    )


def test_a_quiz_never_raises_the_risk() -> None:
    for theta in np.linspace(-4, 4, 33):
        for sd in (0.05, 0.3, 1.1):
            assert 0 <= risk_drop(an_ability(float(theta), sd)) <= 0.5
            assert 0 <= chance_of_settling(an_ability(float(theta), sd)) <= 1
