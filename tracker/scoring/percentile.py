"""Where a learner stands among the people measured: against how ability is distributed, not against others' scores.

Scores of people little is known of lie too close to the middle, so their distribution is too narrow; an area's
`Population` is the one that calibration estimates of the abilities themselves.
Source: Mislevy (1984), Psychometrika 49, 359-381, for estimating it.
"""

from dataclasses import dataclass

import numpy as np

from tracker.assessment.parameters import Population
from tracker.scoring import grid
from tracker.scoring.ability import Ability
from tracker.scoring.levels import percent

LEAST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Percentile:
    """The share of so many people that a learner is ahead of, in percent, with its 90 % interval."""

    value: int
    low: int
    high: int
    people: int


def percentile_of(ability: Ability, population: Population | None) -> Percentile | None:
    """An ability's place in a population: the mean of its distribution function, and its values at the interval's ends.

    None where fewer than 50 people were measured, or nobody has counted them yet.
    """
    if population is None or population.people < LEAST_PEOPLE:
        return None
    weights = np.array(population.weights)
    below = np.cumsum(weights) - weights / 2
    low, high = np.interp((ability.low, ability.high), grid.COARSE, below)
    # the mean of F(theta) is the chance that theta is above somebody drawn from the population
    mean = sum(weight * ability.chance_of(point) for point, weight in zip(grid.COARSE, weights, strict=True))
    return Percentile(value=percent(mean), low=percent(low), high=percent(high), people=population.people)
