"""Who of a cohort holds a level in a topic, as its leads see them, and how likely it is that enough of them do.

Somebody surely holds a level when even their interval's lower end has reached it, and perhaps when only its upper end
has. Without enough evidence neither is said. Levels are ranks in `LEVELS`, 0 to 3.
"""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded where they are used first: no start of the app waits for them
from numpy.typing import NDArray

from tracker.scoring.ability import Z
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import LEVELS, MIDDLE, STEP, UNIT
from tracker.scoring.standings import Standings

Ranks = NDArray[np.int64]
Flags = NDArray[np.bool_]
LOWEST_SCORES = np.array([level.lowest for level in LEVELS])


@dataclass(frozen=True, slots=True, eq=False)
class SeenLevels:
    """The levels seen of m members in t topics, each of shape (m, t): of the score, and those its interval reaches.

    is_known: whether there is enough evidence. Where there is not, the other three are 0: nothing above the lowest
    level is seen.
    """

    level: Ranks
    lowest: Ranks
    highest: Ranks
    is_known: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """Who holds the wanted level of each topic, each of shape (m, t); at most one of the three is true."""

    surely: Flags
    perhaps: Flags
    unknown: Flags


def seen_levels(standings: Standings, topics: NDArray[np.int64]) -> SeenLevels:
    """The levels seen in the topics of these columns."""
    is_known = standings.is_enough[:, topics]
    of_score, lowest, highest = (
        np.where(is_known, ranks(logits[:, topics]), 0) for logits in (standings.theta, standings.low, standings.high)
    )
    return SeenLevels(level=of_score, lowest=lowest, highest=highest, is_known=is_known)


def ranks(theta: FloatArray) -> Ranks:
    """The ranks of the levels that scores of these logits are shown with, as `levels.level_of` does for one."""
    scores = STEP * np.round((MIDDLE + UNIT * theta) / STEP)
    return np.searchsorted(LOWEST_SCORES[1:], scores, side="right")


def holdings(seen: SeenLevels, wanted: Ranks) -> Holdings:
    """Who holds these levels, shape (t,)."""
    surely = seen.lowest >= wanted
    return Holdings(
        surely=surely,
        perhaps=seen.is_known & ~surely & (seen.highest >= wanted),
        unknown=~seen.is_known & ~surely,
    )


def chances(standings: Standings, topics: NDArray[np.int64], wanted: Ranks) -> FloatArray:
    """Each member's chance of holding these levels, shape (m, t), as `Ability.chance_of`; 0 without enough evidence."""
    theta, low, high = (values[:, topics] for values in (standings.theta, standings.low, standings.high))
    slope, curve = (high - low) / 2 / Z, ((high + low) / 2 - theta) / (Z**2 - 1)
    distance = (LOWEST_SCORES[wanted] - MIDDLE) / UNIT - (theta - curve)
    root = np.sqrt(np.maximum(0, slope**2 + 4 * curve * distance))
    return np.where(standings.is_enough[:, topics], scipy.special.ndtr(-2 * distance / (slope + root)), 0)


def chance_of_at_least(count: int, chances: FloatArray) -> FloatArray:
    """The chance that at least so many of m independent things happen, for t of such sets at once: exact.

    Args: count above 0. chances: shape (m, t).
    Returns: shape (t,).
    Source: the Poisson binomial distribution, one convolution a member; Hong (2013), Computational Statistics & Data
        Analysis 59, 41-51.
    """
    fewer = np.zeros((count, chances.shape[1]))
    fewer[0] = 1
    for chance in chances:
        fewer[1:] = fewer[1:] * (1 - chance) + fewer[:-1] * chance
        fewer[0] *= 1 - chance
    enough: FloatArray = 1 - fewer.sum(axis=0)
    return enough.clip(0, 1)
