"""Classical statistics against the published LSAT6 and direct counting."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from tracker.scoring.statistics.classical import classical

from .builders import a_sample, long_codes, lsat6

PEOPLE = 1000


def test_lsat6_has_its_published_statistics() -> None:
    """R mirt and ltm agree on these for the data of Bock & Lieberman (1970)."""
    found = classical(*lsat6())
    np.testing.assert_allclose(found.facility.value, [0.924, 0.709, 0.553, 0.763, 0.870], atol=1e-12)
    np.testing.assert_allclose(found.item_rest.value, [0.1128, 0.1532, 0.1728, 0.1444, 0.1216], atol=5e-5)
    np.testing.assert_allclose(found.item_total.value, [0.3620, 0.5668, 0.6184, 0.5344, 0.4354], atol=5e-5)
    assert float(found.alpha.value) == pytest.approx(0.29500, abs=5e-6)
    assert (found.facility.n == PEOPLE).all()


def test_the_upper_and_the_lower_group_share_those_who_tie_at_their_border() -> None:
    """Of LSAT6 298 people have all right: any 270 of them. 108 have up to 2 right, 162 of the 237 with 3 join them."""
    marks = lsat6()[2].reshape(PEOPLE, 5)
    total = marks.sum(axis=1)
    assert [(total == score).sum() for score in range(6)] == [3, 20, 85, 237, 357, 298]
    lower = (marks[total <= 2].sum(axis=0) + 162 / 237 * marks[total == 3].sum(axis=0)) / 270
    np.testing.assert_allclose(classical(*lsat6()).upper_lower.value, 1 - lower, atol=1e-12)


def test_alpha_without_an_item_is_the_alpha_of_the_form_without_it() -> None:
    marks = lsat6()[2].reshape(PEOPLE, 5)
    found = classical(*lsat6()).alpha_if_deleted.value
    for item in range(5):
        covariance = np.cov(np.delete(marks, item, axis=1), rowvar=False)
        assert found[item] == pytest.approx(4 / 3 * (1 - np.trace(covariance) / covariance.sum()), abs=1e-12)


def test_the_interval_of_alpha_holds_the_true_one_nineteen_times_in_twenty() -> None:
    """Ten parallel items: the true alpha follows from one item's variance and two items' covariance, by quadrature."""
    rng = np.random.default_rng(20261122)
    points = np.linspace(-8, 8, 801)
    weights = stats.norm.pdf(points) / stats.norm.pdf(points).sum()
    p = weights @ expit(1.3 * points)
    covariance = weights @ expit(1.3 * points) ** 2 - p**2
    true = 10 / 9 * (1 - 10 * p * (1 - p) / (10 * p * (1 - p) + 90 * covariance))
    person, item = long_codes(150, 10)
    held = []
    for _ in range(400):
        marks = rng.random((150, 10)) < expit(1.3 * rng.normal(size=(150, 1)))
        alpha = classical(person, item, marks.ravel()).alpha
        held.append(alpha.low < true < alpha.high)
    assert 0.92 < np.mean(held) < 0.98


def test_the_order_of_responses_does_not_matter_and_partial_credit_is_not_right() -> None:
    person, item, marks = lsat6()
    shuffled = np.random.default_rng(1).permutation(marks.size)
    partial = np.where(marks == 1, 1, 0.5)
    found = classical(person[shuffled], item[shuffled], partial[shuffled])
    np.testing.assert_allclose(found.item_rest.value, classical(person, item, marks).item_rest.value, atol=1e-12)


def test_items_that_are_too_easy_too_hard_or_unrelated_are_flagged_and_no_others() -> None:
    sample = a_sample(people=800, items=20, seed=4)
    marks = sample.marks.reshape(800, 20).copy()
    rng = np.random.default_rng(5)
    marks[:, 0], marks[:, 1], marks[:, 2] = rng.random((3, 800)) < [[0.99], [0.1], [0.5]]
    flags = classical(sample.person, sample.item, marks.ravel()).flags()
    assert {(flag.rule, flag.code) for flag in flags if flag.code < 3} == {
        ("facility high", 0),
        ("facility low", 1),
        ("item-rest low", 1),
        ("item-rest low", 2),
    }
    assert not [flag for flag in flags if flag.code >= 3]


def test_too_few_people_raise_no_flag() -> None:
    person, item = long_codes(49, 3)
    assert classical(person, item, np.zeros(person.size)).flags() == ()


def test_what_does_not_vary_has_no_correlation() -> None:
    person, item = long_codes(60, 2)
    found = classical(person, item, (item == 0) | (person % 2 == 0))
    assert np.isnan(found.item_rest.value).all()
    assert np.isnan(classical(person[item == 0], item[item == 0], np.ones(60)).alpha.value)


@pytest.mark.parametrize(
    ("person", "item", "marks"),
    [([0, 0, 1], [0, 1, 0], [1, 1, 1]), ([0, 0], [0, 0], [1, 1]), ([], [], []), ([0], [0, 1], [1, 1]), ([0], [0], [2])],
)
def test_forms_that_are_not_complete_are_refused(person: list[int], item: list[int], marks: list[float]) -> None:
    with pytest.raises(ValueError, match=r"not every person|one shape|outside 0 to 1"):
        classical(person, item, marks)
