"""A rule for topics: when it fits, what it points at, and how its steps rank among each other."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from tracker.assessment.roadmap import Resource
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.scoring.next_steps.quiz import risk_drop
from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.topic_state import TopicState

GAIN = 0.3  # logits, what one resource can be expected to give


class Group(IntEnum):
    """What comes first whatever its use."""

    STUDY = 1
    MEASURE = 2
    CONFIRM = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A numbered rule; whoever changes what it does gives it the next number. when: in words, for people."""

    id: str
    when: str
    group: Group
    fits: Callable[[TopicState, RoadmapState], bool]
    use: Callable[[TopicState, RoadmapState], float]
    resource: Callable[[TopicState], Resource]


def use_of_study(one: TopicState, roadmap: RoadmapState) -> float:
    """The logits that study may gain here, for every topic that stands on this one, as far as one is ready for it."""
    # the mean of min(cut - theta, GAIN), at least 0, is the chance of being below x, summed over x from cut - GAIN
    # to the cut: close to GAIN times the chance at the middle
    gain = GAIN * (1 - one.profile.ability.chance_of(PROFICIENT_CUT - GAIN / 2))
    return roadmap.standing_on(one) * roadmap.readiness(one) * gain


def use_of_quiz(one: TopicState, _roadmap: RoadmapState) -> float:
    """How much a quiz is expected to lower the risk of calling the topic wrongly."""
    return risk_drop(one.profile.ability)


def first_resource(one: TopicState) -> Resource:
    """What to begin with."""
    return one.topic.resources[0]


def further_resource(one: TopicState) -> Resource:
    """What to read after that."""
    return one.topic.resources[:2][-1]
