"""Items that change: the z of two calibrations, and leaks found soon and seldom where there are none."""

import numpy as np
import pytest

from tracker.scoring.irt import probability
from tracker.scoring.statistics.drift import drift, leaks
from tracker.scoring.statistics.predicted import Predicted, leave_one_out

from .builders import a_sample


def answers(p: float, *, count: int, seed: int, leaked_from: int | None = None, known_by: float = 0.7) -> np.ndarray:
    rng = np.random.default_rng(seed)
    known = (np.arange(count) >= (count if leaked_from is None else leaked_from)) & (rng.random(count) < known_by)
    return (rng.random(count) < p) | known


def of_one(right: np.ndarray, p: float) -> object:
    return leaks(
        np.zeros(right.size, dtype=int), right, Predicted(np.zeros(right.size), np.full(right.size, p)), items=1
    )


def test_drift_is_the_change_in_standard_errors() -> None:
    found = drift([0.0, 0.5], [0.06, 0.1], [0.5, 0.4], [0.08, 0.1], responses=[400, 300])
    assert found.z == pytest.approx([5, -0.1 / np.sqrt(0.02)])
    assert (found.change.low[0], found.change.high[0]) == pytest.approx((0.5 - 0.1959964, 0.5 + 0.1959964))
    (flag,) = found.flags()
    assert (flag.rule, flag.code, flag.n, flag.limit) == ("difficulty drifted", 0, 400, 0.3)


def test_neither_a_small_sure_change_nor_a_large_unsure_one_is_flagged_and_a_fall_is() -> None:
    found = drift(np.zeros(3), np.full(3, 0.02), [0.25, 0.9, -0.5], [0.02, 0.4, 0.02], responses=np.full(3, 100))
    assert [(flag.code, flag.limit) for flag in found.flags()] == [(2, -0.3)]


def test_of_items_that_did_not_drift_fewer_than_three_in_a_thousand_are_flagged() -> None:
    rng = np.random.default_rng(1)
    old, new = rng.normal(0, 0.12, (2, 20_000))
    error = np.full(20_000, 0.12)
    assert len(drift(old, error, new, error, responses=np.full(20_000, 300)).flags()) / 20_000 <= 0.0035


@pytest.mark.parametrize(("p", "soon"), [(0.3, 60), (0.5, 90), (0.7, 150)])
def test_a_leaked_item_is_found_soon_with_the_response_it_began_at(p: float, soon: int) -> None:
    delays, begins = [], []
    for seed in range(20):
        found = of_one(answers(p, count=1000, seed=seed, leaked_from=500), p)
        (flag,) = found.flags()
        assert (flag.rule, flag.code) == ("leaked", 0)
        assert 0 < flag.low < flag.value < flag.high
        delays.append(found.alarm[0] - 500)
        begins.append(found.since[0])
    assert 0 < np.mean(delays) < soon
    assert abs(np.median(begins) - 500) <= 10


@pytest.mark.parametrize("p", [0.15, 0.5, 0.85])
def test_a_false_alarm_comes_after_ten_thousand_responses_or_later_on_average(p: float) -> None:
    """Over 600,000 responses of items that did not leak there may be sixty; each item is followed to its first."""
    alarms = responses = 0
    for seed in range(60):
        found = of_one(answers(p, count=10_000, seed=100 + seed), p)
        first = int(found.alarm[0])
        alarms, responses = alarms + (first >= 0), responses + (first + 1 if first >= 0 else 10_000)
    assert alarms <= responses / 10_000


def test_the_sum_is_the_log_likelihood_ratio_of_an_easier_item_stopped_at_nothing() -> None:
    right = np.array([0, 1, 1, 0, 1, 1, 1])
    easier = probability(1.5, 1.0, 0.0, 0.0)
    step = np.where(right, np.log(easier / 0.5), np.log((1 - easier) / 0.5))
    height, peak = 0.0, 0.0
    for one in step:
        height = max(0.0, height + one)
        peak = max(peak, height)
    assert of_one(right, 0.5).peak[0] == pytest.approx(peak)


def test_among_sparse_forms_the_leaked_item_is_flagged_alone() -> None:
    sample = a_sample(people=4000, items=60, each=20, seed=2)
    rng = np.random.default_rng(3)
    hard = int(np.argsort(sample.b)[45])
    leaked = (sample.item == hard) & (sample.person > 2500) & (rng.random(sample.item.size) < 0.7)
    marks = np.where(leaked, 1, sample.marks)
    predicted = leave_one_out(sample.person, sample.item, marks, **sample.parameters)
    found = leaks(sample.item, marks, predicted, items=60)
    assert [flag.code for flag in found.flags()] == [hard]
    assert sample.person[found.alarm[hard]] > 2500


def test_an_item_nobody_met_and_one_without_alarm_have_no_gain() -> None:
    found = leaks([0, 0], [1, 0], Predicted(np.zeros(2), np.full(2, 0.5)), items=2)
    assert list(found.alarm) == list(found.since) == [-1, -1]
    assert np.isnan(found.gain.value).all()
    assert found.flags() == ()


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        drift([0.0], [0.0], [0.1], [0.1], responses=[5])
    with pytest.raises(ValueError, match="shape"):
        drift([0.0], [0.1], [0.1, 0.2], [0.1, 0.1], responses=[5, 5])
    with pytest.raises(ValueError, match="same responses"):
        leaks([0], [1], Predicted(np.zeros(2), np.full(2, 0.5)), items=1)
