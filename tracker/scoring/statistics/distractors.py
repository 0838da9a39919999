"""Who chooses which option: shares, abilities, and whether the key is the right one."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded where they are used first: no start of the app waits for them
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import TAIL, Estimate, IntArray, correlation, proportion
from tracker.scoring.statistics.flags import Flag, above, below
from tracker.scoring.statistics.long_format import checked_codes, counts, sums

LEAST_RESPONSES = 50
LEAST_SHARE = 0.05
GROUPS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Distractors:
    """Of each option of each item, shape (items, options); NaN where an item has no such option or nobody chose it.

    key: which options are right. share: of the people who met the item, how many chose the option. by_third: the same
    among the least able third of them, the middle and the most able, shape (items, options, 3). theta: the mean ability
    of those who chose it. over_key: how far that lies above the mean ability of those who chose the key; NaN for keys.
    attraction: the correlation of choosing the option with ability, among all who met the item.
    """

    key: NDArray[np.bool_]
    share: Estimate
    by_third: Estimate
    theta: Estimate
    over_key: Estimate
    attraction: Estimate

    def flags(self) -> tuple[Flag, ...]:
        """Distractors that draw the able, more than the key does (it may be wrong), and those that nobody believes.

        Whether a distractor draws the able is asked of everybody. Whether those who chose it are surely abler than who
        chose the key takes more answers, as few choose a wrong key: of 50 wrong keys, with 100 answers each, that
        tells 8, this 24 (simulated, ability from nine other answers).
        """
        share, draws = self.share, self.attraction
        with np.errstate(invalid="ignore"):
            over_key = np.where(self.over_key.value > 0, draws.low, np.nan)
        suspects = Estimate(draws.value, over_key, draws.high, draws.n)
        of_distractors = Estimate(share.value, share.low, np.where(self.key, np.nan, share.high), share.n)
        return (
            *above("miskey alarm", suspects, 0, least=LEAST_RESPONSES),
            *below("distractor unused", of_distractors, LEAST_SHARE, least=LEAST_RESPONSES),
        )


def distractors(
    person: ArrayLike, item: ArrayLike, option: ArrayLike, theta: ArrayLike, *, key: ArrayLike, options: ArrayLike
) -> Distractors:
    """How the options of each item are chosen.

    Args: person, item, option, theta, shape (n,), a row for each option that a person chose: several where several may
        be chosen; -1 where a person chose none. theta: logits, of the row's person, best without this response
        (`predicted.leave_one_out`). key: bool, shape (items, most options). options: shape (items,), how many each has.
    Raises: ValueError if shapes differ, a code is outside its item or theta is not finite.
    n of `over_key` counts all who met the item. Source of its interval: Welch (1947), Biometrika 34, 28-35.
    """
    right, sizes = np.asarray(key, dtype=np.bool_), np.asarray(options)
    if right.ndim != 2 or sizes.shape != right.shape[:1]:
        raise ValueError("key must be of shape (items, most options) and options of shape (items,)")
    people, items = checked_codes(person, name="person"), checked_codes(item, name="item", below=len(right))
    chosen, ability = np.asarray(option), np.asarray(theta, dtype=np.float64)
    if not (people.shape == items.shape == chosen.shape == ability.shape):
        raise ValueError("person, item, option and theta must be of one shape, (n,)")
    if not ((chosen >= -1) & (chosen < sizes[items])).all():
        raise ValueError("an option is outside its item")
    if not np.isfinite(ability).all():
        raise ValueError("a theta is not a number")
    exists = np.arange(right.shape[1]) < sizes[:, None]
    cell = np.where(chosen >= 0, items * right.shape[1] + chosen, right.size)
    _, first, meeting = np.unique(people * len(right) + items, return_index=True, return_inverse=True)
    n = counts(items[first], len(right))
    third = thirds(items[first], ability[first], n)
    n_third = counts(items[first] * GROUPS + third, len(right) * GROUPS).reshape(-1, GROUPS)
    choices = counts(cell, right.size + 1)[:-1].reshape(right.shape)
    by_third = counts(cell * GROUPS + third[meeting], (right.size + 1) * GROUPS)[:-GROUPS].reshape(*right.shape, GROUPS)
    share = proportion(np.where(exists, choices, np.nan), np.broadcast_to(n[:, None], right.shape))
    means = _means(cell, ability, right.shape)
    return Distractors(
        key=right,
        share=share,
        by_third=proportion(
            np.where(exists[..., None], by_third, np.nan), np.broadcast_to(n_third[:, None], by_third.shape)
        ),
        theta=means,
        over_key=_over_key(cell, ability, right, n),
        attraction=_attraction(share, means, items[first], ability[first]),
    )


def thirds(item: IntArray, theta: FloatArray, n: IntArray) -> IntArray:
    """The third, 0 to 2, of its item's people that each response is in."""
    order = np.lexsort((theta, item))
    rank = np.empty(item.size, dtype=np.int64)
    rank[order] = np.arange(item.size) - np.repeat(np.cumsum(n) - n, n)
    return np.asarray(GROUPS * rank // n[item])


def _moments(cell: IntArray, theta: FloatArray, size: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """How many chose each option, the mean of their theta, and that mean's variance; NaN where it cannot be told."""
    n = counts(cell, size + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums(cell, theta, size + 1) / n
        variance = sums(cell, (theta - mean[cell]) ** 2, size + 1) / np.where(n > 1, n - 1, np.nan) / n
    return n[:-1], mean[:-1], variance[:-1]


def _means(cell: IntArray, theta: FloatArray, shape: tuple[int, ...]) -> Estimate:
    n, mean, variance = _moments(cell, theta, shape[0] * shape[1])
    half = scipy.special.stdtrit(np.maximum(n - 1, 1), 1 - TAIL) * np.sqrt(variance)
    value, low, high = (values.reshape(shape) for values in (mean, mean - half, mean + half))
    return Estimate(value, low, high, n.reshape(shape))


def _attraction(share: Estimate, means: Estimate, item: IntArray, theta: FloatArray) -> Estimate:
    """The point-biserial correlation, from the share and the mean ability of those who chose the option."""
    n, mean, variance = _moments(item, theta, len(share.value))
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(variance * np.maximum(n - 1, 0))[:, None]
        r = (means.value - mean[:, None]) / spread * np.sqrt(share.value / (1 - share.value))
    return correlation(r, share.n)


def _over_key(cell: IntArray, theta: FloatArray, key: NDArray[np.bool_], met: IntArray) -> Estimate:
    n, mean, variance = (values.reshape(key.shape) for values in _moments(cell, theta, key.size))
    is_key = np.append(key.ravel(), False)
    item = np.where(is_key[cell], cell // key.shape[1], len(key))
    key_n, key_mean, key_variance = (values[:, None] for values in _moments(item, theta, len(key)))
    error = variance + key_variance
    with np.errstate(invalid="ignore", divide="ignore"):
        df = error**2 / (variance**2 / (n - 1) + key_variance**2 / (key_n - 1))
        half = scipy.special.stdtrit(df, 1 - TAIL) * np.sqrt(error)
    difference = np.where(key, np.nan, mean - key_mean)
    return Estimate(difference, difference - half, difference + half, np.broadcast_to(met[:, None], key.shape))
