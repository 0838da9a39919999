"""Who needs help first, told only by what is seen."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scoring.slow_standings import standings
from tracker.assessment.sees import Sees
from tracker.scoring.levels import LEVELS
from tracker.scoring.need import UNKNOWN, in_need_first, needs, shown_levels, shown_values
from tracker.scoring.profile import AreaProfile, Profile
from tracker.scoring.standings import Standings

from .builders import a_roadmap, an_area

TOOLS = {"tools": "Proficient"}


def known(*areas: AreaProfile | None) -> Standings:
    """The standings of learners of whom one area is known, or nothing."""
    return standings([Profile(areas=(area,) if area else ()) for area in areas], a_roadmap())


def tools(*thetas: float | None, sees: Sequence[Sees] | None = None) -> tuple[Standings, Sequence[Sees]]:
    """Learners who stand here in tools, and how much is seen of them."""
    areas = [None if theta is None else an_area("tools", theta=theta) for theta in thetas]
    return known(*areas), sees or [Sees.SCORES] * len(thetas)


@given(theta=st.floats(-6, 6), count=st.integers(0, 9))
def test_values_and_levels_are_those_that_scores_have(theta: float, count: int) -> None:
    found = known(an_area("tools", theta=theta, count=count))
    place = found.place("tools")
    score = found.score(0, place)

    level = shown_levels(found)[0, place]

    assert shown_values(found)[0, place] == score.value
    assert (None if level == UNKNOWN else LEVELS[level].name) == score.level


def test_who_is_furthest_below_what_is_wanted_comes_first_and_the_unknown_last() -> None:
    found, sees = tools(None, 0.2, -1.0, 1.5, 0.0)

    assert in_need_first(found, sees, TOOLS) == [2, 4, 1, 3, 0]


def test_need_is_the_mean_over_what_is_known_of_the_goals() -> None:
    profile = Profile(areas=(an_area("apis", theta=0.0), an_area("databases", theta=3.0), an_area("tools", count=4)))
    found = standings([profile, Profile()], a_roadmap())
    goals = dict.fromkeys(("apis", "databases", "tools"), "Proficient")

    need = needs(found, [Sees.SCORES] * 2, goals)

    assert need[0] == pytest.approx((550 - 500 + 0) / 2)
    assert np.isnan(need[1])


def test_among_those_who_reach_everything_the_lower_scores_come_first() -> None:
    found, sees = tools(2.0, 0.6, 1.0)

    assert in_need_first(found, sees, TOOLS) == [1, 2, 0]


def test_of_whom_only_levels_are_seen_their_order_within_a_level_tells_nothing() -> None:
    found, _ = tools(0.4, -0.7, 0.0)

    assert in_need_first(found, [Sees.LEVELS] * 3, TOOLS) == [0, 1, 2]
    assert in_need_first(found, [Sees.SCORES] * 3, TOOLS) == [1, 2, 0]


@given(
    thetas=st.lists(st.floats(-4, 4), min_size=2, max_size=6),
    others=st.lists(st.sampled_from(list(Sees)), min_size=6, max_size=6),
    moved=st.floats(-4, 4),
)
def test_a_score_that_is_not_seen_moves_nobody_while_its_level_stays(
    thetas: list[float], others: list[Sees], moved: float
) -> None:
    sees = [Sees.LEVELS, *others[: len(thetas) - 1]]
    before, _ = tools(*thetas)
    after, _ = tools(moved, *thetas[1:])
    if (shown_levels(before) == shown_levels(after)).all():
        assert in_need_first(before, sees, TOOLS) == in_need_first(after, sees, TOOLS)
