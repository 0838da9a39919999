"""A learner's profile: what all their finished attempts together say about every area and topic.

Plain values, so that `dataclasses.asdict` and `profile_from_dict` are all a store needs. An area or a topic that
was never met is not kept; asking for it gives what is known without evidence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from tracker.assessment.parameters import AREA_WALK, TOPIC_WALK
from tracker.assessment.score import Score
from tracker.scoring import ability, evidence, grid, irt, joint
from tracker.scoring.ability import Abilities, Ability
from tracker.scoring.hierarchy import Link
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import ENOUGH_RESPONSES, to_score
from tracker.scoring.structure import AREA_CORRELATION, TOPIC_SD, Structure

REVISION = 4  # of the model and its constants: a stored profile of another revision must be folded anew
AREA_PRIOR = ability.normal(0, 1)
UNSEEN_TOPIC = Link(intercept=0, slope=1, sd=TOPIC_SD)
STANDS_OUT = 0.9

Standing = Literal["strength", "weakness", "in line", "not enough evidence"]


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """An area's score as it was reported when an attempt ended; never revised."""

    attempt_id: str
    finished_at: datetime
    score: Score


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known of the areas met when an attempt had ended: all that `path` needs to see them from later.

    theta, low and high: means and 5 and 95 % quantiles, in the order of slugs, logits. covariance: a row each, squared
    logits.
    """

    attempt_id: str
    at: datetime
    slugs: tuple[str, ...]
    theta: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class TopicProfile:
    """What is known about a topic. `covariance` is with its area's ability, in squared logits.

    `when_answered` is the ability as it was right after the last answer in this topic.
    """

    topic_id: str
    ability: Ability
    covariance: float
    responses: int = 0
    right: int = 0
    last_answered: datetime | None = None
    when_answered: Ability | None = None


@dataclass(frozen=True, slots=True)
class AreaProfile:
    """What is known about an area and its topics at one moment, `as_of`; topics are those met, by id."""

    slug: str
    ability: Ability = AREA_PRIOR
    as_of: datetime | None = None
    responses: int = 0
    right: int = 0
    last_answered: datetime | None = None
    topics: tuple[TopicProfile, ...] = ()
    history: tuple[HistoryPoint, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Whether there is enough evidence for a level."""
        return self.responses >= ENOUGH_RESPONSES

    @property
    def score(self) -> Score:
        """The area's score as shown."""
        return to_score(self.ability, responses=self.responses, is_enough=self.is_enough)

    def topic(self, topic_id: str) -> TopicProfile:
        """What is known about a topic: through its own answers, or only through its area's."""
        known = next((topic for topic in self.topics if topic.topic_id == topic_id), None)
        return known or TopicProfile(topic_id, *through_area(UNSEEN_TOPIC, self.ability))

    def link(self, topic: TopicProfile) -> Link:
        """How this topic's ability depends on the area's, by linear regression."""
        slope = topic.covariance / self.ability.variance
        unexplained = topic.ability.variance - slope * topic.covariance
        return Link(
            intercept=topic.ability.theta - slope * self.ability.theta,
            slope=slope,
            sd=math.sqrt(max(0.0, unexplained)),
        )

    def deviation(self, topic: TopicProfile) -> Ability:
        """How far a topic lies above its area, in logits."""
        variance = topic.ability.variance + self.ability.variance - 2 * topic.covariance
        return ability.normal(topic.ability.theta - self.ability.theta, math.sqrt(variance))

    def topic_score(self, topic_id: str) -> Score:
        """A topic's score, from its own answers and its area's; without any of its own there is no level."""
        topic = self.topic(topic_id)
        return to_score(topic.ability, responses=topic.responses, is_enough=self.is_enough and topic.responses > 0)

    def standing(self, topic_id: str) -> Standing:
        """Whether a topic stands out from its area, said only when the evidence says so with 90 %."""
        topic = self.topic(topic_id)
        return _standing(topic.responses, self.deviation(topic).chance_of(0))


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known about a learner: the areas they have met, by slug.

    `correlations` are those between what is known of these areas, a row each; without any they are independent.
    `parameters` is the revision of the items' parameters that made it; the walks (logits in a month) are that one's.
    `moments`: one an attempt, oldest first; left out where nobody looks back.
    """

    areas: tuple[AreaProfile, ...] = ()
    revision: int = REVISION
    correlations: tuple[tuple[float, ...], ...] = ()
    parameters: int = 0
    area_walk: float = AREA_WALK
    topic_walk: float = TOPIC_WALK
    moments: tuple[Moment, ...] = ()

    @property
    def responses(self) -> int:
        """How many responses it rests on."""
        return sum(area.responses for area in self.areas)

    @property
    def overall(self) -> Score:
        """The mean of the areas that have enough evidence; without any, the mean of a person nothing is known of."""
        enough = [index for index, area in enumerate(self.areas) if area.is_enough]
        areas = [self.areas[index] for index in enough]
        correlations = self.correlation_matrix[np.ix_(enough, enough)] if enough else np.eye(1)
        mean = ability.mean_of([area.ability for area in areas] or [AREA_PRIOR], correlations)
        return to_score(mean, responses=sum(area.responses for area in areas), is_enough=bool(areas))

    @property
    def correlation_matrix(self) -> FloatArray:
        """Between what is known of the areas met, shape (areas, areas)."""
        return np.array(self.correlations) if self.correlations else np.eye(len(self.areas))

    @property
    def covariance(self) -> FloatArray:
        """Between what is known of the areas met, shape (areas, areas), in squared logits."""
        errors = np.array([area.ability.standard_error for area in self.areas])
        return np.outer(errors, errors) * self.correlation_matrix

    def with_moment(self, attempt_id: str, at: datetime) -> "Profile":
        """The same, with what is known now among its moments."""
        abilities = [area.ability for area in self.areas]
        moment = Moment(
            attempt_id=attempt_id,
            at=at,
            slugs=tuple(area.slug for area in self.areas),
            theta=tuple(ability.theta for ability in abilities),
            low=tuple(ability.low for ability in abilities),
            high=tuple(ability.high for ability in abilities),
            covariance=to_rows(self.covariance),
        )
        return replace(self, moments=(*self.moments, moment))

    def area(self, slug: str) -> AreaProfile:
        """What is known about an area: through its own answers, or only through the other areas'."""
        known = next((area for area in self.areas if area.slug == slug), None)
        return known or AreaProfile(slug, ability=self._through_others())

    def with_area(self, slug: str) -> "Profile":
        """The same, with this area among those met."""
        if any(area.slug == slug for area in self.areas):
            return self
        area = self.area(slug)
        covariance = self.covariance
        errors = np.sqrt(np.diagonal(covariance))
        shared = share_of_others(len(self.areas)) * covariance.sum(axis=0) / (errors * area.ability.standard_error)
        correlations = np.block([[self.correlation_matrix, shared[:, None]], [shared[None], np.eye(1)]])
        areas = (*self.areas, area)
        order = sorted(range(len(areas)), key=lambda index: areas[index].slug)
        return replace(
            self,
            areas=tuple(areas[index] for index in order),
            correlations=to_rows(correlations[np.ix_(order, order)]),
        )

    def _through_others(self) -> Ability:
        """An area never met, as far as it goes with those met: the walk keeps how they hang together as it was."""
        count = len(self.areas)
        if not count:
            return AREA_PRIOR
        slope = count * share_of_others(count)
        mean = ability.mean_of([area.ability for area in self.areas], self.correlation_matrix)
        return mean.line(intercept=0, slope=slope, variance=1 - slope * AREA_CORRELATION)

    def topic(self, topic_id: str) -> TopicProfile:
        """What is known about a topic, also when it was never met."""
        return self.area(topic_id.partition("/")[0]).topic(topic_id)


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What one person's answers say, jointly, about every area and topic of a structure; in logits.

    points: shape (q,). area_weights, shape (areas, q), and topic_weights, shape (topics, q): each row sums to 1. areas
    and topics: their means, standard deviations and 5 and 95 % quantiles, shapes (areas,) and (topics,). overall: the
    mean of all areas. deviation, deviation_sd and chance_above (0), shape (topics,): how far each topic lies above its
    area; standing: what that allows to be said.
    """

    points: FloatArray
    area_weights: FloatArray
    topic_weights: FloatArray
    areas: Abilities
    topics: Abilities
    overall: Ability
    deviation: FloatArray
    deviation_sd: FloatArray
    chance_above: FloatArray
    standing: tuple[Standing, ...]


def posterior(
    topic: ArrayLike, marks: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike, *, structure: Structure
) -> Posterior:
    """Estimate one person's areas and topics from their answers to items of known parameters.

    Args: topic, shape (n,): codes into `structure.area`. marks, a, b, c, shape (n,), n may be 0: as in `ability.eap`.
    Raises: ValueError if shapes differ or a value is out of bounds.
    Source: as in `joint`.
    """
    marks, a, b, c = (np.asarray(values, dtype=np.float64) for values in (marks, a, b, c))
    evidence.check(marks, a, b, c)
    topic = evidence.codes(topic, structure.topics, marks.size, "topic")
    points = grid.points_for(marks.size)
    right, wrong = irt.log_probabilities(points, a[:, None], b[:, None], c[:, None])
    log_likelihood = np.zeros((1, structure.topics, points.size))
    np.add.at(log_likelihood[0], topic, np.where(marks[:, None] == 1, right, wrong))
    known = joint.infer(points, log_likelihood, structure)
    summary = joint.summarised(known, structure)
    return Posterior(
        points=points,
        area_weights=known.areas[0],
        topic_weights=known.topics[0],
        areas=Abilities(*(values[0] for values in summary.areas)),
        topics=Abilities(*(values[0] for values in summary.topics)),
        overall=Ability(*(float(values[0]) for values in summary.overall)),
        deviation=summary.deviation[0],
        deviation_sd=summary.deviation_sd[0],
        chance_above=summary.chance_above[0],
        standing=tuple(
            _standing(count, chance)
            for count, chance in zip(
                np.bincount(topic, minlength=structure.topics), summary.chance_above[0], strict=True
            )
        ),
    )


def _standing(responses: int, chance_above: float) -> Standing:
    if not responses:
        return "not enough evidence"
    if chance_above >= STANDS_OUT:
        return "strength"
    return "weakness" if chance_above <= 1 - STANDS_OUT else "in line"


def to_rows(matrix: FloatArray) -> tuple[tuple[float, ...], ...]:
    """A matrix as plain values."""
    return tuple(tuple(row) for row in matrix.tolist())


def share_of_others(count: int) -> float:
    """The regression weight of each of so many standard normal, equally correlated abilities for one more of them."""
    return AREA_CORRELATION / (1 + (count - 1) * AREA_CORRELATION)


def through_area(link: Link, area: Ability) -> tuple[Ability, float]:
    """What an area's ability says about a topic linked to it: the topic's ability, and its covariance with the area."""
    topic = area.line(intercept=link.intercept, slope=link.slope, variance=link.sd**2)
    return topic, link.slope * area.variance


def profile_from_dict(values: Mapping[str, Any]) -> Profile:
    """The profile that `dataclasses.asdict` turned into these values; sequences may have become lists."""
    parts = {
        "areas": tuple(_area(area) for area in values["areas"]),
        "correlations": tuple(tuple(row) for row in values["correlations"]),
        "moments": tuple(_moment(moment) for moment in values.get("moments", ())),
    }
    return Profile(**{**values, **parts})


def _area(values: Mapping[str, Any]) -> AreaProfile:
    parts = {
        "ability": Ability(**values["ability"]),
        "topics": tuple(_topic(topic) for topic in values["topics"]),
        "history": tuple(HistoryPoint(**{**point, "score": Score(**point["score"])}) for point in values["history"]),
    }
    return AreaProfile(**{**values, **parts})


def _moment(values: Mapping[str, Any]) -> Moment:
    rows = {name: tuple(values[name]) for name in ("slugs", "theta", "low", "high")}
    return Moment(**{**values, **rows, "covariance": tuple(tuple(row) for row in values["covariance"])})


def _topic(values: Mapping[str, Any]) -> TopicProfile:
    when_answered = values["when_answered"]
    parts = {
        "ability": Ability(**values["ability"]),
        "when_answered": Ability(**when_answered) if when_answered else None,
    }
    return TopicProfile(**{**values, **parts})
