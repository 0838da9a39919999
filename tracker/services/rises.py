"""What would bring enough members of a cohort to its targets, and who could help whom: with names and reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.blueprint import topic_assessment_slug
from tracker.assessment.roadmap import Topic
from tracker.scoring.coverage import Ranks
from tracker.scoring.levels import LEVELS
from tracker.scoring.mentoring import list_mentorings
from tracker.scoring.rises import Rise, plan_rises
from tracker.scoring.sight import SeenScore
from tracker.services.seen_group import SeenGroup
from tracker.storage.tables import User

MOST_STEPS = 30


@dataclass(frozen=True, slots=True)
class TopicRise:
    """A member's steps in a topic, and why: what is seen of them there, how old that is, and what builds on it.

    may_be_there: whether their interval reaches the goal already, so that a quiz may settle it.
    """

    topic: Topic
    start: str
    goal: str
    steps: int
    score: SeenScore
    last_answered: datetime | None
    needed_for: Topic | None
    may_be_there: bool

    @property
    def assessment_slug(self) -> str:
        """The slug of the topic's quiz."""
        return topic_assessment_slug(self.topic.id)


@dataclass(frozen=True, slots=True)
class MemberRises:
    """A member's share of the plan."""

    user: User
    rises: tuple[TopicRise, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would bring enough members to every target: at most the first 30 steps, and how many there are.

    to_measure: of members seen at the goal or above but not surely, or of whom not enough is known.
    to_learn: of members seen below it.
    fewest_steps: no set that reaches the same has fewer.
    """

    to_measure: tuple[MemberRises, ...]
    to_learn: tuple[MemberRises, ...]
    shown_steps: int
    steps: int
    fewest_steps: int


@dataclass(frozen=True, slots=True)
class Help:
    """In a topic, who could help whom to reach a level."""

    topic: Topic
    goal: str
    mentors: tuple[User, ...]
    learners: tuple[User, ...]


def make_plan(group: SeenGroup, wanted: Ranks, *, holders: int) -> Plan:
    """The smallest set of steps, or near it, after which so many members surely hold the wanted levels, shape (t,)."""
    places = {topic.id: place for place, topic in enumerate(group.topics)}
    builds_on = [[places[topic_id] for topic_id in topic.prerequisites] for topic in group.topics]
    plan = plan_rises(group.levels, wanted, builds_on=builds_on, holders=holders)
    shown = list(_first_steps(plan.rises))
    return Plan(
        to_measure=tuple(_shares(group, [rise for rise in shown if _is_to_measure(group, rise)])),
        to_learn=tuple(_shares(group, [rise for rise in shown if not _is_to_measure(group, rise)])),
        shown_steps=sum(rise.steps for rise in shown),
        steps=plan.steps,
        fewest_steps=plan.fewest_steps,
    )


def list_helps(group: SeenGroup, wanted: Ranks) -> tuple[Help, ...]:
    """Who could help whom on the way to the wanted levels, shape (t,)."""
    return tuple(
        Help(
            topic=group.topics[one.topic],
            goal=LEVELS[one.goal].name,
            mentors=group.users(one.mentors),
            learners=group.users(one.learners),
        )
        for one in list_mentorings(group.levels, wanted, may_mentor=group.may_mentor)
    )


def _first_steps(rises: Sequence[Rise]) -> Iterator[Rise]:
    steps = 0
    for rise in rises:
        steps += rise.steps
        if steps > MOST_STEPS:
            return
        yield rise


def _is_to_measure(group: SeenGroup, rise: Rise) -> bool:
    of_member = rise.member, rise.topic
    return bool(not group.levels.is_known[of_member] or group.levels.level[of_member] >= rise.goal)


def _shares(group: SeenGroup, rises: Sequence[Rise]) -> Iterator[MemberRises]:
    for member in dict.fromkeys(rise.member for rise in rises):
        own = tuple(_topic_rise(group, rise) for rise in rises if rise.member == member)
        yield MemberRises(user=group.user(member), rises=own)


def _topic_rise(group: SeenGroup, rise: Rise) -> TopicRise:
    return TopicRise(
        topic=group.topics[rise.topic],
        start=LEVELS[rise.start].name,
        goal=LEVELS[rise.goal].name,
        steps=rise.steps,
        score=group.score(rise.member, rise.topic),
        last_answered=group.last_answered(rise.member, rise.topic),
        needed_for=None if rise.needed_for is None else group.topics[rise.needed_for],
        may_be_there=bool(group.levels.highest[rise.member, rise.topic] >= rise.goal),
    )
