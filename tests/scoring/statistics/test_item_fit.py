"""Item fit against published S-X2, brute force, and the level it claims."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from tracker.scoring.irt import probability
from tracker.scoring.statistics.item_fit import ItemFit, _expected_by_score, fit_by_ability, s_x2
from tracker.scoring.statistics.predicted import Predicted, leave_one_out, one_step_ahead

from .builders import LSAT6, Sample, a_sample, an_adaptive_sample, long_codes, lsat6


def test_lsat6_with_equal_slopes_has_its_published_s_x2() -> None:
    """R mirt's manual; our exact estimates differ from its converged ones by up to .0009."""
    fitted = LSAT6["LSAT6"]["rasch"]
    found = s_x2(*lsat6(), a=fitted["a"], b=fitted["b"], c=np.zeros(5))
    np.testing.assert_allclose(found.chi_square, [0.436, 1.576, 0.871, 0.190, 0.190], atol=0.001)
    assert list(found.df) == [2, 2, 1, 2, 2]
    np.testing.assert_allclose(found.p, stats.chi2.sf(found.chi_square, found.df), atol=1e-12)
    assert found.flags() == ()


def test_the_expected_share_right_at_each_score_is_that_of_all_patterns_summed() -> None:
    a, b, c = np.array([1.0, 0.7, 1.6, 1.2]), np.array([0.0, -1.0, 0.5, 1.0]), np.array([0.2, 0, 0.25, 0])
    points = np.linspace(-7, 7, 2001)
    weights = stats.norm.pdf(points, 0.2, 1.1)
    p = probability(points, a[:, None], b[:, None], c[:, None])
    right, total = np.zeros((4, 5)), np.zeros(5)
    for pattern in product([0, 1], repeat=4):
        taken = np.array(pattern)[:, None]
        chance = (np.where(taken, p, 1 - p).prod(axis=0) * weights).sum()
        total[sum(pattern)] += chance
        right[:, sum(pattern)] += chance * np.array(pattern)
    np.testing.assert_allclose(_expected_by_score(a, b, c, 0.2, 1.1), right / total, atol=1e-6)


def test_groups_are_sixths_by_ability_and_the_statistic_sums_their_squared_residuals() -> None:
    rng = np.random.default_rng(1)
    theta = rng.normal(size=600)
    p = probability(theta, 1.0, 0.0, 0.2)
    right = rng.random(600) < p
    found = fit_by_ability(np.zeros(600, dtype=int), right, Predicted(theta, p), items=1)
    sixths = np.array_split(np.argsort(theta), 6)
    z = [(right[rows] - p[rows]).sum() / np.sqrt((p[rows] * (1 - p[rows])).sum()) for rows in sixths]
    assert (found.chi_square[0], found.df[0]) == pytest.approx((np.square(z).sum(), 6))
    np.testing.assert_allclose(found.observed.value[0], [right[rows].mean() for rows in sixths])
    np.testing.assert_allclose(found.expected[0], [p[rows].mean() for rows in sixths])


def test_people_who_are_alike_stay_together() -> None:
    theta = np.repeat([0.0, 1.0], [90, 30])
    found = fit_by_ability(np.zeros(120, dtype=int), np.ones(120), Predicted(theta, np.full(120, 0.5)), items=1)
    assert sorted(found.observed.n[0]) == [0, 0, 0, 0, 30, 90]
    assert found.df[0] == 2


def test_groups_that_expect_too_little_are_joined() -> None:
    """Sixty people at P = .95 expect .5 wrong a group of ten: three pairs remain, each expecting 1."""
    theta = np.linspace(-1, 1, 60)
    found = fit_by_ability(np.zeros(60, dtype=int), np.ones(60), Predicted(theta, np.full(60, 0.95 - 1e-9)), items=1)
    assert found.df[0] == 3
    assert found.chi_square[0] == pytest.approx(3 * 1 / 0.95, rel=1e-6)


def test_an_item_with_too_few_responses_has_no_fit() -> None:
    found = fit_by_ability([0], [1], Predicted(np.zeros(1), np.full(1, 0.5)), items=2)
    assert list(found.df) == [0, 0]
    assert np.isnan(found.p).all()
    assert found.flags() == ()


