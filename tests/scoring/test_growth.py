"""The walk's speed: against brute force and the truth of simulations."""

from typing import NamedTuple

import numpy as np
import pytest

from tracker.scoring import evidence, grid
from tracker.scoring.growth import filtered, fit_walk

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
