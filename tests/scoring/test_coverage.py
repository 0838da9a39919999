"""Who holds a level as leads see it, and the chance that enough do: against one member's rules and against counting."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.scoring.ability import Ability
from tracker.scoring.coverage import SeenLevels, chance_of_at_least, chances, holdings, ranks, seen_levels
from tracker.scoring.levels import LEVELS, MIDDLE, UNIT, level_of, on_scale
from tracker.scoring.standings import Standings

ALL = np.arange(4)
LOGITS = [[-3.0, -0.8, 0.1, 1.4], [0.45, 0.48, 2.0, -0.75]]


def some_standings() -> Standings:
    """Two members in four skills; what the second shows in the last one is not enough evidence."""
    theta = np.array(LOGITS)
    return Standings(
        skills=("a", "b", "c", "d"),
        theta=theta,
        standard_error=np.full(theta.shape, 0.5),
        low=theta - 0.9,
        high=theta + 0.7,
        responses=np.full(theta.shape, 9),
        is_enough=np.array([[True] * 4, [True, True, True, False]]),
        last_answered=np.full(theta.shape, np.nan),
    )


def seen(*, lowest: int, highest: int, is_known: bool = True) -> SeenLevels:
    """One member in one topic."""
    one = np.array([[lowest]])
    return SeenLevels(level=one, lowest=one, highest=np.array([[highest]]), is_known=np.array([[is_known]]))


def test_ranks_are_those_of_the_levels_that_scores_are_shown_with() -> None:
    theta = np.arange(-4.5, 4.5, 0.005)
    names = [LEVELS[rank].name for rank in ranks(theta)]
    assert names == [level_of(on_scale(one)) for one in theta.tolist()]


def test_the_levels_seen_are_those_of_score_and_interval_and_none_without_enough_evidence() -> None:
    levels = seen_levels(some_standings(), np.array([2, 3]))
    assert levels.level.tolist() == [[1, 2], [3, 0]]
    assert levels.lowest.tolist() == [[0, 2], [2, 0]]
    assert levels.highest.tolist() == [[2, 3], [3, 0]]
    assert levels.is_known.tolist() == [[True, True], [True, False]]


@pytest.mark.parametrize(
    ("member", "surely", "perhaps", "unknown"),
    [
        (seen(lowest=2, highest=3), True, False, False),
        (seen(lowest=1, highest=2), False, True, False),
        (seen(lowest=0, highest=1), False, False, False),
        (seen(lowest=0, highest=0, is_known=False), False, False, True),
    ],
)
def test_a_level_is_held_surely_perhaps_or_not_or_it_is_not_known(
    member: SeenLevels, *, surely: bool, perhaps: bool, unknown: bool
) -> None:
    held = holdings(member, np.array([2]))
    assert (held.surely.item(), held.perhaps.item(), held.unknown.item()) == (surely, perhaps, unknown)


def test_chances_are_those_of_each_ability_and_none_without_enough_evidence() -> None:
    known, wanted = some_standings(), np.array([1, 2, 3, 2])
    found = chances(known, ALL, wanted)
    for (member, skill), chance in np.ndenumerate(found):
        ability = Ability(
            *(float(values[member, skill]) for values in (known.theta, known.standard_error, known.low, known.high))
        )
        cut = (LEVELS[wanted[skill]].lowest - MIDDLE) / UNIT
        assert chance == pytest.approx(ability.chance_of(cut) if known.is_enough[member, skill] else 0, abs=1e-12)


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(1, 5))
def test_the_chance_of_at_least_so_many_is_what_adding_up_every_outcome_gives(single: list[float], count: int) -> None:
    outcomes = product((False, True), repeat=len(single))
    expected = math.fsum(
        math.prod(chance if happens else 1 - chance for chance, happens in zip(single, outcome, strict=True))
        for outcome in outcomes
        if sum(outcome) >= count
    )
    found = chance_of_at_least(count, np.array(single).reshape(-1, 1))
    assert found.shape == (1,)
    assert found[0] == pytest.approx(expected, abs=1e-12)


def test_the_chance_of_at_least_so_many_of_equal_members_is_binomial() -> None:
    found = chance_of_at_least(2, np.full((10, 3), [0.1, 0.5, 0.9]))
    assert found == pytest.approx([0.2639, 0.9893, 1.0], abs=5e-5)  # any table of the binomial distribution, n = 10
