"""Ability estimates against R's catR, exact LSAT6 posteriors and dense quadrature."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from tracker.scoring import grid, irt
from tracker.scoring.ability import Ability, eap, eap_batch, mean_of, normal, on_grid, running, wle
from tracker.scoring.evidence import log_table
from tracker.scoring.irt import FloatArray

from .builders import reference

CATR = reference("catr.json")
LSAT6 = reference("lsat6_exact.json")
DENSE = np.linspace(-8, 8, 6401)


def dense_posterior(marks: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> FloatArray:
    return grid.normalised(grid.log_normal(DENSE, 0, 1) + irt.log_likelihood(DENSE, marks, a, b, c))


def some_answers(count: int, *, seed: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    a, b, c = rng.lognormal(0, 0.3, count), rng.normal(0, 1, count), rng.choice([0, 0.2, 0.25], count)
    marks = (rng.random(count) < irt.probability(rng.normal(), a, b, c)).astype(float)
    return marks, a, b, c


@pytest.mark.parametrize("estimate", CATR["estimates"], ids=lambda estimate: "".join(map(str, estimate["x"])))
def test_posterior_moments_match_catr(estimate: dict[str, list[float]]) -> None:
    """catR integrates by the trapezoid rule on 81 points on [-4, 4]: its end points weigh half."""
    a, b, c = np.array(CATR["bank"])[np.array(CATR["administered"]) - 1].T[:3]
    points = np.linspace(-4, 4, 81)
    log_prior = grid.log_normal(points, 0, 1)
    log_prior[[0, -1]] += math.log(0.5)
    weights = grid.normalised(log_prior + irt.log_likelihood(points, estimate["x"], a, b, c))
    assert grid.moments(points, weights) == pytest.approx(estimate["EAP"], abs=1e-9)


@pytest.mark.parametrize("model", ["rasch", "twopl", "threepl_c20", "threepl_c25"])
def test_all_32_patterns_of_lsat6_have_their_exact_posterior(model: str) -> None:
    fitted = LSAT6["LSAT6"][model]
    estimates = [
        eap([int(mark) for mark in pattern], fitted["a"], fitted["b"], [fitted["c"]] * 5)
        for pattern in LSAT6["patterns"]
    ]
    np.testing.assert_allclose([one.theta for one in estimates], fitted["EAP"], rtol=0, atol=1e-5)
    np.testing.assert_allclose([one.standard_error for one in estimates], fitted["SD"], rtol=0, atol=1e-5)


def test_without_answers_the_prior_comes_back() -> None:
    prior = eap([], [], [], [], mean=0.5, sd=0.8)
    assert (prior.theta, prior.standard_error) == pytest.approx((0.5, 0.8), abs=1e-6)
    assert (prior.low, prior.high) == pytest.approx((0.5 - 1.645 * 0.8, 0.5 + 1.645 * 0.8), abs=0.001)


@pytest.mark.parametrize("count", [5, 20, 60, 200, 201, 500])
def test_moments_and_quantiles_agree_with_dense_quadrature(count: int) -> None:
    answers = some_answers(count, seed=count)
    weights = dense_posterior(*answers)
    estimate = eap(*answers)
    assert (estimate.theta, estimate.standard_error) == pytest.approx(grid.moments(DENSE, weights), abs=1e-4)
    expected = np.interp([0.05, 0.95], np.cumsum(weights) - weights / 2, DENSE)
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("seed", range(12))
def test_chances_read_off_a_summary_agree_with_dense_quadrature(seed: int) -> None:
    weights = dense_posterior(*some_answers(4 + 3 * seed, seed=seed))
    summary = on_grid(DENSE, weights)
    for cut in (-0.75, 0.5, 1.5):
        assert summary.chance_of(cut) == pytest.approx(weights[cut <= DENSE].sum(), abs=0.005)


def test_the_quantiles_have_their_own_chances() -> None:
    skewed = Ability(theta=1.0, standard_error=0.7, low=0.0, high=2.4)
    assert skewed.chance_of(skewed.low) == pytest.approx(0.95)
    assert skewed.chance_of(skewed.high) == pytest.approx(0.05)


@pytest.mark.parametrize("seed", range(6))
def test_a_widened_ability_is_the_posterior_blurred_by_the_noise(seed: int) -> None:
    weights = dense_posterior(*some_answers(10, seed=seed))
    noise = grid.normalised(grid.log_normal(DENSE, 0, 0.5))
    blurred = on_grid(DENSE, np.convolve(weights, noise, mode="same"))
    widened = on_grid(DENSE, weights).widened(0.25)
    assert_close(widened, blurred, tolerance=0.02)


def test_the_mean_of_two_abilities_is_the_mean_of_independent_posteriors() -> None:
    first, second = (dense_posterior(*some_answers(8, seed=seed)) for seed in (1, 2))
    halves = DENSE / 2
    total = np.convolve(first, second)
    sums = np.linspace(2 * halves[0], 2 * halves[-1], total.size)
    assert_close(mean_of([on_grid(DENSE, first), on_grid(DENSE, second)]), on_grid(sums, total), tolerance=0.02)


def test_the_mean_of_one_ability_is_itself() -> None:
    ability = Ability(theta=1.0, standard_error=0.7, low=0.0, high=2.4)
    assert_close(mean_of([ability]), ability, tolerance=1e-9)


@pytest.mark.parametrize(
    ("marks", "a", "b", "c"),
    [
        ([1, 0], [1], [0, 0], [0, 0]),
        ([[1]], [[1]], [[0]], [[0]]),
        ([1.5], [1], [0], [0]),
        ([-0.5], [1], [0], [0]),
        ([1], [0], [0], [0]),
        ([1], [1], [0], [1]),
        ([1], [1], [0], [-0.1]),
        ([math.nan], [1], [0], [0]),
        ([None], [1], [0], [0]),
        (["right"], [1], [0], [0]),
        ([1], [math.nan], [0], [0]),
        ([1], [1], [math.nan], [0]),
        ([1], [1], [1e300], [0]),
        ([1], [1], [0], [math.nan]),
        (1, 1, 0, 0),
    ],
)
def test_impossible_arguments_are_refused(marks: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> None:
    with pytest.raises(ValueError, match=r"shape|mark|discrimination|difficulty|guessing|convert"):
        eap(marks, a, b, c)
    with pytest.raises(ValueError, match=r"shape|mark|discrimination|difficulty|guessing|convert"):
        eap_batch([0], marks, a, b, c, people=1)


@pytest.mark.parametrize(
    ("mean", "sd"), [(0, 0), (0, -1), (0, 0.05), (0, math.nan), (0, math.inf), (math.nan, 1), (math.inf, 1), (7, 1)]
)
def test_a_prior_that_the_grid_cannot_show_is_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match="prior"):
        eap([1], [1], [0], [0], mean=mean, sd=sd)
    with pytest.raises(ValueError, match="prior"):
        eap_batch([0], [1], [1], [0], [0], people=1, mean=mean, sd=sd)


def test_the_narrowest_prior_is_still_shown() -> None:
    prior = eap([], [], [], [], mean=0.05, sd=grid.NARROWEST)
    assert (prior.theta, prior.standard_error) == pytest.approx((0.05, grid.NARROWEST), abs=0.02)


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint8, np.int64, np.float32, object])
def test_marks_may_come_as_any_kind_of_number(dtype: type) -> None:
    marks, a, b, c = some_answers(20, seed=3)
    assert eap(marks.astype(dtype), a.tolist(), b.tolist(), tuple(c)) == eap(marks, a, b, c)


@given(marks=st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=40), data=st.data())
def test_one_more_right_answer_never_lowers_the_estimate_and_the_interval_holds_it(
    marks: list[float], data: st.DataObject
) -> None:
    count = len(marks)
    a, b, c = (
        data.draw(st.lists(st.floats(*bounds), min_size=count, max_size=count))
        for bounds in ((0.3, 2.5), (-3, 3), (0, 0.5))
    )
    before = eap(marks, a, b, c)
    changed = data.draw(st.integers(0, count - 1))
    after = eap([1.0 if at == changed else mark for at, mark in enumerate(marks)], a, b, c)
    assert after.theta >= before.theta - 1e-9
    assert before.low < before.theta < before.high


def test_chances_fall_as_the_cut_rises_however_skewed_the_ability() -> None:
    for skewed in (Ability(0, 1, -1.0, 2.5), Ability(0, 1, -2.5, 1.0), normal(0, 1)):
        chances = [skewed.chance_of(cut) for cut in np.linspace(-8, 8, 161)]
        assert chances == sorted(chances, reverse=True)


def answers_of_many(counts: list[int]) -> tuple[FloatArray, list[tuple[FloatArray, ...]]]:
    """So many answers of each person: whose each one is, in no order, and each person's own."""
    return np.repeat(np.arange(len(counts)), counts), [some_answers(count, seed=count) for count in counts]


