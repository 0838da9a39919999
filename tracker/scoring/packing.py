"""A learner's standing packed into bytes, and many of them unpacked and aged at once.

A profile is a deep structure: to read and to age five hundred of them takes seconds. What a cohort's page needs of one
is a table of a few numbers a skill. Ageing is that of `drift`, member by member the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.assessment.roadmap import Roadmap
from tracker.scoring.ability import Abilities, Z
from tracker.scoring.drift import MONTH
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import ENOUGH_RESPONSES
from tracker.scoring.profile import AREA_PRIOR, UNSEEN_TOPIC, AreaProfile, Profile, TopicProfile, share_of_others
from tracker.scoring.standings import Standings, skills_of
from tracker.scoring.structure import AREA_CORRELATION, correlated

FORMAT = 1  # of `Packed.numbers`: what was packed in another one must be packed anew
COLUMNS = 7
THETA, ERROR, LOW, HIGH, RESPONSES, LAST_ANSWERED, AS_OF = range(COLUMNS)
COVARIANCE = AS_OF  # a topic's, with its area
PRIOR = (AREA_PRIOR.theta, AREA_PRIOR.standard_error, AREA_PRIOR.low, AREA_PRIOR.high, 0, np.nan, np.nan)


class Packed(NamedTuple):
    """What a profile says of each skill that was met: `skills`, areas before topics, and their numbers.

    numbers: as float64, the area's and the topic's walk, then seven columns for each skill (theta, standard error, low,
    high, responses, last answer, and an area's moment or a topic's covariance), then the areas' correlations if any.
    """

    skills: tuple[str, ...]
    numbers: bytes


NOTHING = Packed((), np.array([0.0, 0.0]).tobytes())


def packed(profile: Profile) -> Packed:
    """The standing that this profile, not aged, amounts to."""
    topics = [topic for area in profile.areas for topic in area.topics]
    rows = [_area_row(area) for area in profile.areas] + [_topic_row(topic) for topic in topics]
    numbers = np.concatenate(
        [
            [profile.area_walk, profile.topic_walk],
            np.array(rows, dtype=np.float64).reshape(-1),
            np.array(profile.correlations, dtype=np.float64).reshape(-1),
        ]
    )
    return Packed((*(area.slug for area in profile.areas), *(topic.topic_id for topic in topics)), numbers.tobytes())


def unpacked(many: Sequence[Packed], roadmap: Roadmap, now: datetime) -> Standings:
    """The standings of learners as of now, in their order, in the skills of this roadmap.

    A topic that it does not have is left out; an area that it does not have still says something about the others.
    """
    kept = _gather(many, roadmap)
    drift = _drift(kept, now)
    areas = Abilities(*_widened(_abilities(kept.areas), drift))
    areas = _where(kept.is_met, areas, _through_others(kept, areas, drift))
    topics = _aged_topics(kept, areas, drift, now)
    return _arranged(kept, areas, topics, roadmap)


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What was packed, of m learners. areas: shape (m, a, 7); topics: shape (m, t, 7), of the roadmap's only.

    The areas are the roadmap's, then those that only profiles know. area_of: shape (t,). walks: shape (m, 2).
    correlations: shape (m, a, a). is_correlated: shape (m,). is_met: shape (m, a).
    """

    areas: FloatArray
    topics: FloatArray
    area_of: NDArray[np.int64]
    walks: FloatArray
    correlations: FloatArray
    is_correlated: NDArray[np.bool_]
    is_met: NDArray[np.bool_]


def _area_row(area: AreaProfile) -> tuple[float, ...]:
    return _row(area, _seconds(area.as_of))


def _topic_row(topic: TopicProfile) -> tuple[float, ...]:
    return _row(topic, topic.covariance)


def _row(known: AreaProfile | TopicProfile, last: float) -> tuple[float, ...]:
    ability = known.ability
    return (
        ability.theta,
        ability.standard_error,
        ability.low,
        ability.high,
        known.responses,
        _seconds(known.last_answered),
        last,
    )


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else np.nan


