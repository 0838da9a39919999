"""Where somebody stands among people: against integrals over both distributions."""

from statistics import NormalDist

import numpy as np
import pytest

from tracker.assessment.parameters import Population
from tracker.scoring import grid
from tracker.scoring.ability import Ability, normal, on_grid
from tracker.scoring.percentile import percentile_of


def people(mean: float = 0, sd: float = 1, *, count: int = 212) -> Population:
    """A normal population."""
    return Population(people=count, weights=tuple(grid.normalised(grid.log_normal(grid.COARSE, mean, sd)).tolist()))


def lopsided() -> tuple[Population, np.ndarray, np.ndarray]:
    """Two groups of people; with a fine grid and their distribution function there."""
    points = np.linspace(-8, 8, 16_001)
    groups = ((0.7, NormalDist(-0.8, 0.6)), (0.3, NormalDist(1.2, 0.5)))
    weights = sum(share * np.array([group.pdf(point) for point in grid.COARSE]) for share, group in groups)
    below = sum(share * np.array([group.cdf(point) for point in points]) for share, group in groups)
    return Population(people=500, weights=tuple((weights / weights.sum()).tolist())), points, below


@pytest.mark.parametrize(("theta", "sd"), [(0, 0.3), (0.8, 0.5), (-1.5, 0.4), (2.2, 0.6)])
def test_among_normal_people_it_is_the_chance_of_being_above_one_of_them(theta: float, sd: float) -> None:
    found = percentile_of(normal(theta, sd), people(0.2, 0.9))
    assert found
    mean = NormalDist(0.2, (0.9**2 + sd**2) ** 0.5).cdf(theta)
    ends = [NormalDist(0.2, 0.9).cdf(theta + side * 1.6449 * sd) for side in (-1, 1)]
    assert [found.value, found.low, found.high] == pytest.approx([100 * mean, *(100 * end for end in ends)], abs=1)
    assert found.people == 212


def test_a_skewed_ability_among_lopsided_people_agrees_with_quadrature() -> None:
    population, points, below = lopsided()
    density = np.exp(-0.5 * ((points - 0.4) / 0.7) ** 2) / (1 + np.exp(-3 * points))
    density /= density.sum()
    cumulative = np.cumsum(density)
    coarse = np.exp(-0.5 * ((grid.COARSE - 0.4) / 0.7) ** 2) / (1 + np.exp(-3 * grid.COARSE))
    found = percentile_of(on_grid(grid.COARSE, coarse / coarse.sum()), population)
    assert found
    expected = [density @ below, *(below[np.searchsorted(cumulative, chance)] for chance in (0.05, 0.95))]
    assert [found.value, found.low, found.high] == pytest.approx([100 * value for value in expected], abs=1.5)


def test_fewer_than_fifty_people_are_nobody_to_compare_with() -> None:
    assert percentile_of(normal(0, 0.5), people(count=49)) is None
    assert percentile_of(normal(0, 0.5), None) is None
    assert percentile_of(normal(0, 0.5), people(count=50)) is not None


@pytest.mark.parametrize("theta", [-5.0, 5.0])
def test_nobody_is_ahead_of_everybody_or_of_nobody(theta: float) -> None:
    found = percentile_of(Ability(theta=theta, standard_error=0.1, low=theta - 0.2, high=theta + 0.2), people())
    assert found
    assert {found.value, found.low, found.high} == {1 if theta < 0 else 99}
