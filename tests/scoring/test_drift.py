"""What idle time does to what is known."""

from dataclasses import astuple
from datetime import timedelta

import numpy as np
import pytest

from tracker.scoring.drift import aged, aged_area
from tracker.scoring.fold import fold
from tracker.scoring.profile import AreaProfile, Profile

from .builders import NOON, an_area, an_attempt, responses

SYNTAX = "language/syntax"


def language() -> AreaProfile:
    return fold([an_attempt(*responses(SYNTAX, right=9, wrong=1), *responses("language/oop", right=5))]).area(
        "language"
    )


def test_a_month_adds_its_variance_to_an_area_and_to_its_topics() -> None:
    before = language()
    after = aged_area(before, NOON + timedelta(days=30))
    assert after.ability.variance == pytest.approx(before.ability.variance + 0.25**2)
    assert after.topic(SYNTAX).ability.variance == pytest.approx(
        before.topic(SYNTAX).ability.variance + 0.25**2 + 0.10**2
    )
    assert after.deviation(after.topic(SYNTAX)).variance == pytest.approx(
        before.deviation(before.topic(SYNTAX)).variance + 0.10**2
    )


def test_idle_time_widens_what_is_shown_but_moves_no_mean() -> None:
    widths = []
    for days in (0, 10, 100, 300):
        area = aged_area(language(), NOON + timedelta(days=days))
        assert area.ability.theta == language().ability.theta
        assert area.topic(SYNTAX).ability.theta == language().topic(SYNTAX).ability.theta
        widths.append(area.ability.high - area.ability.low)
    assert widths == sorted(set(widths))


def test_however_long_ago_nobody_is_less_known_than_somebody_unknown() -> None:
    area = aged_area(language(), NOON + timedelta(days=36_500))
    assert area.ability.standard_error == pytest.approx(1)
    assert area.deviation(area.topic(SYNTAX)).standard_error == pytest.approx(0.45)


def test_ageing_in_two_steps_is_ageing_once() -> None:
    half, full = NOON + timedelta(days=40), NOON + timedelta(days=80)
    twice, once = aged_area(aged_area(language(), half), full), aged_area(language(), full)
    assert astuple(twice.ability) == pytest.approx(astuple(once.ability))
    assert astuple(twice.topic(SYNTAX).ability) == pytest.approx(astuple(once.topic(SYNTAX).ability))
    assert twice.topic(SYNTAX).covariance == pytest.approx(once.topic(SYNTAX).covariance)


def test_a_clock_that_lags_changes_nothing() -> None:
    assert aged_area(language(), NOON - timedelta(days=1)) == language()


def test_an_area_never_met_does_not_age() -> None:
    assert aged_area(AreaProfile("tools"), NOON) == AreaProfile("tools")


def test_a_profile_ages_area_by_area_and_keeps_its_history() -> None:
    profile = Profile(areas=(an_area("apis"), an_area("tools", sd=0.3)))
    later = aged(profile, NOON + timedelta(days=30))
    assert [area.ability.variance for area in later.areas] == pytest.approx([0.5**2 + 0.25**2, 0.3**2 + 0.25**2])
    assert [area.last_answered for area in later.areas] == [NOON, NOON]
    assert [area.history for area in later.areas] == [area.history for area in profile.areas]


def test_areas_that_walk_keep_going_together() -> None:
    """Steps are correlated by .6, as the areas are: covariances grow by that share of the walk's variance."""
    both = [*responses(SYNTAX, right=9, wrong=1), *responses("tools/git", right=5, wrong=5)]
    profile = fold([an_attempt(*both)])
    later = aged(profile, NOON + timedelta(days=30))
    expected = profile.covariance + 0.25**2 * np.array([[1, 0.6], [0.6, 1]])
    np.testing.assert_allclose(later.covariance, expected)


def test_however_long_ago_areas_go_together_no_more_than_of_somebody_unknown() -> None:
    both = [*responses(SYNTAX, right=9, wrong=1), *responses("tools/git", right=5, wrong=5)]
    later = aged(fold([an_attempt(*both)]), NOON + timedelta(days=36_500))
    assert np.diagonal(later.covariance) == pytest.approx([1, 1])
    assert 0 < later.covariance[0, 1] <= 0.61