def _gather(many: Sequence[Packed], roadmap: Roadmap) -> _Kept:
    """The tables of all learners in the same columns."""
    slugs = [area.slug for area in roadmap.areas]
    known = {skill for skills in {one.skills for one in many} for skill in skills if "/" not in skill}
    area_at = {slug: at for at, slug in enumerate([*slugs, *sorted(known.difference(slugs))])}
    topic_at = {topic.id: at for at, topic in enumerate(topic for area in roadmap.areas for topic in area.topics)}
    count, areas, topics = len(many), len(area_at), len(topic_at)
    kept = _Kept(
        areas=np.tile(np.array(PRIOR), (count, areas, 1)),
        topics=np.full((count, topics, COLUMNS), np.nan),
        area_of=np.array([area_at[topic_id.partition("/")[0]] for topic_id in topic_at], dtype=np.int64),
        walks=np.zeros((count, 2)),
        correlations=np.tile(np.eye(areas), (count, 1, 1)),
        is_correlated=np.zeros(count, dtype=np.bool_),
        is_met=np.zeros((count, areas), dtype=np.bool_),
    )
    places = {skills: _places(skills, area_at, topic_at) for skills in {one.skills for one in many}}
    for at, one in enumerate(many):
        _put(kept, at, one, places[one.skills])
    return kept


class _Places(NamedTuple):
    """Where the rows of a table belong. areas: of its first rows. rows and topics: which others belong where."""

    areas: list[int]
    rows: list[int]
    topics: list[int]


def _places(skills: Sequence[str], area_at: dict[str, int], topic_at: dict[str, int]) -> _Places:
    rows = [row for row, skill in enumerate(skills) if skill in topic_at]
    return _Places(
        areas=[area_at[skill] for skill in skills if "/" not in skill],
        rows=rows,
        topics=[topic_at[skills[row]] for row in rows],
    )


def _put(kept: _Kept, at: int, one: Packed, places: _Places) -> None:
    numbers = np.frombuffer(one.numbers)
    end = 2 + COLUMNS * len(one.skills)
    table = numbers[2:end].reshape(-1, COLUMNS)
    kept.walks[at] = numbers[:2]
    kept.areas[at, places.areas] = table[: len(places.areas)]
    kept.topics[at, places.topics] = table[places.rows]
    kept.is_met[at, places.areas] = True
    if numbers.size > end:
        kept.is_correlated[at] = True
        kept.correlations[at][np.ix_(places.areas, places.areas)] = numbers[end:].reshape(len(places.areas), -1)


def _abilities(table: FloatArray) -> Abilities:
    return Abilities(table[..., THETA], table[..., ERROR], table[..., LOW], table[..., HIGH])


def _months(kept: _Kept, now: datetime) -> FloatArray:
    """How long ago each area was updated, shape (m, a)."""
    seconds = np.maximum(now.timestamp() - kept.areas[..., AS_OF], 0)
    return np.nan_to_num(seconds / MONTH.total_seconds())


def _drift(kept: _Kept, now: datetime) -> FloatArray:
    """The variance that time adds to each area, shape (m, a)."""
    walked = kept.walks[:, :1] ** 2 * _months(kept, now)
    return _added(walked, kept.areas[..., ERROR] ** 2, AREA_PRIOR.variance)


def _added(drift: FloatArray, variance: FloatArray, most: float) -> FloatArray:
    return np.maximum(0, np.minimum(drift, most - variance))


def _widened(known: Abilities, variance: FloatArray | float) -> Abilities:
    """As `Ability.widened`."""
    half, skew = (known.high - known.low) / 2, (known.high + known.low) / 2 - known.theta
    wider = np.sqrt(half**2 + Z**2 * variance)
    middle = known.theta + skew * (half / wider) ** 2
    return Abilities(known.theta, np.sqrt(known.standard_error**2 + variance), middle - wider, middle + wider)


