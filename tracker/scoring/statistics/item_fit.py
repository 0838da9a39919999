"""Whether the people of each level of ability answer an item as its curve says: observed against expected."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded where they are used first: no start of the app waits for them
from numpy.typing import ArrayLike

from tracker.scoring import grid, irt
from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import TAIL, Estimate, IntArray, proportion
from tracker.scoring.statistics.flags import Flag, above
from tracker.scoring.statistics.long_format import checked_codes, checked_parameters, checked_right, counts, sums
from tracker.scoring.statistics.predicted import Predicted

GROUPS = 6
LEAST_EXPECTED = 1.0
LEAST_RESPONSES = 200
LARGEST_RMSEA = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class ItemFit:
    """Of each item, shape (items,): chi-square, its degrees of freedom (0: too few groups to tell), its p value.

    rmsea: the misfit for each degree of freedom and person, 0 for a perfect curve; unlike p it does not grow with n.
    observed, expected: the shares right, shape (items, groups), from the least able group to the most able.
    """

    chi_square: FloatArray
    df: IntArray
    p: FloatArray
    rmsea: Estimate
    observed: Estimate
    expected: FloatArray

    def flags(self) -> tuple[Flag, ...]:
        """Items whose curve is wrong. Of items that fit, at most one in forty is flagged, fewer as n grows."""
        return above("item misfit", self.rmsea, LARGEST_RMSEA, least=LEAST_RESPONSES)


def fit_by_ability(
    item: ArrayLike, marks: ArrayLike, predicted: Predicted, *, items: int, estimated: ArrayLike = 0
) -> ItemFit:
    """The fit of items in any forms, in six groups of people by what their other answers say of them.

    Args: item, marks, shape (n,). predicted, of the same responses: left out one by one for forms that do not depend
        on the answers, one step ahead for adaptive ones. estimated: how many parameters of each item (or of
        all) were estimated from these very responses.
    Raises: ValueError if shapes differ, an item is not below `items` or a mark is not 0 to 1.
    People with the same posterior mean stay together; neighbouring groups are joined until each expects one right and
    one wrong answer. Source: Yen (1981), Applied Psychological Measurement 5, 245-262, for such a statistic with its
    degrees of freedom; here the response itself is left out, so nobody's group depends on it.
    """
    codes = checked_codes(item, name="item", below=items)
    right = checked_right(marks, size=codes.size)
    if predicted.theta.shape != codes.shape:
        raise ValueError("predicted must be of the same responses")
    cells, p = codes * GROUPS + _group(codes, predicted.theta, items), predicted.probability
    shape = (items, GROUPS)
    n, observed, expected, variance = (
        sums(cells, values, items * GROUPS).reshape(shape) for values in (np.ones(codes.size), right, p, p * (1 - p))
    )
    return _fit(n, observed, expected, variance, estimated)


def s_x2(
    person: ArrayLike,
    item: ArrayLike,
    marks: ArrayLike,
    *,
    a: ArrayLike,
    b: ArrayLike,
    c: ArrayLike,
    estimated: ArrayLike = 2,
    mean: float = 0,
    sd: float = 1,
) -> ItemFit:
    """The fit of the items of a complete fixed form, in groups of people by the number right: S-X2.

    Args: person, item, marks, shape (people * items,). a, b, c, shape (items,). estimated: how many parameters of each
        item (or of all) were estimated from these very responses. mean, sd: the population, in logits.
    Raises: ValueError if shapes differ, a value is out of bounds, or not every person answered every item once.
    The groups have 1 to items - 1 right; neighbouring ones are joined until each expects one right and one wrong
    answer. Source: Orlando & Thissen (2000), Applied Psychological Measurement 24, 50-64.
    """
    a, b, c = checked_parameters(a, b, c)
    people, codes = checked_codes(person, name="person"), checked_codes(item, name="item", below=a.size)
    right = checked_right(marks, size=codes.size)
    size = int(people.max(initial=-1)) + 1
    if (
        people.shape != codes.shape
        or people.size != size * a.size
        or np.unique(people * a.size + codes).size != people.size
    ):
        raise ValueError("not every person answered every item once")
    score = counts(people[right], size)
    n = np.tile(counts(score, a.size + 1).astype(np.float64), (a.size, 1))
    observed = sums(codes * (a.size + 1) + score[people], right, n.size).reshape(n.shape)
    expected = n * _expected_by_score(a, b, c, mean, sd)
    inner = slice(1, a.size)
    return _fit(n[:, inner], observed[:, inner], expected[:, inner], None, estimated)


def _expected_by_score(a: FloatArray, b: FloatArray, c: FloatArray, mean: float, sd: float) -> FloatArray:
    """The chance of a right answer to each item (row) given the number right on the whole form (column).

    Source: Lord & Wingersky (1984), Applied Psychological Measurement 8, 453-461, for the distribution of the number
    right at each ability: here of all forms without one item at once, and of the whole.
    """
    points = grid.points_for(a.size)
    weights = grid.normalised(grid.log_normal(points, mean, sd))
    chances = irt.probability(points, a[:, None], b[:, None], c[:, None])
    scores = np.zeros((a.size + 1, a.size + 1, points.size))  # [without which item, number right, ability]
    scores[:, 0] = 1
    for left_out, p in enumerate(chances):
        before = scores[left_out].copy()
        scores[:, 1:] = scores[:, 1:] * (1 - p) + scores[:, :-1] * p
        scores[:, 0] *= 1 - p
        scores[left_out] = before
    rest, whole = scores[:-1], scores[-1]
    with_item = np.zeros((a.size, a.size + 1))
    with_item[:, 1:] = np.einsum("ikq,iq,q->ik", rest[:, :-1], chances, weights)
    return np.asarray(with_item / (whole @ weights))


def _group(item: IntArray, theta: FloatArray, items: int) -> IntArray:
    """The group, 0 to 5, of its item's people that each response is in: the same for the same theta."""
    n = counts(item, items)
    order = np.lexsort((theta, item))
    place = np.arange(item.size)
    new = np.ones(item.size, dtype=np.bool_)
    new[1:] = (np.diff(item[order]) > 0) | (np.diff(theta[order]) > 0)
    rank = np.empty(item.size, dtype=np.int64)
    rank[order] = np.maximum.accumulate(np.where(new, place, 0)) - np.repeat(np.cumsum(n) - n, n)
    return np.asarray(GROUPS * rank // n[item])


def _fit(
    n: FloatArray, observed: FloatArray, expected: FloatArray, variance: FloatArray | None, estimated: ArrayLike
) -> ItemFit:
    """From counts, shape (items, groups): of people, of right answers, of those expected and their variance."""
    chi_square, groups = np.zeros(len(n)), np.zeros(len(n), dtype=np.int64)
    for at in range(len(n)):
        begins = _joined(expected[at], n[at] - expected[at])
        if begins:
            size, right, hoped = (np.add.reduceat(values[at], begins) for values in (n, observed, expected))
            spread = hoped * (size - hoped) / size if variance is None else np.add.reduceat(variance[at], begins)
            chi_square[at], groups[at] = ((right - hoped) ** 2 / spread).sum(), size.size
    df = np.maximum(groups - np.asarray(estimated), 0)
    total = n.sum(axis=1).astype(np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return ItemFit(
            chi_square=chi_square,
            df=df,
            p=np.where(df > 0, scipy.special.chdtrc(df, chi_square), np.nan),
            rmsea=_rmsea(chi_square, df, total),
            observed=proportion(observed, n),
            expected=expected / n,
        )


def _joined(right: FloatArray, wrong: FloatArray) -> list[int]:
    """Where each joined group begins, so that each expects enough of both answers; empty if all together do not."""
    begins, expects = [0], np.zeros(2)
    for at, pair in enumerate(zip(right, wrong, strict=True), start=1):
        expects += pair
        if (expects >= LEAST_EXPECTED).all():
            begins.append(at)
            expects = np.zeros(2)
    return begins[:-1]  # what is left over at the end stays with the last group


def _rmsea(chi_square: FloatArray, df: IntArray, n: IntArray) -> Estimate:
    """Source: Steiger (1990), Multivariate Behavioral Research 25, 173-180, for the interval too."""
    freedom = np.where(df > 0, df, np.nan)

    def rmsea(noncentrality: FloatArray) -> FloatArray:
        return np.asarray(np.sqrt(noncentrality / (freedom * n)))

    low, high = (_noncentrality(chi_square, freedom, chance) for chance in (1 - TAIL, TAIL))
    return Estimate(rmsea(np.maximum(chi_square - freedom, 0)), rmsea(low), rmsea(high), n)


def _noncentrality(chi_square: FloatArray, df: FloatArray, chance: float) -> FloatArray:
    """That at which a chi-square is at most this with the given chance; 0 if even there it would be less likely."""
    central = 1 - scipy.special.chdtrc(df, chi_square)
    return np.where(
        central > chance, scipy.special.chndtrinc(chi_square, df, chance), np.where(np.isnan(df), np.nan, 0.0)
    )
