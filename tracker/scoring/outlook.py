"""What would change a score: how many more answers would narrow its interval, or settle whether Proficient is reached.

Answers are taken as typical ones, spread evenly over the topics, and expected to go as they went: the mean stays, and
the interval keeps its shape. At each ability theta the posterior's precision grows by what so many answers tell there;
an area hears of its topics only through the deviations between. The spread is then averaged over what theta may be.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tracker.scoring import grid, irt
from tracker.scoring.ability import Ability
from tracker.scoring.author_prior import ItemParameters
from tracker.scoring.hierarchy import Link
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import PROFICIENT_CUT, on_scale, percent
from tracker.scoring.profile import AreaProfile, TopicProfile

MOST_ANSWERS = 100
NARROWER = 2 / 3
SETTLED = 0.8
EXACT, FIVES = 10, 5
ITSELF = Link(intercept=0, slope=1, sd=0)


class Source(NamedTuple):
    """Where answers can come from: how a topic depends on what is measured, and the typical information of an answer
    about that topic on the coarse grid, shape (q,), per squared logit.
    """

    link: Link
    information: FloatArray


@dataclass(frozen=True, slots=True)
class Outlook:
    """What more answers would do to an ability's score.

    answers: how many would narrow the interval by a third, to `low` and `high`; None when more than 100, and then these
    are what a hundred would do. percent: the chance of being at least Proficient. settling: how many answers would
    bring it to 80 or 20 %, 0 when it is there; None when more than 100. Above ten, both are rounded up to fives.
    """

    answers: int | None
    low: int
    high: int
    percent: int
    settling: int | None


def area_outlook(area: AreaProfile, information: Mapping[str, FloatArray]) -> Outlook:
    """The outlook of an area. Args: information: the typical answer's, shape (q,), for each of its topics by id."""
    sources = [Source(area.link(area.topic(topic_id)), curve) for topic_id, curve in information.items()]
    return _outlook(area.ability, sources)


def topic_outlook(topic: TopicProfile, information: FloatArray) -> Outlook:
    """The outlook of a topic by answers of its own. Args: information: the typical one's, shape (q,)."""
    return _outlook(topic.ability, [Source(ITSELF, information)])


def typical_information(items: ItemParameters) -> FloatArray:
    """How much an answer to one of these items tells on average, on the coarse grid: shape (q,), per squared logit."""
    a, b, c = (values[:, None] for values in items)
    return np.asarray(irt.information(grid.COARSE, a, b, c).mean(axis=0))


def expected_errors(ability: Ability, sources: Sequence[Source]) -> FloatArray:
    """The standard error to expect after 1 to 100 more answers, shape (100,), in logits."""
    each = np.arange(1, MOST_ANSWERS + 1)[:, None] / len(sources)
    precision = np.full((MOST_ANSWERS, grid.COARSE.size), 1 / ability.variance)
    for link, curve in sources:
        told = np.interp(link.intercept + link.slope * grid.COARSE, grid.COARSE, curve)
        precision += link.slope**2 / (1 / (each * told) + link.sd**2)
    weights = grid.normalised(grid.log_normal(grid.COARSE, ability.theta, ability.standard_error))
    return np.asarray((1 / np.sqrt(precision)) @ weights)


def _outlook(ability: Ability, sources: Sequence[Source]) -> Outlook:
    later = [_narrowed(ability, error) for error in expected_errors(ability, sources)]
    wanted = NARROWER * ability.half
    answers = _roughly(count for count, one in enumerate(later, start=1) if one.half <= wanted)
    narrowed = later[(answers or MOST_ANSWERS) - 1]
    chances = [one.chance_of(PROFICIENT_CUT) for one in (ability, *later)]
    return Outlook(
        answers=answers,
        low=on_scale(narrowed.low),
        high=on_scale(narrowed.high),
        percent=percent(chances[0]),
        settling=_roughly(count for count, chance in enumerate(chances) if _is_settled(chance)),
    )


def _narrowed(ability: Ability, error: float) -> Ability:
    """The same mean with this standard error and an interval of the same shape."""
    share = error / ability.standard_error
    return Ability(
        theta=ability.theta,
        standard_error=error,
        low=ability.theta + share * (ability.low - ability.theta),
        high=ability.theta + share * (ability.high - ability.theta),
    )


def _roughly(counts: Iterable[int]) -> int | None:
    """The first of these counts, above ten rounded up to fives; None without any."""
    first = next(iter(counts), None)
    return first if first is None or first <= EXACT else FIVES * math.ceil(first / FIVES)


def _is_settled(chance: float) -> bool:
    return not 1 - SETTLED < chance < SETTLED
