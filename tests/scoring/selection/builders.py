"""Banks to select from, every field filled, and people who take tests from them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tracker.scoring import grid, irt
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection import Bank, Quotas, Selector, Turn, exposure_rates
from tracker.scoring.selection.bank import NO_FAMILY, IntArray

CALIBRATED, NEW = 0.1, 0.6


def a_bank(size: int, *, topics: int = 1, areas: int = 1, new: float = 0, families: int = 0, seed: int = 1) -> Bank:
    """Items spread evenly over topics and these over areas; a share of them new; each family a pair of items."""
    rng = np.random.default_rng(seed)
    family = np.full(size, NO_FAMILY)
    family[rng.choice(size, 2 * families, replace=False)] = np.repeat(np.arange(families), 2)
    return Bank(
        topic=rng.permutation(np.arange(size) % topics),
        area_of_topic=np.arange(topics) * areas // topics,
        a=rng.lognormal(0, 0.3, size),
        b=rng.normal(0, 1, size),
        c=rng.choice([0, 0.2, 0.25], size),
        b_error=np.where(rng.random(size) < new, NEW, CALIBRATED),
        family=family,
    )


def whole_quotas(bank: Bank, each: int) -> Quotas:
    """So many items of each topic."""
    return Quotas(of_topic=np.full(bank.area_of_topic.size, float(each)), area_of_topic=bank.area_of_topic)


def a_posterior(mean: float = 0, sd: float = 1) -> FloatArray:
    """Weights on the coarse grid."""
    return grid.normalised(grid.log_normal(grid.COARSE, mean, sd))


def items(codes: Sequence[int] = ()) -> IntArray:
    """Codes of items, also none."""
    return np.array(codes, dtype=np.intp)


def a_turn(
    bank: Bank,
    quotas: Quotas,
    *,
    given: Sequence[int] = (),
    excluded: Sequence[int] = (),
    exposure: FloatArray | None = None,
    posterior: FloatArray | None = None,
) -> Turn:
    """A turn of somebody whose ability is the same in all topics."""
    posterior = a_posterior() if posterior is None else posterior
    return Turn(
        quotas=quotas,
        given=items(given),
        posteriors=np.tile(posterior, (bank.area_of_topic.size, 1)),
        excluded=items(excluded),
        exposure=np.zeros(bank.size) if exposure is None else exposure,
    )


class Taken(NamedTuple):
    """Tests of p people: forms, shape (p, length); true and estimated theta, shape (p,); exposure, shape (n,)."""

    forms: IntArray
    theta: FloatArray
    estimate: FloatArray
    exposure: FloatArray

    @property
    def rmse(self) -> float:
        return float(np.sqrt(np.mean((self.estimate - self.theta) ** 2)))

    @property
    def overlap(self) -> float:
        """The share of a test that two people have in common, on average over all pairs."""
        people, length = self.forms.shape
        counts = np.bincount(self.forms.ravel())
        return float((counts * (counts - 1)).sum() / (length * people * (people - 1)))


def take_tests(bank: Bank, quotas: Quotas, *, people: int, seed: int) -> Taken:
    """One after the other, each at full length; exposure is counted as the selector says."""
    rng = np.random.default_rng(seed)
    selector = Selector(bank)
    theta = rng.normal(size=people)
    forms, estimates = [], []
    administrations, opportunities = np.zeros((2, bank.size), dtype=np.intp)
    for ability in theta:
        given: list[int] = []
        weights = a_posterior()
        exposure = exposure_rates(administrations, opportunities)
        for _ in range(quotas.length):
            turn = a_turn(bank, quotas, given=given, exposure=exposure, posterior=weights)
            item = selector.choose(turn, rng).item
            p = irt.probability(np.append(grid.COARSE, ability), bank.a[item], bank.b[item], bank.c[item])
            is_right = rng.random() < p[-1]
            weights = weights * (p[:-1] if is_right else 1 - p[:-1])
            weights /= weights.sum()
            given.append(item)
        forms.append(given)
        estimates.append(weights @ grid.COARSE)
        administrations[given] += 1
        opportunities += selector.opportunities(quotas)
    return Taken(np.array(forms), theta, np.array(estimates), exposure_rates(administrations, opportunities))