def _through_others(kept: _Kept, aged: Abilities, drift: FloatArray) -> Abilities:
    """What the areas met say about one that was not, each of shape (m, 1): as `Profile.area` tells it."""
    counts = kept.is_met.sum(axis=1)
    some = np.maximum(counts, 1)
    share = share_of_others(some)
    correlations = _aged_correlations(kept, drift)
    half = np.where(kept.is_met, (aged.high - aged.low) / 2, 0)
    skew = (aged.high + aged.low) / 2 - aged.theta
    whole = np.where(counts, _together(half, correlations), 1)
    theta = share * np.where(kept.is_met, aged.theta, 0).sum(axis=1)
    error = share * _together(np.where(kept.is_met, aged.standard_error, 0), correlations)
    middle = theta + share * (half**2 * skew).sum(axis=1) / whole**2
    found = _widened(
        Abilities(theta, error, middle - share * whole, middle + share * whole),
        1 - some * share * AREA_CORRELATION,
    )
    return Abilities(
        *(np.where(counts, values, alone)[:, None] for values, alone in zip(found, PRIOR[:4], strict=True))
    )


def _aged_correlations(kept: _Kept, drift: FloatArray) -> FloatArray:
    """As `drift.aged` has them, shape (m, a, a)."""
    errors = kept.areas[..., ERROR]
    steps = np.sqrt(drift) * kept.is_correlated[:, None]
    covariance = _outer(errors) * kept.correlations + _outer(steps) * correlated(errors.shape[1])
    scale = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return np.asarray(covariance / _outer(scale))


def _outer(values: FloatArray) -> FloatArray:
    return np.asarray(values[:, :, None] * values[:, None, :])


def _together(spreads: FloatArray, correlations: FloatArray) -> FloatArray:
    """The spread of the sum, shape (m,)."""
    return np.asarray(np.sqrt(np.einsum("ma,mab,mb->m", spreads, correlations, spreads)))


def _aged_topics(kept: _Kept, areas: Abilities, drift: FloatArray, now: datetime) -> Abilities:
    """Each topic through its own answers, or only through its area's, each of shape (m, t)."""
    at = kept.area_of
    before = kept.areas[:, at, ERROR] ** 2
    deviation = kept.topics[..., ERROR] ** 2 + before - 2 * kept.topics[..., COVARIANCE]
    own = _added(kept.walks[:, 1:] ** 2 * _months(kept, now)[:, at], deviation, UNSEEN_TOPIC.sd**2)
    met = _widened(_abilities(kept.topics), drift[:, at] + own)
    unmet = _widened(Abilities(*(values[:, at] for values in areas)), UNSEEN_TOPIC.sd**2)
    return _where(~np.isnan(kept.topics[..., THETA]), met, unmet)


def _where(is_so: NDArray[np.bool_], some: Abilities, others: Abilities) -> Abilities:
    return Abilities(*(np.where(is_so, one, other) for one, other in zip(some, others, strict=True)))


def _arranged(kept: _Kept, areas: Abilities, topics: Abilities, roadmap: Roadmap) -> Standings:
    """Areas and topics side by side, each area before its topics."""
    slugs = [area.slug for area in roadmap.areas]
    both = [*slugs, *(topic.id for area in roadmap.areas for topic in area.topics)]
    skills = skills_of(roadmap)
    order = [both.index(skill) for skill in skills]

    def together(of_areas: ArrayLike, of_topics: ArrayLike) -> FloatArray:
        return np.concatenate([np.asarray(of_areas)[:, : len(slugs)], of_topics], axis=1)[:, order]

    theta, standard_error, low, high = (together(*pair) for pair in zip(areas, topics, strict=True))
    of_topics = np.nan_to_num(kept.topics[..., RESPONSES])
    has_enough = kept.areas[..., RESPONSES] >= ENOUGH_RESPONSES
    return Standings(
        skills=skills,
        theta=theta,
        standard_error=standard_error,
        low=low,
        high=high,
        responses=together(kept.areas[..., RESPONSES], of_topics).astype(np.int64),
        is_enough=together(has_enough, has_enough[:, kept.area_of] & (of_topics > 0)).astype(np.bool_),
        last_answered=together(kept.areas[..., LAST_ANSWERED], kept.topics[..., LAST_ANSWERED]),
    )
