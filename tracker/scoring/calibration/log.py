"""From the log of all responses to what calibration fits: items, populations and walks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.parameters import Estimate, Population
from tracker.assessment.response_log import ResponseLog
from tracker.scoring import grid
from tracker.scoring.ability import eap_batch
from tracker.scoring.author_prior import by_level, flattened
from tracker.scoring.calibration.areas import AreaResponses, of_area
from tracker.scoring.calibration.likelihoods import log_likelihoods
from tracker.scoring.calibration.populations import population
from tracker.scoring.calibration.walks import (
    MOST_HISTORIES,
    MOST_OBSERVATIONS,
    Observations,
    Walks,
    fit_walks,
    observed,
)
from tracker.scoring.drift import MONTH
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import ENOUGH_RESPONSES
from tracker.scoring.statistics.rapid_guessing import rapid_guessing

MONTH_SECONDS = MONTH.total_seconds()

Codes = NDArray[np.integer]


def effortful(log: ResponseLog) -> ResponseLog:
    """The responses without rapid guesses: these tell nothing about their items."""
    person = np.zeros(log.size, dtype=np.int64)
    rapid = rapid_guessing(person, log.item, log.seconds, people=1, items=len(log.items)).rapid
    return _where(log, ~rapid)


def area_slugs(log: ResponseLog) -> list[str]:
    """The areas that were answered."""
    return sorted({log.items[code].area_slug for code in np.unique(log.item)})


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """One area of a log: the codes of its items in the log, and its responses, the items numbered anew in that order.

    Of each response: item, right, its attempt, topic (any code) and unit: a person in one period of 30 days.
    """

    codes: Codes
    item: Codes
    right: NDArray[np.bool_]
    attempt: Codes
    topic: Codes
    unit: Codes


def area_of(log: ResponseLog, slug: str) -> Area:
    """One area of a log."""
    codes = np.array([code for code, item in enumerate(log.items) if item.area_slug == slug], dtype=np.int64)
    number = np.full(len(log.items), -1)
    number[codes] = np.arange(codes.size)
    item = number[log.item]
    chosen = np.flatnonzero(item >= 0)
    attempt = log.attempt[chosen]
    topics = {topic_id: code for code, topic_id in enumerate(sorted({item.topic_id for item in log.items}))}
    topic = np.array([topics[item.topic_id] for item in log.items], dtype=np.int64)
    return Area(codes, item[chosen], log.right[chosen], attempt, topic[log.item[chosen]], _units(log)[attempt])


def to_fit(area: Area, log: ResponseLog, known: Mapping[str, Estimate]) -> AreaResponses:
    """What the calibration of an area needs; known, by version."""
    items = [log.items[code] for code in area.codes]
    return AreaResponses(
        unit=area.unit,
        item=area.item,
        right=area.right,
        level=np.array([item.difficulty for item in items], dtype=np.int64),
        guessing=np.array([item.guessing for item in items], dtype=np.float64),
        known=[known.get(item.version) for item in items],
    )


def population_of(area: Area, log: ResponseLog, estimates: Mapping[str, Estimate]) -> Population:
    """How the area's ability is distributed among those with enough responses, each in their last such period."""
    units, unit, counts = np.unique(area.unit, return_inverse=True, return_counts=True)
    learner = np.zeros(units.size, dtype=np.int64)
    learner[unit] = log.learner_id[area.attempt]
    enough = np.flatnonzero(counts >= ENOUGH_RESPONSES)
    _, from_last = np.unique(learner[enough][::-1], return_index=True)
    last = np.sort(enough[::-1][from_last])
    a, b, c = _curves(area, log, estimates)
    kept = np.flatnonzero(np.isin(unit, last))
    number = np.searchsorted(last, unit[kept])
    return population(log_likelihoods(number, area.right[kept], of_area(a), b, c, rows=last.size, item=area.item[kept]))


def walks_of(log: ResponseLog, estimates: Mapping[str, Estimate]) -> Walks:
    """How fast abilities walk, in all areas alike."""
    areas = [area_of(log, slug) for slug in area_slugs(log)]
    parts = [_observations(area, log, estimates, most=MOST_HISTORIES // len(areas)) for area in areas]
    steps = sum(int((_visits(area, log)[1] - 1).sum()) for area in areas)
    return fit_walks(Observations(*(np.concatenate(columns) for columns in zip(*parts, strict=True))), steps=steps)


def _visits(area: Area, log: ResponseLog) -> tuple[Codes, Codes]:
    """Who was in this area, by id, and at how many attempts."""
    attempts = np.unique(area.attempt)
    return np.unique(log.learner_id[attempts], return_counts=True)


def _observations(area: Area, log: ResponseLog, estimates: Mapping[str, Estimate], *, most: int) -> Observations:
    """What those who came back showed; if they are more, of about so many, drawn evenly."""
    learner = log.learner_id[area.attempt]
    learners, attempts = _visits(area, log)
    back = learners[attempts > 1]
    chosen = back[:: -(-back.size // most) or 1]
    kept = np.flatnonzero(np.isin(learner, chosen))
    history = np.searchsorted(chosen, learner[kept])
    a, b, c = _curves(area, log, estimates)
    item, right = area.item[kept], area.right[kept]
    about = eap_batch(history, right, of_area(a), b, c, people=chosen.size, item=item).theta
    (history, attempt, topic), row = np.unique(
        np.stack((history, area.attempt[kept], area.topic[kept])), axis=1, return_inverse=True
    )
    log_likelihood = log_likelihoods(row.ravel(), right, a, b, c, rows=history.size, item=item)
    value, variance = observed(grid.COARSE, log_likelihood, about[history])
    months = log.ended_at[attempt] / MONTH_SECONDS
    begins = np.searchsorted(history, np.arange(chosen.size))
    turn = np.arange(history.size) - begins[history]
    at = (turn < MOST_OBSERVATIONS).nonzero()[0]
    shape = (chosen.size, MOST_OBSERVATIONS)
    found = Observations(np.zeros(shape), np.full(shape, -1), np.zeros(shape), np.full(shape, np.inf))
    since = months - months[begins[history]]
    for table, column in zip(found, (since, topic, value, variance), strict=True):
        table[history[at], turn[at]] = column[at]
    return found


def _curves(
    area: Area, log: ResponseLog, estimates: Mapping[str, Estimate]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The area's items as scoring uses them."""
    items = [log.items[code] for code in area.codes]
    found = [estimates.get(item.version) or by_level(item.difficulty) for item in items]
    a, b, error = (np.array([getattr(one, name) for one in found]) for name in ("a", "b", "b_error"))
    return flattened(a, error**2), b, np.array([item.guessing for item in items])


def _units(log: ResponseLog) -> Codes:
    """For each attempt a code of its person and period, shape (attempts,)."""
    period = (log.ended_at // MONTH_SECONDS).astype(np.int64)
    is_new = np.ones(period.size, dtype=bool)
    is_new[1:] = (np.diff(log.learner_id) != 0) | (np.diff(period) != 0)
    return np.cumsum(is_new)


def _where(log: ResponseLog, chosen: NDArray[np.bool_]) -> ResponseLog:
    return replace(
        log,
        attempt=log.attempt[chosen],
        item=log.item[chosen],
        right=log.right[chosen],
        seconds=log.seconds[chosen],
    )
