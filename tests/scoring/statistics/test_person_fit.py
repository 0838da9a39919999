"""Person fit against all patterns enumerated; its level; careless and changing people."""

from itertools import product

import numpy as np
import pytest

from tracker.scoring.irt import probability
from tracker.scoring.statistics.person_fit import PersonFit, cusum_fit, lz, lz_fit

from .builders import Sample, a_sample, an_adaptive_sample, long_codes


def fit(sample: Sample, marks: np.ndarray | None = None, *, seed: int = 1) -> PersonFit:
    marks = sample.marks if marks is None else marks
    return lz_fit(sample.person, sample.item, marks, **sample.parameters, people=sample.people, seed=seed)


def cusum(sample: Sample, marks: np.ndarray | None = None, *, seed: int = 1) -> PersonFit:
    marks = sample.marks if marks is None else marks
    return cusum_fit(sample.person, sample.item, marks, **sample.parameters, people=sample.people, seed=seed)


def test_lz_is_the_log_likelihood_standardised_over_all_patterns() -> None:
    a, b, c = (
        np.array([1.0, 0.7, 1.6, 1.2, 0.9]),
        np.array([0.0, -1.0, 0.5, 1.0, 2.0]),
        np.array([0.2, 0, 0.25, 0, 0.1]),
    )
    patterns = np.array(list(product([0, 1], repeat=5)))
    p = probability(0.4, a, b, c)
    log_likelihood = np.where(patterns, np.log(p), np.log(1 - p)).sum(axis=1)
    chance = np.exp(log_likelihood)
    mean = chance @ log_likelihood
    sd = np.sqrt(chance @ (log_likelihood - mean) ** 2)
    found = lz(*long_codes(32, 5), patterns.ravel(), theta=np.full(32, 0.4), a=a, b=b, c=c)
    np.testing.assert_allclose(found, (log_likelihood - mean) / sd, atol=1e-10)


def test_the_simulated_p_is_the_chance_of_all_patterns_that_fit_no_better() -> None:
    """All 64 patterns, each scored anew by quadrature, weighted by the posterior predictive chance of each."""
    a, b = np.array([1.5, 1.5, 1.5, 1.2, 1.2, 1.2]), np.array([-1.5, -1.0, 0.0, 0.5, 1.0, 2.0])
    observed = np.array([0, 1, 0, 1, 1, 1])
    patterns = np.array(list(product([0, 1], repeat=6)))
    points = np.linspace(-7, 7, 1401)
    p = probability(points[:, None], a, b, 0)
    likelihoods = np.where(patterns[:, None, :], p, 1 - p).prod(axis=2)
    posteriors = likelihoods * np.exp(-(points**2) / 2)
    posteriors /= posteriors.sum(axis=1, keepdims=True)
    codes = long_codes(64, 6)
    values = lz(*codes, patterns.ravel(), theta=posteriors @ points, a=a, b=b, c=np.zeros(6))
    who = int(np.flatnonzero((patterns == observed).all(axis=1))[0])
    exact = (likelihoods @ posteriors[who])[values <= values[who] + 1e-6].sum()
    found = lz_fit(np.zeros(6, dtype=int), np.arange(6), observed, a=a, b=b, c=np.zeros(6), people=1, seed=3)
    assert found.value[0] == pytest.approx(values[who], abs=1e-4)
    assert found.p.low[0] < exact < found.p.high[0]


def test_of_people_who_fit_at_most_the_stated_share_has_a_low_p_and_fewer_than_one_in_a_hundred_is_flagged() -> None:
    fixed, adaptive = (
        a_sample(people=600, items=25, seed=5),
        an_adaptive_sample(people=600, items=150, each=25, seed=6),
    )
    for found in (fit(fixed), cusum(fixed), cusum(adaptive)):
        assert 0.015 <= (found.p.value < 0.05).mean() <= 0.07
        assert len(found.flags()) / 600 <= 0.012


def test_a_careless_person_is_found_by_lz() -> None:
    """Right on the hard half of the items, wrong on the easy half."""
    sample = a_sample(people=60, items=30, seed=7)
    careless = np.where(sample.b[sample.item] > np.median(sample.b), 1.0, 0.0)
    marks = np.where(sample.person == 11, careless, sample.marks)
    flags = fit(sample, marks).flags()
    assert [flag.code for flag in flags if flag.code == 11] == [11]
    assert len(flags) <= 3
    (flag,) = [flag for flag in flags if flag.code == 11]
    assert flag.high < flag.limit == 0.02
    assert flag.n == 30


def test_of_people_who_stop_trying_halfway_a_third_is_found_by_cusum_and_hardly_anybody_else() -> None:
    """Fifteen answers of an able person, then fifteen that one in ten has right. Seen when written: 45 of 100."""
    sample = a_sample(people=300, items=30, seed=8)
    rng = np.random.default_rng(9)
    able = rng.random(sample.item.size) < probability(
        1.5, *(values[sample.item] for values in sample.parameters.values())
    )
    gave_up = (sample.item >= 15) & (sample.person < 100)
    marks = np.where(gave_up, rng.random(sample.item.size) < 0.1, np.where(sample.person < 100, able, sample.marks))
    found = {flag.code for flag in cusum(sample, marks).flags()}
    assert len([code for code in found if code < 100]) >= 33
    assert len([code for code in found if code >= 100]) <= 4


def test_the_run_is_the_largest_one_sided_sum_of_residuals() -> None:
    """With b far below nothing is learnt of theta: P stays .5 by c, residuals are +-.5, the longest run is of three."""
    marks = [1, 0, 1, 1, 1, 0, 0, 1]
    found = cusum_fit(
        np.zeros(8, dtype=int), np.arange(8), marks, a=np.full(8, 1e-6), b=np.zeros(8), c=np.zeros(8), people=2, seed=1
    )
    assert found.value[0] == pytest.approx(1.5, abs=1e-4)
    assert np.isnan(found.value[1])
    assert np.isnan(found.p.value[1])


def test_p_depends_on_the_seed_and_on_the_person_only() -> None:
    sample = a_sample(people=12, items=15, seed=10)
    some = sample.person >= 6
    for measure in (lz_fit, cusum_fit):
        whole = measure(sample.person, sample.item, sample.marks, **sample.parameters, people=12, seed=4)
        part = measure(
            sample.person[some], sample.item[some], sample.marks[some], **sample.parameters, people=12, seed=4
        )
        np.testing.assert_array_equal(part.p.value[6:], whole.p.value[6:])
        other = measure(sample.person, sample.item, sample.marks, **sample.parameters, people=12, seed=5)
        assert (other.p.value != whole.p.value).any()


def test_few_answers_raise_no_flag() -> None:
    person, item = long_codes(1, 9)
    marks = np.arange(9) >= 4
    found = lz_fit(person, item, marks, a=np.full(9, 3.0), b=np.linspace(-3, 3, 9), c=np.zeros(9), people=1, seed=1)
    assert found.p.value[0] < 0.01
    assert found.flags() == ()


def test_an_ability_missing_or_a_person_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="people"):
        lz([0, 1], [0, 0], [1, 0], theta=[0.0], a=[1], b=[0], c=[0])
    with pytest.raises(ValueError, match="outside"):
        lz_fit([0, 1], [0, 0], [1, 0], a=[1], b=[0], c=[0], people=1, seed=1)
