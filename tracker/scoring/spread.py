"""How a cohort's members spread over a skill: quartiles of what its leads see of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.assessment.sees import Sees
from tracker.scoring.levels import LEVELS, STEP, level_of
from tracker.scoring.need import shown_levels, shown_values
from tracker.scoring.standings import Standings

LEAST_MEMBERS = 5
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Spread:
    """The quartiles of the members with enough evidence in a skill, and how many they are; None for fewer than five.

    levels: lower quartile, median, upper quartile, in words. values: the same in scores, where all are seen with them.
    """

    skill: str
    members: int
    levels: tuple[str, str, str] | None
    values: tuple[int, int, int] | None


def spreads(known: Standings, sees: Sequence[Sees]) -> Iterator[Spread]:
    """The spread in every skill."""
    values, levels = shown_values(known), shown_levels(known)
    shows_numbers = np.array([one.includes(Sees.SCORES) for one in sees], dtype=np.bool_)
    for at, skill in enumerate(known.skills):
        counted = known.is_enough[:, at]
        members = int(counted.sum())
        if members < LEAST_MEMBERS:
            yield Spread(skill, members, None, None)
            continue
        if shows_numbers[counted].all():
            low, middle, high = (STEP * round(value / STEP) for value in np.quantile(values[counted, at], QUARTILES))
            yield Spread(skill, members, (level_of(low), level_of(middle), level_of(high)), (low, middle, high))
        else:
            first, middle, last = np.quantile(levels[counted, at], QUARTILES, method="inverted_cdf")
            yield Spread(skill, members, (LEVELS[first].name, LEVELS[middle].name, LEVELS[last].name), None)
