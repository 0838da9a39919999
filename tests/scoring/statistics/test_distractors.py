"""Choices of options against direct counting and SciPy; a planted wrong key is found."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tracker.scoring.statistics.distractors import Distractors, distractors

KEY = np.array([[True, False, False], [False, True, False]])


def chosen_by_ability(
    rng: np.random.Generator, theta: NDArray[np.float64], key: int, weak: float = 0.1
) -> NDArray[np.int64]:
    """The option each person takes: the key by ability, else one of two distractors, the last one rarely."""
    knows = rng.random(theta.size) < 1 / (1 + np.exp(-1.2 * theta))
    others = np.array([option for option in range(3) if option != key])
    return np.where(knows, key, others[(rng.random(theta.size) < weak).astype(int)])


def a_form(
    *, people: int, seed: int, true_key: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Choices of one item, all its people, and what is known of their ability without it."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=people)
    return np.arange(people), chosen_by_ability(rng, theta, true_key), theta + rng.normal(0, 0.4, people)


def of_one_item(person: NDArray[np.int64], option: NDArray[np.int64], theta: NDArray[np.float64]) -> Distractors:
    return distractors(person, np.zeros(person.size, dtype=int), option, theta, key=KEY[:1], options=[3])


def test_shares_and_abilities_are_plain_counts_and_means() -> None:
    person, option, theta = a_form(people=400, seed=1)
    found = of_one_item(person, option, theta)
    for at in range(3):
        takers = theta[option == at]
        assert found.share.value[0, at] == pytest.approx(takers.size / 400)
        interval = stats.t.interval(0.95, takers.size - 1, takers.mean(), stats.sem(takers))
        assert (found.theta.low[0, at], found.theta.high[0, at]) == pytest.approx(interval)
        thirds = np.array_split(np.argsort(theta), [134, 267])
        assert found.by_third.value[0, at] == pytest.approx([(option[third] == at).mean() for third in thirds])
    assert list(found.by_third.n[0, 0]) == [134, 133, 133]
    expected = stats.ttest_ind(theta[option == 1], theta[option == 0], equal_var=False).confidence_interval(0.95)
    assert (found.over_key.low[0, 1], found.over_key.high[0, 1]) == pytest.approx((expected.low, expected.high))
    assert np.isnan(found.over_key.value[0, 0])
    for at in range(3):
        expected_r = stats.pointbiserialr(option == at, theta)
        interval = expected_r.statistic, *stats.pearsonr(option == at, theta).confidence_interval(0.95)
        attraction = found.attraction
        assert (attraction.value[0, at], attraction.low[0, at], attraction.high[0, at]) == pytest.approx(interval)


def test_the_key_rises_with_ability_and_its_distractors_fall() -> None:
    curves = of_one_item(*a_form(people=900, seed=2)).by_third.value[0]
    assert (np.diff(curves[0]) > 0.15).all()
    assert (np.diff(curves[1]) < 0).all()


def test_a_wrong_key_raises_the_alarm_once_fifty_people_answered() -> None:
    person, option, theta = a_form(people=60, seed=3, true_key=1)
    (alarm,) = [flag for flag in of_one_item(person, option, theta).flags() if flag.rule == "miskey alarm"]
    assert (alarm.code, alarm.part, alarm.n) == (0, 1, 60)
    assert alarm.low > 0
    few = slice(0, 49)
    assert of_one_item(person[few], option[few], theta[few]).flags() == ()


def test_right_keys_raise_no_alarm() -> None:
    alarms = [of_one_item(*a_form(people=60, seed=100 + seed)).flags() for seed in range(200)]
    assert not [flag for flags in alarms for flag in flags if flag.rule == "miskey alarm"]


def test_a_distractor_no_better_than_the_key_alarms_by_chance_at_most_one_time_in_forty() -> None:
    """At the edge of the good zone: options chosen whatever the ability."""
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(400):
        theta, option = rng.normal(size=90), rng.integers(0, 3, 90)
        flags = of_one_item(np.arange(90), option, theta).flags()
        alarms += len([flag for flag in flags if flag.rule == "miskey alarm"])
    assert alarms / 800 <= 0.04


def test_a_distractor_that_nobody_believes_is_flagged_and_a_rare_key_is_not() -> None:
    person, theta = np.arange(300), np.random.default_rng(5).normal(size=300)
    flags = of_one_item(person, np.where(person < 3, 0, 1), theta).flags()
    assert [(flag.rule, flag.part) for flag in flags if flag.rule == "distractor unused"] == [("distractor unused", 2)]


def test_several_options_of_one_response_count_one_person_and_none_counts_too() -> None:
    """Three people met item 1: one chose both of its options, one the key, one nothing. Item 0 has no third option."""
    found = distractors([0, 0, 1, 2], [1, 1, 1, 1], [0, 1, 1, -1], [1, 1, 0, -1], key=KEY, options=[2, 2])
    assert found.share.value[1, :2] == pytest.approx([1 / 3, 2 / 3])
    assert list(found.share.n[1]) == [3, 3, 3]
    assert np.isnan(found.share.value[:, 2]).all()
    assert found.theta.value[1, :2] == pytest.approx([1, 0.5])
    assert found.flags() == ()


@pytest.mark.parametrize(
    ("item", "option", "theta"),
    [([0], [3], [0.0]), ([0], [-2], [0.0]), ([2], [0], [0.0]), ([0], [0], [np.nan]), ([0, 0], [0], [0.0])],
)
def test_impossible_arguments_are_refused(item: list[int], option: list[int], theta: list[float]) -> None:
    with pytest.raises(ValueError, match=r"outside|not a number|shape"):
        distractors([0], item, option, theta, key=KEY, options=[3, 3])
