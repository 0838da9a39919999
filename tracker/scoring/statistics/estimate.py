"""Statistics with the n they rest on and their 95 % interval, for many things at once."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.irt import FloatArray

IntArray = NDArray[np.int64]

TAIL = 0.025
Z = NormalDist().inv_cdf(1 - TAIL)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """One statistic of many things, all arrays of one shape: value, the ends of its 95 % interval, and its n.

    What cannot be told (no responses, no variance) is NaN.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    n: IntArray


def proportion(count: ArrayLike, n: ArrayLike, *, z: float = Z) -> Estimate:
    """`count / n` with its score interval; z: how many standard errors wide, 1.96 for 95 %.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    count, n = np.asarray(count, dtype=np.float64), np.asarray(n, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = count / n
        middle = (value + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(value * (1 - value) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return Estimate(value, middle - half, middle + half, np.rint(n).astype(np.int64))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """One proportion less another of other people, with the interval that follows from their own two; n of both.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    value = one.value - other.value
    return Estimate(
        value=value,
        low=value - np.hypot(one.value - one.low, other.high - other.value),
        high=value + np.hypot(one.high - one.value, other.value - other.low),
        n=one.n + other.n,
    )


def correlation(r: ArrayLike, n: ArrayLike) -> Estimate:
    """A product-moment correlation with the interval of Fisher's z; without one up to n = 3.

    Source: Fisher (1921), Metron 1, 3-32.
    """
    r, n = np.asarray(r, dtype=np.float64), np.asarray(n, dtype=np.float64)
    half = Z / np.sqrt(np.where(n > 3, n - 3, np.nan))
    with np.errstate(divide="ignore"):
        z = np.arctanh(np.clip(r, -1, 1))
    return Estimate(r, np.tanh(z - half), np.tanh(z + half), n.astype(np.int64))


def normal(value: ArrayLike, standard_error: ArrayLike, n: ArrayLike) -> Estimate:
    """A statistic with the interval of the normal distribution, `value +- 1.96 standard errors`."""
    value, half = np.asarray(value, dtype=np.float64), Z * np.asarray(standard_error, dtype=np.float64)
    return Estimate(value, value - half, value + half, np.broadcast_to(np.asarray(n, dtype=np.int64), value.shape))
