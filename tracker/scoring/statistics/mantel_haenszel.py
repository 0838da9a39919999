"""Differential item functioning among people of the same stratum: the Mantel-Haenszel odds ratio."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import scipy  # its parts are loaded where they are used first: no start of the app waits for them
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import Estimate, IntArray, Z, normal
from tracker.scoring.statistics.flags import Flag, flag_where
from tracker.scoring.statistics.groups import compared, enough
from tracker.scoring.statistics.long_format import checked_codes, counts

DELTA = -2.35
SLIGHT, LARGE = 1.0, 1.5
SIGNIFICANT = 0.05
ONE_SIDED_Z = NormalDist().inv_cdf(1 - SIGNIFICANT)


@dataclass(frozen=True, slots=True, eq=False)
class MantelHaenszel:
    """Of each item, shape (items,).

    alpha: the common odds ratio, reference to focal. chi_square, p: of no DIF, 1 degree of freedom. delta: `-2.35 ln
    alpha`, below 0 where the item is harder for the focal group. shrunk: delta as the other items let it be believed.
    ets: "A" negligible, "B" slight, "C" large, "" unknown. reference, focal: how many answered of each group.
    """

    alpha: FloatArray
    chi_square: FloatArray
    p: FloatArray
    delta: Estimate
    shrunk: Estimate
    ets: NDArray[np.str_]
    reference: IntArray
    focal: IntArray

    def flags(self) -> tuple[Flag, ...]:
        """Items with large DIF, once at least 100 of each group answered."""
        broken = enough(self.reference, self.focal) & (self.ets == "C")
        return flag_where("DIF", self.delta, broken, np.copysign(SLIGHT, self.delta.value))


def mantel_haenszel(
    person: ArrayLike, item: ArrayLike, marks: ArrayLike, *, group: ArrayLike, stratum: ArrayLike, items: int
) -> MantelHaenszel:
    """DIF of each item among people of the same stratum.

    Args: person, item, marks, shape (n,). group, stratum, shape (people,): group 0 reference, 1 focal, -1 neither;
        stratum a code from 0, of the number right or of ability, this item included.
    Raises: ValueError if shapes differ or a code is outside its bounds.
    The chi-square's continuity correction is R's: .5, or nothing where `|A - E|` is less.
    Sources: Holland & Thayer (1988), in Wainer & Braun, Test Validity, 129-145; Robins, Breslow & Greenland (1986),
        Biometrics 42, 311-323, for the standard error; Zwick (2012), ETS RR-12-08, for the classes; Zwick, Thayer &
        Lewis (1999), Journal of Educational Measurement 36, 1-28, for the shrunk delta.
    """
    responses = compared(person, item, marks, group, stratum, items)
    strata = checked_codes(stratum, name="stratum")
    levels = int(strata.max(initial=0)) + 1
    cell = (responses.item * levels + strata[responses.person]) * 4 + 2 * responses.is_focal + ~responses.right
    tables = _Tables(*np.moveaxis(counts(cell, items * levels * 4).reshape(items, levels, 4).astype(np.float64), 2, 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = tables.in_favour.sum(axis=1) / tables.against.sum(axis=1)
        chi_square = _chi_square(tables)
        log_alpha = np.where((alpha > 0) & np.isfinite(alpha), np.log(alpha), np.nan)
        delta = normal(DELTA * log_alpha, -DELTA * _standard_error(tables), responses.n)
    p = scipy.special.chdtrc(1, chi_square)
    return MantelHaenszel(
        alpha=alpha,
        chi_square=chi_square,
        p=p,
        delta=delta,
        shrunk=_shrunk(delta),
        ets=_ets(delta, p),
        reference=responses.reference,
        focal=responses.focal,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """How many of each group were right and wrong, each of shape (items, strata)."""

    right_reference: FloatArray
    wrong_reference: FloatArray
    right_focal: FloatArray
    wrong_focal: FloatArray

    @property
    def n(self) -> FloatArray:
        """How many there are; 1 where there is nobody, which changes no sum."""
        people = self.right_reference + self.wrong_reference + self.right_focal + self.wrong_focal
        return np.maximum(people, 1)

    @property
    def in_favour(self) -> FloatArray:
        """What speaks for the reference group."""
        return self.right_reference * self.wrong_focal / self.n

    @property
    def against(self) -> FloatArray:
        """What speaks for the focal group."""
        return self.wrong_reference * self.right_focal / self.n


def _chi_square(tables: _Tables) -> FloatArray:
    n = tables.n
    reference, focal = tables.right_reference + tables.wrong_reference, tables.right_focal + tables.wrong_focal
    right = tables.right_reference + tables.right_focal
    variance = reference * focal * right * (n - right) / (n**2 * np.maximum(n - 1, 1))
    distance = np.abs((tables.right_reference - reference * right / n).sum(axis=1))
    return np.asarray((distance - np.where(distance >= 0.5, 0.5, 0)) ** 2 / variance.sum(axis=1))


def _standard_error(tables: _Tables) -> FloatArray:
    """Of the logarithm of the common odds ratio."""
    same = (tables.right_reference + tables.wrong_focal) / tables.n
    in_favour, against = tables.in_favour, tables.against
    all_favour, all_against = in_favour.sum(axis=1), against.sum(axis=1)
    return np.asarray(
        np.sqrt(
            (same * in_favour).sum(axis=1) / (2 * all_favour**2)
            + (same * against + (1 - same) * in_favour).sum(axis=1) / (2 * all_favour * all_against)
            + ((1 - same) * against).sum(axis=1) / (2 * all_against**2)
        )
    )


def _ets(delta: Estimate, p: FloatArray) -> NDArray[np.str_]:
    size = np.abs(delta.value)
    large = (size >= LARGE) & (size - SLIGHT > ONE_SIDED_Z * _error_of(delta))
    negligible = (size < SLIGHT) | (p >= SIGNIFICANT)
    return np.where(np.isnan(size), "", np.where(large, "C", np.where(negligible, "A", "B")))


def _shrunk(delta: Estimate) -> Estimate:
    """Delta's posterior, when the true ones of all items are normal with the mean and variance these show."""
    known, variance = np.isfinite(delta.value), _error_of(delta) ** 2
    if known.sum() < 2:
        return delta
    mean = delta.value[known].mean()
    between = max(0.0, delta.value[known].var(ddof=1) - variance[known].mean())
    weight = between / (between + variance)
    return normal(weight * delta.value + (1 - weight) * mean, np.sqrt(weight * variance), delta.n)


def _error_of(estimate: Estimate) -> FloatArray:
    return (estimate.high - estimate.low) / (2 * Z)