@pytest.mark.parametrize("counts", [[0, 3, 20, 20, 1, 0, 60, 7], [300, 0, 500, 5], [8] * 6])
def test_many_people_at_once_are_each_what_they_are_alone(counts: list[int]) -> None:
    person, answers = answers_of_many(counts)
    columns = [np.concatenate(column) for column in zip(*answers, strict=True)]
    order = np.random.default_rng(1).permutation(person.size)
    for indices in (np.arange(person.size), order):
        found = eap_batch(person[indices], *(column[indices] for column in columns), people=len(counts))
        for at, own in enumerate(answers):
            alone = eap(*own)
            expected = (alone.theta, alone.standard_error, alone.low, alone.high)
            assert tuple(values[at] for values in found) == pytest.approx(expected, abs=1e-4)


def test_all_32_patterns_of_lsat6_at_once_have_their_exact_posterior() -> None:
    fitted = LSAT6["LSAT6"]["threepl_c20"]
    marks = np.array([[int(mark) for mark in pattern] for pattern in LSAT6["patterns"]])
    person, item = np.indices(marks.shape).reshape(2, -1)
    c = np.full(5, fitted["c"])
    found = eap_batch(person, marks.ravel(), fitted["a"], fitted["b"], c, people=32, item=item)
    np.testing.assert_allclose(found.theta, fitted["EAP"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.standard_error, fitted["SD"], rtol=0, atol=1e-5)


def test_of_many_people_those_without_answers_have_the_prior() -> None:
    found = eap_batch([], [], [], [], [], people=2, mean=0.5, sd=0.8)
    np.testing.assert_allclose(found.theta, 0.5, atol=1e-5)
    np.testing.assert_allclose(found.standard_error, 0.8, atol=1e-5)
    assert eap_batch([], [], [], [], [], people=0).theta.shape == (0,)


def test_answers_that_come_one_by_one_end_where_they_end_together() -> None:
    marks, a, b, c = some_answers(20, seed=9)
    state = running(responses=20)
    for mark, table in zip(marks, log_table(state.points, a, b, c), strict=True):
        state = state.after(table[int(mark)])
    assert_close(state.ability, eap(marks, a, b, c), tolerance=1e-9)


def test_weighted_likelihood_matches_catr() -> None:
    """catR's root finder stops at some 3e-5."""
    a, b, c = np.array(CATR["bank"])[np.array(CATR["administered"]) - 1].T[:3]
    marks = np.array([estimate["x"] for estimate in CATR["estimates"]])
    people, count = marks.shape
    found = wle(
        np.repeat(np.arange(people), count), marks.ravel(), *(np.tile(x, people) for x in (a, b, c)), people=people
    )
    expected = np.array([estimate["WL"] for estimate in CATR["estimates"]])
    np.testing.assert_allclose(np.stack(found, axis=1), expected, rtol=0, atol=5e-5)


def test_weighted_likelihood_is_not_drawn_to_the_priors_middle() -> None:
    """A group 1.5 above the middle, forty items each: its mean by weighted likelihood, against that of the EAPs."""
    rng = np.random.default_rng(20261127)
    people, count = 2000, 40
    person, b = np.repeat(np.arange(people), count), rng.normal(1, 1, people * count)
    theta, ones = rng.normal(1.5, 0.3, people), np.ones(people * count)
    marks = rng.random(person.size) < irt.probability(theta[person], 1, b, 0)
    unbiased = wle(person, marks, ones, b, 0 * ones, people=people).theta.mean()
    shrunk = eap_batch(person, marks, ones, b, 0 * ones, people=people).theta.mean()
    assert unbiased == pytest.approx(theta.mean(), abs=0.03)
    assert shrunk < theta.mean() - 0.1


def test_without_answers_there_is_no_likeliest_ability() -> None:
    found = wle([1], [1], [1], [0], [0], people=2)
    assert math.isnan(found.theta[0])
    assert math.isnan(found.standard_error[0])
    assert math.isfinite(found.theta[1])


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint64])
def test_codes_may_be_of_a_type_too_narrow_to_reckon_with(dtype: type) -> None:
    a, b, c = np.ones(200), np.linspace(-2, 2, 200), np.zeros(200)
    person, item, marks = np.array([1, 0, 1, 0]), np.array([199, 150, 3, 130]), [1, 0, 1, 1]
    narrow = eap_batch(person.astype(dtype), marks, a, b, c, people=2, item=item.astype(dtype))
    np.testing.assert_array_equal(narrow, eap_batch(person, marks, a, b, c, people=2, item=item))
    unbiased = wle(person.astype(dtype), marks, a[item], b[item], c[item], people=2)
    np.testing.assert_array_equal(unbiased, wle(person, marks, a[item], b[item], c[item], people=2))


@pytest.mark.parametrize(
    ("person", "people"),
    [([2], 2), ([-1], 2), ([0.0], 2), ([True], 2), ([[0]], 2), ([0, 1], 2), (["ada"], 2), ([0], 0), ([0], -1)],
)
def test_impossible_responses_of_many_are_refused(person: ArrayLike, people: int) -> None:
    for estimate in (eap_batch, wle):
        with pytest.raises(ValueError, match="row"):
            estimate(person, [1], [1], [0], [0], people=people)


def test_without_any_answers_nobody_has_a_likeliest_ability() -> None:
    assert np.isnan(wle([], [], [], [], [], people=3)).all()


def assert_close(one: Ability, other: Ability, *, tolerance: float) -> None:
    expected = (other.theta, other.standard_error, other.low, other.high)
    assert (one.theta, one.standard_error, one.low, one.high) == pytest.approx(expected, abs=tolerance)
