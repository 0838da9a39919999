"""Items in sparse and adaptive forms: false alarms under the model, planted faults found."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.scoring.statistics.predicted import Predicted, leave_one_out, one_step_ahead
from tracker.scoring.statistics.residuals import Residuals, residuals

from .builders import Sample, a_sample, an_adaptive_sample


def of(sample: Sample, marks: np.ndarray | None = None) -> Residuals:
    marks = sample.marks if marks is None else marks
    predicted = leave_one_out(sample.person, sample.item, marks, **sample.parameters)
    return residuals(sample.item, marks, predicted, items=sample.items)


def test_the_statistics_are_plain_means_and_correlations() -> None:
    item, marks = np.array([0, 0, 0, 0, 1]), np.array([1, 0, 1, 0.5, 1])
    predicted = Predicted(np.array([1.0, -0.5, 0.2, 0.1, 0.0]), np.array([0.8, 0.4, 0.5, 0.6, 0.3]))
    found = residuals(item, marks, predicted, items=3)
    right = np.array([1, 0, 1, 0])
    assert found.residual.value[:2] == pytest.approx([(0.2 - 0.4 + 0.5 - 0.6) / 4, 0.7])
    half = 1.959964 * np.sqrt(0.16 + 0.24 + 0.25 + 0.24) / 4
    assert found.residual.high[0] - found.residual.value[0] == pytest.approx(half, abs=1e-6)
    assert found.item_rest.value[0] == pytest.approx(np.corrcoef(right, predicted.theta[:4])[0, 1])
    assert np.isnan(found.residual.value[2])
    assert list(found.residual.n) == [4, 1, 0]


@pytest.mark.parametrize("adaptive", [False, True])
def test_of_items_that_fit_one_in_twenty_lies_outside_its_interval_and_none_is_flagged(adaptive: bool) -> None:
    if adaptive:
        sample = an_adaptive_sample(people=4000, items=150, each=20, seed=11)
        predicted = one_step_ahead(sample.person, sample.item, sample.marks, **sample.parameters)
    else:
        sample = a_sample(people=4000, items=150, each=20, seed=12)
        predicted = leave_one_out(sample.person, sample.item, sample.marks, **sample.parameters)
    found = residuals(sample.item, sample.marks, predicted, items=150)
    outside = (found.residual.low > 0) | (found.residual.high < 0)
    assert 0.01 <= outside.mean() <= 0.10
    apart = (found.item_rest.low > found.expected_item_rest) | (found.item_rest.high < found.expected_item_rest)
    assert 0.01 <= apart.mean() <= 0.10
    assert len(found.flags()) <= 2


def test_a_miskeyed_item_goes_against_the_rest_and_one_that_got_easier_lies_above_its_curve() -> None:
    sample = a_sample(people=3000, items=60, each=20, seed=13)
    rng = np.random.default_rng(14)
    marks = np.where(sample.item == 7, 1 - sample.marks, sample.marks)
    marks = np.where((sample.item == 8) & (rng.random(marks.size) < 0.5), 1, marks)
    broken = {(flag.rule, flag.code) for flag in of(sample, marks).flags()}
    assert ("item-rest low", 7) in broken
    assert ("easier than calibrated", 8) in broken
    assert {code for _, code in broken} == {7, 8}


def test_an_item_harder_than_its_parameters_is_flagged_with_its_figures() -> None:
    sample = a_sample(people=3000, items=60, each=20, seed=15)
    claimed = sample.b - np.where(np.arange(60) == 3, 1.0, 0)
    (flag,) = of(replace(sample, b=claimed)).flags()
    assert (flag.rule, flag.code, flag.n) == ("harder than calibrated", 3, (sample.item == 3).sum())
    assert flag.low < flag.value < flag.high < flag.limit == -0.05


def test_predictions_of_other_responses_are_refused() -> None:
    with pytest.raises(ValueError, match="same responses"):
        residuals([0, 0], [1, 0], Predicted(np.zeros(1), np.full(1, 0.5)), items=1)
