"""Posteriors without a response against dense quadrature, person by person."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.scoring import grid, irt
from tracker.scoring.statistics.predicted import leave_one_out, one_step_ahead, whole

from .builders import Sample, a_sample

DENSE = np.linspace(-8, 8, 3201)


def by_quadrature(rows: np.ndarray, left: int, sample: Sample) -> tuple[float, float]:
    a, b, c, item, marks = sample.a, sample.b, sample.c, sample.item, sample.marks
    log_posterior = grid.log_normal(DENSE, 0.3, 0.9)
    for row in rows:
        log_posterior = log_posterior + irt.log_likelihood(
            DENSE, marks[[row]], a[item[[row]]], b[item[[row]]], c[item[[row]]]
        )
    weights = grid.normalised(log_posterior)
    at = item[left]
    return float(weights @ DENSE), float(weights @ irt.probability(DENSE, a[at], b[at], c[at]))


def test_the_posterior_of_all_answers_agrees_with_dense_quadrature() -> None:
    sample = a_sample(people=40, items=30, seed=1, each=12)
    found = whole(sample.person, sample.item, sample.marks, **sample.parameters, mean=0.3, sd=0.9)
    for row in (0, 39, 200, 479):
        expected, _ = by_quadrature(np.flatnonzero(sample.person == sample.person[row]), row, sample)
        assert found.theta[row] == pytest.approx(expected, abs=1e-5)
    rows = np.array([5, 3])
    assert found.taken(rows).theta.tolist() == found.theta[rows].tolist()


@pytest.mark.parametrize("ahead", [False, True])
def test_what_other_answers_predict_agrees_with_dense_quadrature(ahead: bool) -> None:
    sample = a_sample(people=40, items=30, seed=1, each=12)
    shuffled = np.argsort(np.tile(np.arange(12), 40), kind="stable")  # everybody's first answers, then the second ones
    person, item, marks = (values[shuffled] for values in (sample.person, sample.item, sample.marks))
    sample = replace(sample, person=person, item=item, marks=marks)
    predict = one_step_ahead if ahead else leave_one_out
    found = predict(sample.person, sample.item, sample.marks, **sample.parameters, mean=0.3, sd=0.9)
    for row in (0, 39, 200, 479):
        own = np.flatnonzero(sample.person == sample.person[row])
        others = own[own < row] if ahead else own[own != row]
        expected = by_quadrature(others, row, sample)
        assert (found.theta[row], found.probability[row]) == pytest.approx(expected, abs=1e-5)


def test_a_first_answer_is_predicted_from_the_population_alone() -> None:
    found = one_step_ahead([0], [0], [1], a=[1], b=[0], c=[0])
    assert (found.theta[0], found.probability[0]) == pytest.approx((0, 0.5), abs=1e-9)


def test_many_people_are_predicted_as_each_alone() -> None:
    sample = a_sample(people=2500, items=40, seed=2, each=20)
    together = leave_one_out(sample.person, sample.item, sample.marks, **sample.parameters)
    for who in (0, 999, 1000, 2499):
        own = sample.person == who
        alone = leave_one_out(np.zeros(20, dtype=int), sample.item[own], sample.marks[own], **sample.parameters)
        np.testing.assert_allclose(together.probability[own], alone.probability, atol=1e-12)


def test_no_responses_predict_nothing() -> None:
    assert leave_one_out([], [], [], a=[1], b=[0], c=[0]).theta.size == 0


@pytest.mark.parametrize(
    ("person", "item", "marks", "a", "c"),
    [
        ([0, 1], [0], [1], [1], [0]),
        ([0], [0], [1, 0], [1], [0]),
        ([0], [1], [1], [1], [0]),
        ([-1], [0], [1], [1], [0]),
        ([0.5], [0], [1], [1], [0]),
        ([0], [0], [1.5], [1], [0]),
        ([0], [0], [1], [0], [0]),
        ([0], [0], [1], [1], [1]),
        ([0], [0], [1], [1, 1], [0]),
    ],
)
def test_impossible_arguments_are_refused(
    person: list[float], item: list[int], marks: list[float], a: list[float], c: list[float]
) -> None:
    with pytest.raises(ValueError, match=r"shape|outside|whole|discrimination"):
        leave_one_out(person, item, marks, a=a, b=[0], c=c)
