"""DIF against base R; its classes, its level, and planted faults."""

import numpy as np
import pytest

from tracker.scoring.irt import probability
from tracker.scoring.statistics.groups import ability_strata
from tracker.scoring.statistics.logistic_dif import logistic_dif
from tracker.scoring.statistics.mantel_haenszel import MantelHaenszel, mantel_haenszel

from ..builders import reference
from .builders import long_codes

R = reference("dif_mh.json")  # base R 4.2.2, mantelhaen.test and glm, on simulated responses; item 4 has DIF
MARKS, GROUP = np.array(R["X"]), np.array(R["group"])
PERSON, ITEM = long_codes(*MARKS.shape)
TOTAL = MARKS.sum(axis=1)


def of_r(name: str) -> list[float]:
    return [result[name] for result in R["results"]]


def groups(
    *, each: int, items: int, seed: int, shift: float = 0, slope: float = 1, impact: float = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Marks and group of two groups; item 0 is `shift` logits harder for the focal one, and `slope` times as sharp."""
    rng = np.random.default_rng(seed)
    group = np.repeat([0, 1], each)
    theta = rng.normal(size=2 * each) - impact * group
    b, a = rng.normal(size=items), np.full((2 * each, items), 1.2)
    b[0] = 0
    b = np.tile(b, (2 * each, 1))
    b[each:, 0] += shift
    a[each:, 0] *= slope
    return (rng.random(b.shape) < probability(theta[:, None], a, b, 0)).astype(float), group


def by_total(marks: np.ndarray, group: np.ndarray) -> MantelHaenszel:
    return mantel_haenszel(
        *long_codes(*marks.shape),
        marks.ravel(),
        group=group,
        stratum=marks.sum(axis=1).astype(int),
        items=marks.shape[1],
    )


def test_mantel_haenszel_agrees_with_r() -> None:
    found = mantel_haenszel(PERSON, ITEM, MARKS.ravel(), group=GROUP, stratum=TOTAL, items=10)
    np.testing.assert_allclose(found.alpha, of_r("alphaMH"), rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.chi_square, of_r("chi2MH_cc"), rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.p, of_r("p"), rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.delta.value, of_r("deltaMH"), rtol=0, atol=1e-9)
    assert [flag.code for flag in found.flags()] == [3]


def test_logistic_regression_agrees_with_r() -> None:
    found = logistic_dif(PERSON, ITEM, MARKS.ravel(), group=GROUP, matching=TOTAL, items=10)
    np.testing.assert_allclose(found.uniform, of_r("LR_uniform"), rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.nonuniform, of_r("LR_nonuniform"), rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.both, of_r("LR_both"), rtol=0, atol=1e-8)
    assert found.uniform.argmax() == 3


def test_people_in_neither_group_and_missing_responses_change_nothing() -> None:
    some = np.append(np.ones(PERSON.size, dtype=bool), np.zeros(5, dtype=bool))
    person, item = np.append(PERSON, np.full(5, 600)), np.append(ITEM, np.arange(5))
    marks, group = np.append(MARKS.ravel(), np.zeros(5)), np.append(GROUP, -1)
    total = np.append(TOTAL, 0)
    found = mantel_haenszel(person, item, marks, group=group, stratum=total, items=11)
    np.testing.assert_allclose(found.alpha[:10], of_r("alphaMH"), rtol=0, atol=1e-9)
    assert (found.ets[10], found.reference[10]) == ("", 0)
    logistic = logistic_dif(person, item, marks, group=group, matching=total, items=11)
    np.testing.assert_allclose(logistic.uniform[:10], of_r("LR_uniform"), rtol=0, atol=1e-8)
    assert np.isnan(logistic.shift.value[10])
    some[0] = False
    fewer = mantel_haenszel(person[some], item[some], marks[some], group=group, stratum=total, items=11)
    np.testing.assert_allclose(fewer.alpha[1:10], of_r("alphaMH")[1:], rtol=0, atol=1e-9)
    assert fewer.reference[0] == found.reference[0] - 1


def test_one_two_by_two_table_has_its_own_odds_ratio_and_standard_error() -> None:
    """With one stratum, Robins, Breslow & Greenland's variance is Woolf's, 1/20 + 1/10 + 1/15 + 1/25."""
    right = np.repeat([1, 0, 1, 0], [20, 10, 15, 25])
    group = np.repeat([0, 1], [30, 40])
    found = mantel_haenszel(
        np.arange(70), np.zeros(70, dtype=int), right, group=group, stratum=np.zeros(70, dtype=int), items=1
    )
    assert found.alpha[0] == pytest.approx(20 * 25 / (10 * 15))
    half = 1.959964 * 2.35 * np.sqrt(1 / 20 + 1 / 10 + 1 / 15 + 1 / 25)
    assert found.delta.high[0] - found.delta.value[0] == pytest.approx(half, rel=1e-6)
    assert found.delta.value[0] == pytest.approx(-2.35 * np.log(10 / 3))


def test_r_subtracts_nothing_where_observed_and_expected_differ_by_less_than_a_half() -> None:
    right = np.repeat([1, 0, 1, 0], [11, 10, 10, 10])
    group = np.repeat([0, 1], [21, 20])
    found = mantel_haenszel(
        np.arange(41), np.zeros(41, dtype=int), right, group=group, stratum=np.zeros(41, dtype=int), items=1
    )
    expected, variance = 21 * 21 / 41, 21 * 20 * 21 * 20 / (41**2 * 40)
    assert found.chi_square[0] == pytest.approx((11 - expected) ** 2 / variance)


@pytest.mark.parametrize(("shift", "classes"), [(0.0, {"A"}), (0.55, {"A", "B"}), (1.3, {"C"})])
def test_classes_follow_the_size_of_the_planted_dif(shift: float, classes: set[str]) -> None:
    """A shift of s logits times slope 1.2 is a delta of -2.82 s: 0, -1.6 and -3.7, seen a little smaller."""
    found = {str(by_total(*groups(each=400, items=25, seed=seed, shift=shift)).ets[0]) for seed in range(4)}
    assert found <= classes | ({"C"} if shift == 0.55 else set())
    assert classes & found


def test_without_dif_one_item_in_twenty_is_significant_and_hardly_one_flagged_even_if_the_groups_differ() -> None:
    """Seen when written, of 1,500 items: .039 (the continuity correction costs some), .049, .056 and .053; 14 flags."""
    found, logistic = [], []
    for seed in range(20):
        marks, group = groups(each=300, items=25, seed=100 + seed, impact=0.5)
        found.append(by_total(marks, group))
        logistic.append(
            logistic_dif(*long_codes(*marks.shape), marks.ravel(), group=group, matching=marks.sum(axis=1), items=25)
        )
    assert 0.02 <= np.mean([one.p < 0.05 for one in found]) <= 0.08
    assert 0.02 <= np.mean([one.p_uniform < 0.05 for one in logistic]) <= 0.08
    assert 0.02 <= np.mean([one.p_nonuniform < 0.05 for one in logistic]) <= 0.08
    assert 0.02 <= np.mean([one.p_both < 0.05 for one in logistic]) <= 0.08
    assert not [flag for one in found for flag in one.flags()]
    assert sum(len(one.flags()) for one in logistic) / 500 <= 0.02


def test_a_dif_item_is_flagged_alone_and_only_with_a_hundred_in_each_group() -> None:
    marks, group = groups(each=300, items=25, seed=7, shift=1.3)
    (flag,) = by_total(marks, group).flags()
    assert (flag.rule, flag.code, flag.n, flag.limit) == ("DIF", 0, 600, -1.0)
    few = np.concatenate((np.arange(300), np.arange(300, 399)))
    assert by_total(marks[few], group[few]).flags() == ()


def test_dif_that_crosses_is_found_by_the_slope_and_not_by_the_shift() -> None:
    marks, group = groups(each=800, items=25, seed=8, slope=0.2)
    found = logistic_dif(*long_codes(*marks.shape), marks.ravel(), group=group, matching=marks.sum(axis=1), items=25)
    assert found.p_nonuniform[0] < 1e-6
    assert found.p_uniform[0] > 0.01
    (flag,) = found.flags()
    assert (flag.rule, flag.code) == ("non-uniform DIF", 0)
    assert flag.high < flag.limit == -0.2
    assert by_total(marks, group).flags() == ()


def test_shrinking_brings_the_deltas_nearer_to_the_true_ones() -> None:
    """Items with true deltas of sd .7 and 150 people a group, over 20 samples."""
    rng = np.random.default_rng(9)
    raw, shrunk, held = [], [], []
    for _ in range(20):
        true = rng.normal(0, 0.7, 30)
        theta = rng.normal(size=300)
        group = np.repeat([0, 1], 150)
        b = rng.normal(size=30) - np.outer(group, true / 2.35)
        marks = (rng.random(b.shape) < probability(theta[:, None], 1.0, b, 0)).astype(float)
        found = mantel_haenszel(
            *long_codes(300, 30), marks.ravel(), group=group, stratum=ability_strata(theta, strata=20), items=30
        )
        raw.append(found.delta.value - true)
        shrunk.append(found.shrunk.value - true)
        held.append((found.shrunk.low < true) & (true < found.shrunk.high))
    assert np.sqrt(np.mean(np.square(shrunk))) < 0.85 * np.sqrt(np.mean(np.square(raw)))
    assert 0.90 < np.mean(held) < 0.97


def test_an_item_all_have_right_is_unknown_and_spoils_no_other() -> None:
    marks, group = groups(each=150, items=10, seed=10)
    marks[:, 4] = 1
    found, stratum = by_total(marks, group), marks.sum(axis=1)
    assert found.ets[4] == ""
    assert np.isfinite(np.delete(found.shrunk.value, 4)).all()
    logistic = logistic_dif(*long_codes(300, 10), marks.ravel(), group=group, matching=stratum, items=10)
    assert logistic.both[4] == pytest.approx(0, abs=1e-6)
    assert np.isfinite(np.delete(logistic.both, 4)).all()


def test_marks_that_the_matching_tells_apart_perfectly_still_have_their_likelihood_ratio() -> None:
    matching = np.tile(np.arange(10.0), 4)
    group = np.repeat([0, 1], 20)
    right = matching >= 5
    found = logistic_dif(np.arange(40), np.zeros(40, dtype=int), right, group=group, matching=matching, items=1)
    assert found.both[0] == pytest.approx(0, abs=1e-4)


def test_strata_hold_about_as_many_people_each() -> None:
    theta = np.random.default_rng(11).normal(size=1003)
    strata = ability_strata(theta, strata=10)
    assert np.ptp(np.bincount(strata, minlength=10)) <= 1
    assert (np.diff(strata[np.argsort(theta)]) >= 0).all()


@pytest.mark.parametrize(("group", "stratum"), [([2], [0]), ([0], [-1]), ([0, 1], [0]), ([], [])])
def test_impossible_groups_are_refused(group: list[int], stratum: list[int]) -> None:
    with pytest.raises(ValueError, match=r"group|outside|shape"):
        mantel_haenszel([0], [0], [1], group=group, stratum=stratum, items=1)
