"""Items without responses, estimates without end, interruptions, and what is refused."""

from typing import Any

import numpy as np
import pytest

from tests.scoring.calibration.worlds import a_world
from tracker.scoring.calibration import Anchors, Calibration, Parameters, Prior, fit

WORLD = a_world(600, 20, each=10, seed=21)
PRIOR = Prior(b_mean=0.3, b_sd=0.8, log_a_mean=0.1, log_a_sd=0.25)


def test_an_item_without_responses_keeps_its_prior() -> None:
    found = fit(*WORLD.responses, items=22, c=0, prior=PRIOR)
    assert list(found.responses[20:]) == [0, 0]
    np.testing.assert_allclose(found.a[20:], np.exp(0.1))
    np.testing.assert_allclose(found.b[20:], 0.3)
    np.testing.assert_allclose(found.se_a[20:], 0.25 * np.exp(0.1))
    np.testing.assert_allclose(found.se_b[20:], 0.8)


def test_an_item_without_responses_has_no_estimate_without_prior() -> None:
    found = fit(*WORLD.responses, items=21, c=0)
    assert np.isnan([found.a[20], found.b[20], found.se_a[20], found.se_b[20]]).all()
    assert np.isfinite(found.b[:20]).all()


def test_items_that_all_got_right_or_wrong_have_no_end_without_prior_and_leave_the_others_alone() -> None:
    extreme = np.select([WORLD.item == 3, WORLD.item == 4], [1.0, 0.0], WORLD.marks)
    found = fit(WORLD.person, WORLD.item, extreme, items=20, c=0.2)
    assert list(found.b[[3, 4]]) == [-np.inf, np.inf]
    assert np.isnan([*found.a[[3, 4]], *found.se_b[[3, 4]]]).all()
    others = ~np.isin(WORLD.item, [3, 4])
    alone = fit(WORLD.person[others], WORLD.item[others], WORLD.marks[others], items=20, c=0.2)
    np.testing.assert_allclose(np.delete(found.b, [3, 4]), np.delete(alone.b, [3, 4]), atol=1e-9)
    missed = (WORLD.item == 4).sum()
    assert found.log_likelihood == pytest.approx(alone.log_likelihood + missed * np.log(0.8))


def test_items_that_all_got_right_or_wrong_have_an_estimate_with_a_prior() -> None:
    extreme = np.select([WORLD.item == 3, WORLD.item == 4], [1.0, 0.0], WORLD.marks)
    found = fit(WORLD.person, WORLD.item, extreme, items=20, c=0, prior=PRIOR)
    assert found.converged
    assert -4 < found.b[3] < -0.5
    assert 1 < found.b[4] < 4


def test_with_hardly_any_responses_and_no_prior_the_search_ends_and_says_so() -> None:
    world = a_world(30, 60, each=20, seed=22)
    found = fit(*world.responses, items=60, c=0)
    assert not found.converged
    assert np.nanmax(np.abs(found.a)) <= 10


def test_no_responses_at_all_leave_the_prior() -> None:
    found = fit([], [], [], items=3, c=0, prior=PRIOR, with_people=True)
    np.testing.assert_allclose(found.b, 0.3)
    assert (found.converged, found.log_likelihood) == (True, 0)
    assert found.people is not None
    assert found.people.eap.size == 0


def test_only_a_mark_of_one_is_right() -> None:
    halves = np.where(WORLD.marks == 0, 0.5, 1)
    same = fit(WORLD.person, WORLD.item, halves, items=20, c=0)
    np.testing.assert_array_equal(same.b, fit(*WORLD.responses, items=20, c=0).b)


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint64, np.float32, object])
def test_marks_may_come_as_any_kind_of_number(dtype: type) -> None:
    found = fit(WORLD.person, WORLD.item, WORLD.marks.astype(dtype), items=20, c=0)
    np.testing.assert_array_equal(found.b, fit(*WORLD.responses, items=20, c=0).b)


@pytest.mark.parametrize("each", [2, 200])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint64])
def test_codes_may_be_of_a_type_too_narrow_to_reckon_with(dtype: type, each: int) -> None:
    world = a_world(250, 200, each=each, seed=23)
    found = fit(world.person.astype(dtype), world.item.astype(dtype), world.marks, items=200, c=0, prior=PRIOR)
    np.testing.assert_array_equal(found.b, fit(*world.responses, items=200, c=0, prior=PRIOR).b)


def test_many_sparse_responses_end_where_double_precision_would() -> None:
    """Beyond a hundred thousand they are taken in single precision, unless the tolerance is too fine for it."""
    rng = np.random.default_rng(24)
    people, items, each = 25_000, 500, 4
    person = np.repeat(np.arange(people), each)
    item = (np.repeat(rng.integers(0, items, people), each) + 37 * np.tile(np.arange(each), people)) % items
    b, theta = rng.normal(0, 1, items), rng.normal(0, 1, people)
    marks = rng.random(person.size) < 1 / (1 + np.exp(b[item] - theta[person]))
    prior = Prior(b_mean=0.0, b_sd=1.0)
    found = fit(person, item, marks, items=items, c=0, prior=prior)
    exact = fit(person, item, marks, items=items, c=0, prior=prior, tolerance=1e-7)
    assert found.converged
    np.testing.assert_allclose(found.a, exact.a, rtol=0, atol=2e-5)
    np.testing.assert_allclose(found.b, exact.b, rtol=0, atol=2e-5)
    np.testing.assert_allclose(found.se_b, exact.se_b, rtol=1e-4)
    assert found.log_likelihood == pytest.approx(exact.log_likelihood, abs=0.01)


