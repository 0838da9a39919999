"""Whole tests under simulation, everything drawn from the model itself."""

import numpy as np
import pytest

from tracker.scoring import ability, irt
from tracker.scoring.selection import simulate

from .builders import a_bank, take_tests, whole_quotas


def test_a_bank_of_500_measures_well_in_15_items_shares_the_load_and_keeps_the_quotas() -> None:
    bank = a_bank(500, topics=5, areas=5)
    quotas = whole_quotas(bank, 3)
    taken = take_tests(bank, quotas, people=4_000, seed=20261122)
    assert taken.rmse <= 0.40
    assert taken.exposure.max() <= 0.27
    assert taken.overlap <= 0.20
    assert (taken.exposure > 0).all()
    for form in taken.forms:
        assert np.bincount(bank.topic[form]).tolist() == [3, 3, 3, 3, 3]


def test_small_topics_share_their_load_evenly_when_none_can_stay_below_the_limit() -> None:
    bank = a_bank(12)
    taken = take_tests(bank, whole_quotas(bank, 5), people=600, seed=5)
    assert np.ptp(taken.exposure) < 0.1


@pytest.mark.parametrize("size", [60, 700, 5_000])
def test_people_simulated_together_are_asked_what_a_search_of_the_whole_bank_asks_each(size: int) -> None:
    bank = a_bank(size)
    a = bank.curves.a
    theta = np.random.default_rng(1).normal(size=40)
    found = simulate(bank, theta, length=20, rng=np.random.default_rng(2))
    for person in range(theta.size):
        for place in range(20):
            given, marks = found.items[person, :place], found.marks[person, :place]
            estimate = ability.eap(marks, a[given], bank.b[given], bank.c[given]).theta
            told = irt.information(estimate, a, bank.b, bank.c)
            told[given] = -1
            assert told[found.items[person, place]] == pytest.approx(told.max(), rel=1e-7)
        last = ability.eap(
            found.marks[person], a[found.items[person]], bank.b[found.items[person]], bank.c[found.items[person]]
        )
        assert (found.theta[person], found.standard_error[person]) == pytest.approx((last.theta, last.standard_error))


def test_simulated_people_answer_as_their_ability_says() -> None:
    bank = a_bank(300)
    theta = np.repeat([-2.0, 0.0, 2.0], 400)
    found = simulate(bank, theta, length=10, rng=np.random.default_rng(3))
    expected = irt.probability(theta[:, None], bank.curves.a[found.items], bank.b[found.items], bank.c[found.items])
    difference = (found.marks - expected).reshape(3, -1)
    assert (np.abs(difference.mean(axis=1)) < 4 * 0.5 / np.sqrt(difference.shape[1])).all()


def test_a_bank_no_larger_than_a_test_cannot_be_simulated() -> None:
    with pytest.raises(ValueError, match="more items"):
        simulate(a_bank(20), np.zeros(3), length=20, rng=np.random.default_rng(1))


def test_somebody_without_an_ability_cannot_be_simulated() -> None:
    with pytest.raises(ValueError, match="ability"):
        simulate(a_bank(40), np.array([0.0, np.nan]), length=5, rng=np.random.default_rng(1))
