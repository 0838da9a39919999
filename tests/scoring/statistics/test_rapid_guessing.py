"""Rapid guesses: the threshold's rule by hand; honest people are left alone, a rapid guesser is found."""

import numpy as np
import pytest

from tracker.scoring.statistics.rapid_guessing import rapid_guessing

from .builders import long_codes


def times(people: int, items: int, *, seed: int) -> np.ndarray:
    """Lognormal times around 40 s, the usual spread (sd .5 of the logarithm)."""
    return np.random.default_rng(seed).lognormal(np.log(40), 0.5, people * items)


def test_the_threshold_is_a_tenth_of_the_median_at_most_ten_seconds_and_three_until_thirty_are_timed() -> None:
    seconds = np.concatenate((np.linspace(10, 70, 31), np.full(30, 300.0), np.full(29, 50.0), [np.nan]))
    item = np.repeat([0, 1, 2], [31, 30, 30])
    found = rapid_guessing(np.arange(91), item, seconds, people=91, items=4)
    assert list(found.threshold) == pytest.approx([4, 10, 3, 3])


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    found = rapid_guessing(np.arange(30), np.zeros(30, dtype=int), np.repeat([20.0, 40.0], 15), people=30, items=1)
    assert found.threshold[0] == pytest.approx(3.0)


def test_effort_is_the_share_of_timed_responses_that_were_not_rapid() -> None:
    person, item = long_codes(40, 10)
    seconds = np.full(400, 50.0)
    seconds[:3], seconds[10:12], seconds[19] = 1.0, 1.0, np.nan
    found = rapid_guessing(person, item, seconds, people=41, items=10)
    assert found.effort.value[:3] == pytest.approx([0.7, 7 / 9, 1])
    assert list(found.effort.n[:2]) == [10, 9]
    assert np.isnan(found.effort.value[40])
    assert list(np.flatnonzero(found.rapid)) == [0, 1, 2, 10, 11]
    assert list(np.flatnonzero(found.withheld)) == [0]
    assert list(np.flatnonzero(found.warned)) == [0, 1]
    assert [(flag.rule, flag.code) for flag in found.flags()] == [
        ("score withheld: rapid guessing", 0),
        ("rapid guessing", 1),
    ]


def test_a_rapid_guesser_is_withheld_and_no_honest_person_is_even_warned() -> None:
    person, item = long_codes(500, 20)
    seconds = times(500, 20, seed=1)
    guessing = (person == 7) & (item >= 10)
    seconds[guessing] = np.random.default_rng(2).uniform(0.5, 3, guessing.sum())
    found = rapid_guessing(person, item, seconds, people=500, items=20)
    assert list(np.flatnonzero(found.warned)) == [7]
    assert list(np.flatnonzero(found.withheld)) == [7]
    np.testing.assert_array_equal(np.flatnonzero(found.rapid), np.flatnonzero(guessing))


@pytest.mark.parametrize(("item", "seconds"), [([0], [-1.0]), ([1], [1.0]), ([0, 0], [1.0])])
def test_impossible_arguments_are_refused(item: list[int], seconds: list[float]) -> None:
    with pytest.raises(ValueError, match=r"negative|outside|shape"):
        rapid_guessing([0], item, seconds, people=1, items=1)
