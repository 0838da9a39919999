"""Items that change: between two calibrations, and from one response to the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import Estimate, IntArray, normal
from tracker.scoring.statistics.flags import Flag, above, flag_where
from tracker.scoring.statistics.long_format import checked_codes, checked_right, rows_by_code
from tracker.scoring.statistics.predicted import Predicted

LARGEST_Z = 3.0
LARGEST_CHANGE = 0.3

LEAK = 1.5
FALSE_ALARM_EVERY = 10_000
THRESHOLD = float(np.log(FALSE_ALARM_EVERY))


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """Of each item, shape (items,). change: of its difficulty, in logits. z: that in standard errors."""

    change: Estimate
    z: FloatArray

    def flags(self) -> tuple[Flag, ...]:
        """Items that changed by more than .3 logits, and by more than three standard errors."""
        change = self.change.value
        broken = (np.abs(self.z) > LARGEST_Z) & (np.abs(change) > LARGEST_CHANGE)
        return flag_where("difficulty drifted", self.change, broken, np.copysign(LARGEST_CHANGE, change))


@dataclass(frozen=True, slots=True, eq=False)
class Leaks:
    """Of each item, shape (items,).

    peak: the highest the cumulative sum rose; an alarm from `THRESHOLD` on. alarm: the row of the response that raised
    the first one, -1 for none. since: the row where that rise began. gain: from there on, how far the share right lies
    above what these people's other answers predict; NaN without an alarm.
    """

    peak: FloatArray
    alarm: IntArray
    since: IntArray
    gain: Estimate

    def flags(self) -> tuple[Flag, ...]:
        """Items that seem to have got out."""
        return above("leaked", self.gain, 0, least=1)


def drift(
    b_old: ArrayLike, error_old: ArrayLike, b_new: ArrayLike, error_new: ArrayLike, *, responses: ArrayLike
) -> Drift:
    """How far difficulties moved between two calibrations on different responses.

    Args: all of shape (items,). b in logits with its standard errors, on one scale. responses: how many the new
        calibration has of each item.
    Raises: ValueError if shapes differ or a standard error is not above 0.
    """
    old, old_error, new, new_error = (
        np.asarray(values, dtype=np.float64) for values in (b_old, error_old, b_new, error_new)
    )
    n = np.asarray(responses)
    if not (old.ndim == 1 and old.shape == old_error.shape == new.shape == new_error.shape == n.shape):
        raise ValueError("difficulties, standard errors and responses must be of one shape, (items,)")
    if not ((old_error > 0) & (new_error > 0)).all():
        raise ValueError("a standard error is not above 0")
    error = np.hypot(old_error, new_error)
    return Drift(change=normal(new - old, error, n), z=(new - old) / error)


def leaks(item: ArrayLike, marks: ArrayLike, predicted: Predicted, *, items: int) -> Leaks:
    """Which calibrated items suddenly are answered better than they should be, and since when.

    Args: item, marks, shape (n,), in order of time. predicted, of the same responses.
    Raises: ValueError if shapes differ, an item is not below `items` or a mark is not 0 to 1.
    Each item's cumulative sum adds the log-likelihood ratio of the mark under an item 1.5 logits easier, and is stopped
    at 0. So a false alarm comes after 10,000 responses on average or later, whatever the item's difficulty (Lorden
    1971, Annals of Mathematical Statistics 42, 1897-1908); the usual sum of standardised residuals less .5, with the
    threshold 5, gives one after 340 where P is .3 and can give none at all where P is .8. Something that 70 % of the
    people know is found after 20 (P = .3) to 110 (P = .8) responses. Source: Veerkamp & Glas (2000), Journal of
    Educational and Behavioral Statistics 25, 373-389, for cumulative sums that find known items.
    """
    codes = checked_codes(item, name="item", below=items)
    right = checked_right(marks, size=codes.size)
    if predicted.probability.shape != codes.shape:
        raise ValueError("predicted must be of the same responses")
    p = predicted.probability
    ratio = np.where(right, LEAK, 0) - np.log1p(p * np.expm1(LEAK))
    peak, alarm, since = np.zeros(items), np.full(items, -1), np.full(items, -1)
    residual, variance, n = np.full(items, np.nan), np.full(items, np.nan), np.zeros(items, dtype=np.int64)
    for code, rows in rows_by_code(codes):
        path = np.concatenate(([0.0], np.cumsum(ratio[rows])))
        rise = path - np.minimum.accumulate(path)
        peak[code] = rise.max()
        over = np.flatnonzero(rise >= THRESHOLD)
        if over.size:
            begin = int(np.flatnonzero(rise[: over[0]] == 0)[-1])
            after = rows[begin:]
            alarm[code], since[code], n[code] = rows[over[0] - 1], rows[begin], after.size
            residual[code] = (right[after] - p[after]).mean()
            variance[code] = (p[after] * (1 - p[after])).sum() / after.size**2
    return Leaks(peak=peak, alarm=alarm, since=since, gain=normal(residual, np.sqrt(variance), n))
