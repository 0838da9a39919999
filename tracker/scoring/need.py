"""Who of a cohort needs help first, told only by what its leads see of each."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.sees import Sees
from tracker.assessment.target import LEVEL_NAMES
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import HIGHEST, LEVELS, LOWEST, MIDDLE, STEP, UNIT
from tracker.scoring.standings import Standings

IntArray = NDArray[np.int64]

UNKNOWN = -1
STANDS_FOR = np.array([365, 485, 600, 700])
"""The score that stands for each level where only the level is seen: its middle, or as far beyond the last cut."""


def shown_values(known: Standings) -> IntArray:
    """The scores as they are printed, shape (m, s); also where there is not enough evidence."""
    values = STEP * np.round((MIDDLE + UNIT * known.theta) / STEP)
    return np.asarray(np.clip(values, LOWEST, HIGHEST), dtype=np.int64)


def shown_levels(known: Standings) -> IntArray:
    """The levels as numbers from 0, shape (m, s); UNKNOWN without enough evidence."""
    cuts = [level.lowest for level in LEVELS[1:]]
    return np.where(known.is_enough, np.searchsorted(cuts, shown_values(known), side="right"), UNKNOWN)


def seen_values(known: Standings, sees: Sequence[Sees]) -> FloatArray:
    """The scores as they are seen, shape (m, s): a level's own where only that is; NaN without enough evidence."""
    shows_numbers = np.array([one.includes(Sees.SCORES) for one in sees], dtype=np.bool_)
    values = np.where(shows_numbers[:, None], shown_values(known), STANDS_FOR[shown_levels(known)])
    return np.where(known.is_enough, values, np.nan)


def needs(known: Standings, sees: Sequence[Sees], goals: Mapping[str, str]) -> FloatArray:
    """How far each learner is seen below what is wanted, in score points, shape (m,); NaN where that is not known.

    Args: goals: the level wanted, by area's slug or topic's id.
    Returns: the mean over those with enough evidence; what lies above its goal makes up for nothing.
    """
    places = [known.place(skill) for skill in goals]
    lowest = np.array([LEVELS[LEVEL_NAMES.index(level)].lowest for level in goals.values()])
    return _means(np.maximum(lowest - seen_values(known, sees)[:, places], 0))


def in_need_first(known: Standings, sees: Sequence[Sees], goals: Mapping[str, str]) -> list[int]:
    """The learners' places, who is furthest below what is wanted first; among equals the lower scores, then as given.

    Those of whom it is not known come last.
    """
    need = np.nan_to_num(needs(known, sees, goals), nan=-1)
    means = np.nan_to_num(_means(seen_values(known, sees)))
    return [int(at) for at in np.lexsort((means, -need))]


def _means(values: FloatArray) -> FloatArray:
    """The mean of each row's numbers, NaN of a row without any."""
    counts = (~np.isnan(values)).sum(axis=1)
    return np.where(counts, np.nansum(values, axis=1) / np.maximum(counts, 1), np.nan)
