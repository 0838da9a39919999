"""Smoothing, claims of change and the walk's speed: against brute force and the truth of simulations."""

from typing import NamedTuple

import numpy as np
import pytest

from tracker.scoring import evidence, grid
from tracker.scoring.fold import states
from tracker.scoring.growth import Path, area_path, chance_improved, filtered, fit_walk, smooth

from .builders import an_attempt, responses

POINTS = grid.COARSE
Z = 1.6449


class World(NamedTuple):
    """Of n people at k monthly attempts: ability, shape (n, k), and what their answers say, shape (n, k, q)."""

    theta: np.ndarray
    log_likelihood: np.ndarray
    months: np.ndarray


def a_world(*, people: int, walk: float, trend: float = 0, attempts: int = 15, items: int = 10, seed: int = 1) -> World:
    rng = np.random.default_rng([20261128, seed])
    steps = rng.normal(trend, walk, (people, attempts))
    steps[:, 0] = rng.normal(0, 1, people)
    theta = steps.cumsum(axis=1)
    shape = (people, attempts, items)
    a, b, c = rng.lognormal(0, 0.3, shape), rng.normal(0, 1, shape), rng.choice([0, 1 / 15, 0.25], shape)
    marks = rng.random(shape) < c + (1 - c) / (1 + np.exp(-a * (theta[..., None] - b)))
    row = np.repeat(np.arange(people * attempts), items)
    gathered = evidence.gather(row, *(values.ravel() for values in (marks, a, b, c)), rows=people * attempts)
    log_likelihood = np.concatenate([values for _, values in evidence.log_likelihoods(POINTS, gathered)])
    return World(theta, log_likelihood.reshape(people, attempts, -1), np.ones((people, attempts - 1)))


def test_people_who_grow_are_followed_closely_and_honestly() -> None:
    """Fifteen attempts of ten items, a walk of .2 and a trend of .05 a month that the model does not know of."""
    world = a_world(people=4000, walk=0.2, trend=0.05)
    walk = fit_walk(POINTS, world.log_likelihood[:500], world.months[:500])
    known = filtered(POINTS, world.log_likelihood, world.months, walk=walk)
    late = slice(4, None)
    errors = (known.mean - world.theta)[:, late]
    assert np.sqrt(np.mean(errors**2)) < 0.43
    assert 0.86 < np.mean(np.abs(errors) < Z * known.standard_error[:, late]) < 0.94


def test_a_filter_without_a_walk_is_one_long_attempt() -> None:
    """But for what is lost where only a mean and a standard deviation are kept between attempts."""
    world = a_world(people=20, walk=0, attempts=4)
    known = filtered(POINTS, world.log_likelihood, world.months, walk=0)
    whole = grid.normalised(-0.5 * POINTS**2 + world.log_likelihood.sum(axis=1))
    mean, sd = grid.moments(POINTS, whole)
    assert np.abs(known.mean[:, -1] - mean).mean() < 0.02
    assert np.abs(known.standard_error[:, -1] - sd).mean() < 0.02


def test_how_likely_two_attempts_were_is_the_integral_over_both_abilities() -> None:
    world = a_world(people=10, walk=0.3, attempts=2)
    months = np.full((10, 1), 2.5)
    found = filtered(POINTS, world.log_likelihood, months, walk=0.3).log_evidence
    first, second = POINTS[:, None], POINTS
    prior = np.exp(-0.5 * first**2 - 0.5 * (second - first) ** 2 / (0.3**2 * 2.5))
    prior /= prior.sum()
    for at in range(10):
        likely = np.exp(world.log_likelihood[at, 0][:, None] + world.log_likelihood[at, 1])
        assert found[at] == pytest.approx(np.log((prior * likely).sum()), abs=0.03)


@pytest.mark.parametrize("walk", [0.1, 0.25, 0.4])
def test_the_walk_is_found_again(walk: float) -> None:
    world = a_world(people=400, walk=walk, seed=7)
    assert fit_walk(POINTS, world.log_likelihood, world.months) == pytest.approx(walk, rel=0.15)