def test_the_interval_of_rmsea_is_that_of_the_noncentrality() -> None:
    sample = a_sample(people=2000, items=30, seed=2)
    found = leave_out(sample, marks=np.where(sample.item == 0, sample.marks * (sample.person % 2), sample.marks))
    chi_square, scale = found.chi_square[0], found.df[0] * 2000
    for end, chance in ((found.rmsea.low[0], 0.975), (found.rmsea.high[0], 0.025)):
        assert stats.ncx2.cdf(chi_square, found.df[0], end**2 * scale) == pytest.approx(chance, abs=1e-6)
    assert found.rmsea.value[0] == pytest.approx(np.sqrt((chi_square / found.df[0] - 1) / 2000))
    fitting = found.chi_square < stats.chi2.ppf(0.975, np.maximum(found.df, 1))
    assert (found.rmsea.low[fitting] == 0).all()


def leave_out(sample: Sample, marks: np.ndarray | None = None) -> ItemFit:
    marks = sample.marks if marks is None else marks
    predicted = leave_one_out(sample.person, sample.item, marks, **sample.parameters)
    return fit_by_ability(sample.item, marks, predicted, items=sample.items)


def ahead(sample: Sample) -> ItemFit:
    predicted = one_step_ahead(sample.person, sample.item, sample.marks, **sample.parameters)
    return fit_by_ability(sample.item, sample.marks, predicted, items=sample.items)


def by_score(sample: Sample) -> ItemFit:
    return s_x2(sample.person, sample.item, sample.marks, **sample.parameters, estimated=0)


def assert_level(fits: list[ItemFit]) -> None:
    """One item in twenty has p < .05, one in a hundred p < .01, and at most one in forty is flagged."""
    p = np.concatenate([fit.p[fit.df > 0] for fit in fits])
    assert 0.03 <= (p < 0.05).mean() <= 0.075
    assert (p < 0.01).mean() <= 0.02
    assert sum(len(fit.flags()) for fit in fits) / p.size <= 0.025


def test_items_that_fit_fail_as_often_as_the_level_says_in_sparse_forms() -> None:
    assert_level([leave_out(a_sample(people=4000, items=200, each=20, seed=seed)) for seed in (21, 22, 23)])


def test_items_that_fit_fail_as_often_as_the_level_says_in_adaptive_forms() -> None:
    assert_level([ahead(an_adaptive_sample(people=4000, items=150, each=20, seed=seed)) for seed in (24, 25, 26, 27)])


def test_items_that_fit_fail_as_often_as_the_level_says_in_fixed_forms() -> None:
    samples = [a_sample(people=1000, items=30, seed=seed) for seed in range(30, 50)]
    assert_level([by_score(sample) for sample in samples])
    assert_level([leave_out(sample) for sample in samples])


def test_an_item_with_another_curve_is_flagged_alone() -> None:
    """A flat item (half guessed at all abilities) and a sharp step, taken for ordinary ones."""
    sample = a_sample(people=2000, items=30, seed=51)
    rng = np.random.default_rng(52)
    flat, step = sample.item == 4, sample.item == 9
    marks = np.where(flat, rng.random(flat.size) < 0.5, sample.marks)
    marks = np.where(step, sample.theta[sample.person] > sample.b[9], marks)
    for found in (leave_out(sample, marks), s_x2(sample.person, sample.item, marks, **sample.parameters, estimated=0)):
        assert {4, 9} <= {flag.code for flag in found.flags()}
        assert len(found.flags()) <= 4


@pytest.mark.parametrize(("person", "item"), [([0, 0, 1], [0, 1, 0]), ([0, 0], [0, 0])])
def test_s_x2_of_an_incomplete_form_is_refused(person: list[int], item: list[int]) -> None:
    with pytest.raises(ValueError, match="not every person"):
        s_x2(person, item, np.ones(len(item)), a=[1, 1], b=[0, 0], c=[0, 0])


def test_a_form_of_one_item_has_no_s_x2() -> None:
    person, item = long_codes(20, 1)
    assert list(s_x2(person, item, np.ones(20), a=[1], b=[0], c=[0]).df) == [0]
