"""The next item: against a search of the whole bank written from the rules, and rule by rule."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tracker.scoring import grid, irt
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection import Bank, Quotas, Selector, Turn, even_quotas
from tracker.scoring.selection.bank import NO_FAMILY, IntArray

from .builders import CALIBRATED, NEW, a_bank, a_posterior, a_turn, items, whole_quotas

TWENTY = even_quotas(np.array([0]), topics=[0], length=20)


def some_turn(bank: Bank, quotas: Quotas, rng: np.random.Generator, *, count: int) -> Turn:
    """A turn after so many items, with some items excluded and many given too often."""
    given: list[int] = []
    while len(given) < count:
        item = int(rng.integers(bank.size))
        related = bank.family[given] == bank.family[item]
        if item not in given and not (related & (bank.family[item] != NO_FAMILY)).any():
            given.append(item)
    return a_turn(
        bank,
        quotas,
        given=given,
        excluded=rng.choice(bank.size, bank.size // 20, replace=False).tolist(),
        exposure=rng.uniform(0, rng.choice([0.3, 1.0]), bank.size),
        posterior=a_posterior(rng.normal(0, 1.2), rng.uniform(0.2, 0.9)),
    )


def may_be_given(bank: Bank, turn: Turn) -> IntArray:
    """What the rules leave of a bank of one topic, all items calibrated."""
    families = np.setdiff1d(bank.family[turn.given], NO_FAMILY)
    banned = np.concatenate((turn.given, turn.excluded, np.flatnonzero(np.isin(bank.family, families))))
    allowed = np.setdiff1d(np.arange(bank.size), banned)
    exposure = turn.exposure[allowed]
    return allowed[exposure <= (0.25 if (exposure <= 0.25).any() else exposure.mean())]


def information(bank: Bank, turn: Turn) -> FloatArray:
    """What each item tells, shape (n,): over the posterior for the first three items, then at its mean."""
    posterior = turn.posteriors[0]
    a = bank.a / np.sqrt(1 + np.pi * bank.a**2 * bank.b_error**2 / 8)
    if turn.given.size < 3:
        return posterior @ irt.information(grid.COARSE[:, None], a, bank.b, bank.c)
    return irt.information(posterior @ grid.COARSE, a, bank.b, bank.c)


@pytest.mark.parametrize(("size", "states"), [(500, 1500), (5_000, 1000), (50_000, 100)])
def test_the_last_item_of_a_test_is_the_one_a_search_of_the_whole_bank_finds(size: int, states: int) -> None:
    bank = a_bank(size, families=size // 10)
    selector = Selector(bank)
    rng = np.random.default_rng(size)
    for _ in range(states):
        turn = some_turn(bank, TWENTY, rng, count=19)
        left = may_be_given(bank, turn)
        told = information(bank, turn)[left]
        choice = selector.choose(turn, rng)
        best_four = np.sort(told)[-4:][::-1]
        assert choice.item == left[told.argmax()]
        found = [choice.best, *choice.runners_up]
        assert [one.information for one in found] == pytest.approx(best_four, rel=1e-9)
        assert [one.score for one in found] == [one.information for one in found]


@pytest.mark.parametrize("count", [0, 2, 3, 10, 18])
def test_a_small_bank_is_scored_item_by_item(count: int) -> None:
    """The generator gives one number to seeding, and then one to each item that may be given."""
    bank = a_bank(300, families=20)
    selector = Selector(bank)
    weight = (count / 19) ** 0.5
    rng = np.random.default_rng(count)
    for seed in range(200):
        turn = some_turn(bank, TWENTY, rng, count=count)
        left = may_be_given(bank, turn)
        told = information(bank, turn)[left]
        replayed = np.random.default_rng(seed)
        replayed.random()
        score = (1 - weight) * told.max() * replayed.random(left.size) + weight * told
        choice = selector.choose(turn, np.random.default_rng(seed))
        assert choice.item == left[score.argmax()]
        assert choice.best.score == pytest.approx(score.max(), rel=1e-9)
        assert (choice.weight, choice.theta) == pytest.approx((weight, turn.posteriors[0] @ grid.COARSE))
        assert choice.criterion == ("over the posterior" if count < 3 else "at the estimate")


@pytest.mark.parametrize("count", [3, 8, 15])
def test_a_large_bank_is_drawn_from_as_if_every_item_had_been_scored(count: int) -> None:
    """Which items win, and the scores of the first and the fourth, are distributed as a search of the whole has it."""
    bank = a_bank(3_000, families=100)
    selector = Selector(bank)
    rng = np.random.default_rng(count)
    turn = replace(some_turn(bank, TWENTY, rng, count=count), exposure=rng.uniform(0, 0.3, bank.size))
    left = may_be_given(bank, turn)
    told = information(bank, turn)[left]
    weight = (count / 19) ** 0.5

    won, first, fourth = [], [], []
    for _ in range(4_000):
        score = (1 - weight) * told.max() * rng.random(left.size) + weight * told
        won.append(score.argmax())
        best = np.sort(np.partition(score, -4)[-4:])
        first.append(best[-1])
        fourth.append(best[0])
    choices = [selector.choose(turn, rng) for _ in range(4_000)]

    rank = np.empty(bank.size, dtype=np.intp)
    rank[left] = (-told).argsort().argsort()
    edges = np.unique(np.quantile(rank[left[won]], np.linspace(0, 1, 13)))
    counts = np.array(
        [np.histogram(rank[items_won], edges)[0] for items_won in (left[won], [choice.item for choice in choices])]
    )
    assert {choice.item for choice in choices} <= set(left.tolist())
    assert stats.chi2_contingency(counts[:, counts.sum(axis=0) > 0]).pvalue > 1e-3
    assert stats.ks_2samp(first, [choice.best.score for choice in choices]).pvalue > 1e-3
    assert stats.ks_2samp(fourth, [choice.runners_up[-1].score for choice in choices]).pvalue > 1e-3


def test_the_same_seed_gives_the_same_test() -> None:
    bank = a_bank(600, topics=6, areas=2, new=0.2)
    selector, quotas = Selector(bank), whole_quotas(bank, 2)
    forms = []
    for seed in (7, 7, 8):
        rng, given = np.random.default_rng(seed), list[int]()
        while len(given) < quotas.length:
            given.append(selector.choose(a_turn(bank, quotas, given=given), rng).item)
        forms.append(given)
    assert forms[0] == forms[1] != forms[2]


def test_neither_given_nor_excluded_items_nor_two_of_a_family_are_in_a_test() -> None:
    bank = a_bank(60, topics=3, families=25, new=0.3)
    selector, quotas = Selector(bank), whole_quotas(bank, 5)
    for seed in range(200):
        rng, given = np.random.default_rng(seed), list[int]()
        excluded = rng.choice(bank.size, 12, replace=False).tolist()
        while len(given) < quotas.length:
            given.append(selector.choose(a_turn(bank, quotas, given=given, excluded=excluded), rng).item)
        families = bank.family[given][bank.family[given] != NO_FAMILY]
        assert len(set(given)) == quotas.length
        assert not set(given) & set(excluded)
        assert np.unique(families).size == families.size
        assert np.bincount(bank.topic[given]).tolist() == [5, 5, 5]


def test_a_seen_item_does_not_keep_its_family_out() -> None:
    bank = replace(a_bank(2), family=np.array([0, 0]))
    choice = Selector(bank).choose(a_turn(bank, whole_quotas(bank, 1), excluded=[0]), np.random.default_rng(1))
    assert choice.item == 1


def test_items_given_too_often_wait_until_the_others_have_been_given_as_often() -> None:
    bank = a_bank(10)
    selector = Selector(bank)
    exposure = np.array([0.9, 0.26, 0.9, 0.25, 0.9, 0.1, 0.9, 0.9, 0.9, 0.9])
    rng = np.random.default_rng(1)
    turn = a_turn(bank, whole_quotas(bank, 5), exposure=exposure)
    assert {selector.choose(turn, rng).item for _ in range(200)} == {3, 5}
    all_too_often = a_turn(bank, whole_quotas(bank, 5), exposure=exposure + 0.2)
    assert {selector.choose(all_too_often, rng).item for _ in range(200)} == {1, 3, 5}


def test_of_items_that_tell_equally_much_the_one_less_is_known_of_comes_first() -> None:
    bank = replace(a_bank(4), a=np.ones(4), b=np.zeros(4), c=np.zeros(4), b_error=np.zeros(4))
    tiny = np.array([0, 1e-12, 3e-12, 2e-12])  # too small to flatten a curve
    choice = Selector(replace(bank, b_error=tiny)).choose(a_turn(bank, whole_quotas(bank, 1)), np.random.default_rng(1))
    assert choice.item == 2
    assert [one.item for one in choice.runners_up] == [3, 1, 0]


def test_a_topic_without_items_left_gives_way_to_the_next() -> None:
    bank = replace(a_bank(4, topics=2), topic=np.array([0, 1, 1, 1]))
    selector, quotas = Selector(bank), whole_quotas(bank, 2)
    rng, given = np.random.default_rng(1), list[int]()
    while len(given) < quotas.length:
        given.append(selector.choose(a_turn(bank, quotas, given=given), rng).item)
    assert sorted(given) == [0, 1, 2, 3]


def test_a_turn_that_cannot_be_served_is_refused() -> None:
    bank = a_bank(4, topics=2)
    selector, quotas, rng = Selector(bank), whole_quotas(bank, 1), np.random.default_rng(1)
    turn = a_turn(bank, quotas)
    for wrong, message in [
        (replace(turn, given=items([0, 1])), "full length"),
        (replace(turn, excluded=np.arange(4)), "no item"),
        (replace(turn, posteriors=turn.posteriors[:1]), "posteriors"),
        (replace(turn, posteriors=np.ones((2, 80))), "posteriors"),
        (replace(turn, exposure=np.zeros(3)), "exposure"),
        (replace(turn, quotas=even_quotas(np.array([0]), topics=[0], length=2)), "quotas"),
    ]:
        with pytest.raises(ValueError, match=message):
            selector.choose(wrong, rng)


@pytest.mark.parametrize("count", [1, 5])
def test_a_posterior_on_the_fine_grid_chooses_as_on_the_coarse_one(count: int) -> None:
    bank = a_bank(400)
    selector = Selector(bank)
    coarse = some_turn(bank, TWENTY, np.random.default_rng(1), count=count)
    fine_weights = grid.normalised(grid.log_normal(grid.FINE, 0.3, 0.5))[None]
    coarse = replace(coarse, posteriors=grid.normalised(grid.log_normal(grid.COARSE, 0.3, 0.5))[None])
    fine = replace(coarse, posteriors=fine_weights)
    found = [selector.choose(turn, np.random.default_rng(2)) for turn in (coarse, fine)]
    assert found[0].item == found[1].item
    assert found[0].best.score == pytest.approx(found[1].best.score, rel=1e-6)


def test_an_opportunity_is_counted_for_what_the_quotas_cover() -> None:
    bank = a_bank(9, topics=3)
    covered = Selector(bank).opportunities(even_quotas(bank.area_of_topic, topics=[1], length=2))
    assert (covered == (bank.topic == 1)).all()


def test_one_or_two_of_every_ten_items_are_new() -> None:
    bank = a_bank(400, new=0.25)
    selector, quotas = Selector(bank), even_quotas(bank.area_of_topic, topics=[0], length=30)
    places = np.zeros(10)
    for seed in range(60):
        rng, given = np.random.default_rng(seed), list[int]()
        while len(given) < quotas.length:
            given.append(selector.choose(a_turn(bank, quotas, given=given), rng).item)
        is_new = bank.is_new[given].reshape(3, 10)
        assert set(is_new.sum(axis=1).tolist()) <= {1, 2}
        places += is_new.sum(axis=0)
    assert (places > 0).all()


@pytest.mark.parametrize("b_error", [NEW, CALIBRATED])
def test_a_bank_all_new_or_all_calibrated_is_served_all_the_same(b_error: float) -> None:
    bank = replace(a_bank(40), b_error=np.full(40, b_error))
    selector, rng, given = Selector(bank), np.random.default_rng(1), list[int]()
    while len(given) < TWENTY.length:
        given.append(selector.choose(a_turn(bank, TWENTY, given=given), rng).item)
    assert len(set(given)) == TWENTY.length


def test_a_large_bank_that_is_mixed_is_seeded_as_well() -> None:
    bank = a_bank(2_000, new=0.2)
    selector, quotas = Selector(bank), even_quotas(bank.area_of_topic, topics=[0], length=40)
    for seed in range(20):
        rng, given = np.random.default_rng(seed), list[int]()
        while len(given) < quotas.length:
            given.append(selector.choose(a_turn(bank, quotas, given=given), rng).item)
        assert set(bank.is_new[given].reshape(4, 10).sum(axis=1).tolist()) <= {1, 2}


@pytest.mark.parametrize("stray", [-1, 400])
@pytest.mark.parametrize("where", ["given", "excluded"])
def test_items_that_are_not_in_the_bank_are_refused(stray: int, where: str) -> None:
    bank = a_bank(400)
    turn = replace(a_turn(bank, TWENTY), **{where: np.array([3, stray])})
    with pytest.raises(ValueError, match="not in the bank"):
        Selector(bank).choose(turn, np.random.default_rng(1))


def test_a_posterior_that_is_no_distribution_is_refused() -> None:
    bank = a_bank(400)
    turn = a_turn(bank, TWENTY)
    for posteriors in (np.full_like(turn.posteriors, np.nan), 100 * turn.posteriors * grid.COARSE):
        with pytest.raises(ValueError, match="not a distribution"):
            Selector(bank).choose(replace(turn, posteriors=posteriors), np.random.default_rng(1))
