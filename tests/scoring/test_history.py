"""How an area went: what was reported, what is seen from today, and whether claims of change come true."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tracker.assessment.parameters import AREA_WALK, TOPIC_WALK
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.history import AreaHistory, area_histories, area_history, faded
from tracker.scoring.irt import probability
from tracker.scoring.profile import Profile
from tracker.scoring.structure import TOPIC_SD

from .builders import NOON, a_response, an_ability, an_attempt, responses

DAY = timedelta(days=1)


def somebody() -> Profile:
    """Three attempts in one area with one in another between."""
    return fold(
        [
            an_attempt(*responses("language/syntax", right=2, wrong=8), attempt_id="a1"),
            an_attempt(*responses("language/syntax", right=5, wrong=5), attempt_id="a2", days=30),
            an_attempt(*responses("tools/git", right=6, wrong=2), attempt_id="a3", days=45),
            an_attempt(*responses("language/syntax", right=9, wrong=1), attempt_id="a4", days=60),
        ]
    )


def language(days: float = 60) -> AreaHistory:
    """Its history, so many days after the first attempt."""
    return area_histories(aged(somebody(), NOON + days * DAY))["language"]


def test_each_attempt_in_the_area_is_there_as_reported_and_as_seen_from_today() -> None:
    history = language()
    assert [seen.attempt_id for seen in history.attempts] == ["a1", "a2", "a4"]
    assert [seen.reported for seen in history.attempts] == [
        point.score for point in somebody().area("language").history
    ]
    first, _, last = history.attempts
    assert first.smoothed.value > first.reported.value
    assert first.smoothed.high - first.smoothed.low < first.reported.high - first.reported.low
    assert last.smoothed == last.reported


def test_the_course_runs_through_other_areas_attempts_to_today() -> None:
    assert [step.at for step in language(100).course] == [NOON + days * DAY for days in (0, 30, 45, 60, 100)]
    assert language(100).course[-1].ability == aged(somebody(), NOON + 100 * DAY).area("language").ability
    assert [step.at for step in language(60).course] == [NOON + days * DAY for days in (0, 30, 45, 60)]


def test_an_area_met_later_has_a_course_from_there_on() -> None:
    tools = area_histories(somebody())["tools"]
    assert [seen.attempt_id for seen in tools.attempts] == ["a3"]
    assert [step.at for step in tools.course] == [NOON + 45 * DAY, NOON + 60 * DAY]
    assert tools.attempts[0].change is None


def test_changes_are_from_each_attempt_to_the_last_one_of_the_area() -> None:
    first, second, last = language().attempts
    assert first.change
    assert second.change
    assert last.change is None
    assert first.change.improved > second.change.improved > 0.5
    assert language().before == second


def test_nobody_and_an_area_never_answered_have_no_history() -> None:
    assert area_histories(Profile()) == {}
    assert set(area_histories(somebody().with_area("apis"))) == {"language", "tools"}
    assert area_history(Profile(), "apis") == area_history(somebody().with_area("apis"), "apis") == AreaHistory()
    assert area_history(somebody(), "tools") == area_histories(somebody())["tools"]


def test_what_has_faded_is_told_once_the_printed_interval_is_wider_at_both_ends() -> None:
    assert language(60).faded is None
    told = language(400).faded
    assert told
    last = language(60).attempts[-1].smoothed
    assert (told.at, told.low, told.high) == (NOON + 60 * DAY, last.low, last.high)
    assert faded(an_ability(0, 0.5), NOON, today=an_ability(0, 0.501)) is None
    assert faded(an_ability(0, 0.5), NOON, today=an_ability(0.1, 0.52)) is None


def a_life(rng: np.random.Generator, *, months: int) -> tuple[np.ndarray, Profile]:
    """An area's ability at four attempts so many months apart, walking as the model says, and what they tell of it:
    fifteen answers each, in three topics whose deviations walk too.
    """
    theta = rng.normal() + np.concatenate(([0], rng.normal(0, AREA_WALK * months**0.5, 3).cumsum()))
    deviation = rng.normal(0, TOPIC_SD, 3)
    attempts = []
    for at in range(4):
        items = [
            a_response(topic_id, difficulty=int(rng.integers(1, 6)), slug=f"item-{number}")
            for topic_id in ("language/syntax", "language/oop", "language/data-structures")
            for number in range(5)
        ]
        right = rng.random(15) < probability(theta[at] + np.repeat(deviation, 5), *item_parameters(items))
        given = [replace(item, mark=float(mark)) for item, mark in zip(items, right, strict=True)]
        attempts.append(an_attempt(*given, attempt_id=f"a{at}", days=30 * months * at))
        deviation += rng.normal(0, TOPIC_WALK * months**0.5, 3)
    return theta, fold(attempts)


@pytest.mark.parametrize("months", [1, 6])
def test_changes_come_true_as_often_as_said_and_smoothed_intervals_hold_the_truth(months: int) -> None:
    rng = np.random.default_rng([20261201, months])
    chances, came_true, held = [], [], []
    for _ in range(400):
        theta, profile = a_life(rng, months=months)
        history = area_histories(profile)["language"]
        chances += [seen.change.improved for seen in history.attempts if seen.change]
        came_true += [theta[3] > theta[at] for at in range(3)]
        held += [
            step.ability.low < truth < step.ability.high for step, truth in zip(history.course, theta, strict=True)
        ]
    said, true = np.array(chances), np.array(came_true)
    for low in (0, 0.2, 0.4, 0.6, 0.8):
        among = (low <= said) & (said < low + 0.2)
        if among.sum() > 50:
            assert np.mean(true[among]) == pytest.approx(np.mean(said[among]), abs=0.1)
    assert 0.87 < np.mean(held) < 0.93