class Stopped(Exception):
    """Somebody interrupts."""


@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize("prior", [None, PRIOR])
def test_an_interrupted_calibration_goes_on_to_the_same_end(rounds: int, prior: Prior | None) -> None:
    saved: list[Parameters] = []

    def stop(number: int, log_likelihood: float, parameters: Parameters) -> None:
        saved.append(parameters)
        if len(saved) == rounds:
            raise Stopped

    def calibrate(**options: Any) -> Calibration:
        anchors = Anchors(np.arange(20) < 5, WORLD.a, WORLD.b)
        return fit(*WORLD.responses, items=20, c=0, prior=prior, anchors=anchors, **options)

    with pytest.raises(Stopped):
        calibrate(on_step=stop)
    resumed, straight = calibrate(start=saved[-1]), calibrate()
    assert resumed.e_steps < straight.e_steps
    np.testing.assert_array_equal(resumed.a, straight.a)
    np.testing.assert_array_equal(resumed.b, straight.b)
    assert (resumed.mean, resumed.sd) == (straight.mean, straight.sd)


def test_every_round_tells_how_far_it_is_and_never_loses_likelihood() -> None:
    told: list[tuple[int, float]] = []
    found = fit(
        *WORLD.responses, items=20, c=0, tolerance=1e-9, on_step=lambda number, height, _: told.append((number, height))
    )
    numbers, heights = zip(*told, strict=True)
    assert list(numbers) == sorted(set(numbers))
    assert numbers[-1] < found.e_steps
    assert list(heights) == sorted(heights)
    assert heights[-1] == pytest.approx(found.log_likelihood, abs=1e-6)


def test_the_inputs_are_left_as_they_were() -> None:
    before = [values.copy() for values in WORLD.responses]
    fit(*WORLD.responses, items=20, c=0)
    for values, copy in zip(WORLD.responses, before, strict=True):
        np.testing.assert_array_equal(values, copy)


GOOD: dict[str, Any] = {"person": [0, 0, 1], "item": [0, 1, 1], "marks": [1, 0, 1], "items": 2, "c": 0.0}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"person": [0, 0]}, "one shape"),
        ({"person": [[0, 0, 1]], "item": [[0, 1, 1]], "marks": [[1, 0, 1]]}, "one shape"),
        ({"person": [0.5, 0, 1]}, "integer codes"),
        ({"person": ["ada", "ada", "omar"]}, "integer codes"),
        ({"item": [True, False, True]}, "integer codes"),
        ({"items": -1}, "-1 items"),
        ({"marks": ["right", "wrong", "right"]}, "convert"),
        ({"marks": [1, None, 0]}, "mark"),
        ({"tolerance": 0}, "tolerance"),
        ({"tolerance": np.nan}, "tolerance"),
        ({"c": np.nan}, "guessing"),
        ({"item": [0, 1, 2]}, "outside 0 to 1"),
        ({"item": [0, 1, -1]}, "outside 0 to 1"),
        ({"marks": [1, 0, 1.5]}, "mark"),
        ({"marks": [1, 0, np.nan]}, "mark"),
        ({"c": 1.0}, "guessing"),
        ({"c": -0.1}, "guessing"),
        ({"c": [0.1, 0.1, 0.1]}, r"shape \(2,\)"),
        ({"prior": Prior(b_mean=0, b_sd=0)}, "standard deviation"),
        ({"prior": Prior(b_mean=np.nan, b_sd=1)}, "not finite"),
        ({"prior": Prior(b_mean=[0, 0, 0], b_sd=1)}, "b_mean"),
        ({"prior": Prior(b_mean=0, b_sd=1, log_a_sd=-1)}, "standard deviation"),
        ({"prior": Prior(b_mean=0, b_sd=1), "common_a": True}, "common a"),
        ({"anchors": Anchors([True, False], [0, 1], [0, 0])}, "anchor"),
        ({"anchors": Anchors([True, False], [1, 1], [np.inf, 0])}, "anchor"),
        ({"anchors": Anchors([True], [1, 1], [0, 0])}, "anchors.fixed"),
        ({"prior": PRIOR, "start": Parameters(np.array([1.0, np.nan]), np.zeros(2))}, "start"),
        (
            {
                "anchors": Anchors([True, False], [1, 1], [0, 0]),
                "start": Parameters(np.ones(2), np.zeros(2), mean=0, sd=0),
            },
            "population",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        fit(**{**GOOD, **bad})
