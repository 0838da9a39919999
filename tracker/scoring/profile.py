"""A learner's profile: what all their finished attempts together say about every area and topic.

Plain values, so that `dataclasses.asdict` and `profile_from_dict` are all a store needs. An area or a topic that
was never met is not kept; asking for it gives what is known without evidence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tracker.scoring import ability
from tracker.scoring.ability import Ability
from tracker.scoring.hierarchy import Link
from tracker.scoring.levels import ENOUGH_RESPONSES, Score, to_score

REVISION = 1  # of the model and its constants: a stored profile of another revision must be folded anew
AREA_PRIOR = ability.normal(0, 1)
TOPIC_SD = 0.45
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
        if not topic.responses:
            return "not enough evidence"
        chance_above = self.deviation(topic).chance_of(0)
        if chance_above >= STANDS_OUT:
            return "strength"
        return "weakness" if chance_above <= 1 - STANDS_OUT else "in line"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known about a learner: the areas they have met, by slug."""

    areas: tuple[AreaProfile, ...] = ()
    revision: int = REVISION

    @property
    def responses(self) -> int:
        """How many responses it rests on."""
        return sum(area.responses for area in self.areas)

    @property
    def overall(self) -> Score:
        """The mean of the areas that have enough evidence; without any, the mean of a person nothing is known of."""
        areas = [area for area in self.areas if area.is_enough]
        mean = ability.mean_of([area.ability for area in areas] or [AREA_PRIOR])
        return to_score(mean, responses=sum(area.responses for area in areas), is_enough=bool(areas))

    def area(self, slug: str) -> AreaProfile:
        """What is known about an area, also when it was never met."""
        return next((area for area in self.areas if area.slug == slug), AreaProfile(slug))

    def topic(self, topic_id: str) -> TopicProfile:
        """What is known about a topic, also when it was never met."""
        return self.area(topic_id.partition("/")[0]).topic(topic_id)


def through_area(link: Link, area: Ability) -> tuple[Ability, float]:
    """What an area's ability says about a topic linked to it: the topic's ability, and its covariance with the area."""
    topic = area.line(intercept=link.intercept, slope=link.slope, variance=link.sd**2)
    return topic, link.slope * area.variance


def profile_from_dict(values: Mapping[str, Any]) -> Profile:
    """The profile that `dataclasses.asdict` turned into these values; sequences may have become lists."""
    return Profile(areas=tuple(_area(area) for area in values["areas"]), revision=values["revision"])


def _area(values: Mapping[str, Any]) -> AreaProfile:
    parts = {
        "ability": Ability(**values["ability"]),
        "topics": tuple(_topic(topic) for topic in values["topics"]),
        "history": tuple(HistoryPoint(**{**point, "score": Score(**point["score"])}) for point in values["history"]),
    }
    return AreaProfile(**{**values, **parts})


def _topic(values: Mapping[str, Any]) -> TopicProfile:
    when_answered = values["when_answered"]
    parts = {
        "ability": Ability(**values["ability"]),
        "when_answered": Ability(**when_answered) if when_answered else None,
    }
    return TopicProfile(**{**values, **parts})