def test_with_few_steps_to_read_it_from_the_walk_is_the_safe_one() -> None:
    world = a_world(people=14, walk=0.9)
    assert fit_walk(POINTS, world.log_likelihood, world.months) == 0.25
    gone = world.log_likelihood.copy()
    gone[:, 1::2] = 0
    assert fit_walk(POINTS, np.concatenate([gone] * 40), np.concatenate([world.months] * 40)) == 0.25


def a_walk_of_two() -> tuple[Path, np.ndarray, np.ndarray]:
    """Two abilities at three moments, each seen through noise; smoothed, and all six by conditioning at once."""
    rng = np.random.default_rng(20261129)
    prior, step, noise = (m @ m.T + 0.2 * np.eye(2) for m in rng.normal(0, 0.6, (3, 2, 2)))
    seen = rng.normal(0, 1, (3, 2))
    means, covariances = [], []
    mean, covariance = np.zeros(2), prior
    for at in range(3):
        covariance = covariance + (step if at else 0)
        gain = covariance @ np.linalg.inv(covariance + noise)
        mean, covariance = mean + gain @ (seen[at] - mean), covariance - gain @ covariance
        means.append(mean)
        covariances.append(covariance)
    path = smooth(np.array(means), np.array(covariances), np.stack([step, step]))

    whole = np.block([[prior + min(row, column) * step for column in range(3)] for row in range(3)])
    gain = whole @ np.linalg.inv(whole + np.kron(np.eye(3), noise))
    return path, gain @ seen.ravel(), whole - gain @ whole


def test_smoothing_is_conditioning_on_everything_at_once() -> None:
    path, mean, covariance = a_walk_of_two()
    np.testing.assert_allclose(path.mean.ravel(), mean, atol=1e-9)
    for at in range(3):
        np.testing.assert_allclose(path.covariance[at], covariance[2 * at : 2 * at + 2, 2 * at : 2 * at + 2], atol=1e-9)


@pytest.mark.parametrize(("earlier", "later"), [(0, 1), (0, 2), (1, 2)])
def test_a_change_is_judged_from_both_moments_together(earlier: int, later: int) -> None:
    path, mean, covariance = a_walk_of_two()
    draws = np.random.default_rng(1).multivariate_normal(mean, covariance, size=400_000).reshape(-1, 3, 2)
    risen = (draws[:, later] > draws[:, earlier]).mean(axis=0)
    np.testing.assert_allclose(chance_improved(path, earlier=earlier, later=later), risen, atol=0.004)


@pytest.mark.parametrize(("earlier", "later"), [(1, 1), (2, 1), (-1, 1), (0, 3)])
def test_only_moments_in_order_can_be_compared(earlier: int, later: int) -> None:
    with pytest.raises(ValueError, match="moment"):
        chance_improved(a_walk_of_two()[0], earlier=earlier, later=later)


def test_the_path_of_areas_ends_where_the_profile_does_and_sees_a_first_attempt_anew() -> None:
    attempts = [
        an_attempt(*responses("language/syntax", right=1, wrong=7), attempt_id="a1"),
        an_attempt(*responses("tools/git", right=4, wrong=4), attempt_id="a2", days=30),
        an_attempt(*responses("language/syntax", right=8), attempt_id="a3", days=60),
    ]
    _, *after = states(attempts)
    path = area_path(after)
    np.testing.assert_allclose(path.mean[-1], [area.ability.theta for area in after[-1].areas])
    np.testing.assert_allclose(path.covariance[-1], after[-1].covariance)
    assert path.mean[0, 0] > after[0].area("language").ability.theta
    assert path.covariance[0, 0, 0] < after[0].area("language").ability.variance
    improved = chance_improved(path, earlier=0, later=2)
    assert improved[0] > 0.7
    assert improved[0] > improved[1] > 0.5, "what was learnt of one area is believed of another in part"


def test_a_path_of_one_attempt_is_its_profile() -> None:
    _, only = states([an_attempt(*responses("language/syntax", right=3))])
    path = area_path([only])
    assert path.mean.shape == (1, 1)
    assert path.mean[0, 0] == only.area("language").ability.theta
