"""Choosing the next steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker.assessment.parameters import AUTHORS_WORD, ParameterSet
from tracker.assessment.response import MarkedAttempt
from tracker.assessment.roadmap import Resource, Roadmap
from tracker.scoring.next_steps import confirm, learn, measure, pause, practise, prerequisite, review, start
from tracker.scoring.next_steps.roadmap_state import RoadmapState
from tracker.scoring.next_steps.rule import Rule
from tracker.scoring.next_steps.step import Evidence, NextStep, Prerequisite
from tracker.scoring.next_steps.topic_state import TopicState, answers_by_topic, topic_state
from tracker.scoring.profile import Profile

RULES = (learn.RULE, prerequisite.RULE, review.RULE, practise.RULE, measure.RULE, confirm.RULE)
DIGITS = 9  # of a use that matter: what is less apart is a tie, in whatever order the answers came
WHEN: Mapping[str, str] = {start.ID: start.WHEN, **{rule.id: rule.when for rule in RULES}, pause.ID: pause.WHEN}
MOST_STEPS = 3
MOST_IN_AREA = 2


def next_steps(
    profile: Profile,
    *,
    roadmap: Roadmap,
    attempts: Iterable[MarkedAttempt],
    now: datetime,
    parameters: ParameterSet = AUTHORS_WORD,
) -> tuple[NextStep, ...]:
    """One to three steps, the most useful first.

    Args: profile, as of now (`drift.aged`), folded by these parameters from `attempts`: all finished ones of this
        learner.
    """
    if not profile.responses:
        return (start.step(),)
    state = _state(profile, roadmap, attempts, parameters)
    found = [(rule, one) for one in state.topics.values() if (rule := _first_rule(one, state))]
    if not found:
        return (_pause(profile, state, now),)
    used = [(rule, one, rule.use(one, state)) for rule, one in found]
    ranked = sorted(used, key=lambda entry: (entry[0].group, -round(entry[2], DIGITS)))
    return tuple(_step(rule, one, use, state) for rule, one, use in _spread(ranked))


def _state(
    profile: Profile, roadmap: Roadmap, attempts: Iterable[MarkedAttempt], parameters: ParameterSet
) -> RoadmapState:
    answers = answers_by_topic(attempts, parameters)
    return RoadmapState(
        {
            topic.id: topic_state(topic, known, answers[topic.id])
            for area in roadmap.areas
            for known in (profile.area(area.slug),)
            for topic in area.topics
        }
    )


def _first_rule(one: TopicState, state: RoadmapState) -> Rule | None:
    return next((rule for rule in RULES if rule.fits(one, state)), None)


def _spread(ranked: Sequence[tuple[Rule, TopicState, float]]) -> list[tuple[Rule, TopicState, float]]:
    """The first few of these, not too many of one area."""
    chosen: list[tuple[Rule, TopicState, float]] = []
    for entry in ranked:
        in_area = sum(one.topic.area_slug == entry[1].topic.area_slug for _, one, _ in chosen)
        if len(chosen) < MOST_STEPS and in_area < MOST_IN_AREA:
            chosen.append(entry)
    return chosen


def _step(rule: Rule, one: TopicState, use: float, state: RoadmapState) -> NextStep:
    return NextStep(
        rule=rule.id,
        evidence=_evidence(one, state, rule.resource(one)),
        use=use,
        unlocks=tuple(state.unlocks(one)),
    )


def _pause(profile: Profile, state: RoadmapState, now: datetime) -> NextStep:
    topic_id, due = pause.first_unsure(profile, list(state.topics), now)
    one = state.topics[topic_id]
    return NextStep(rule=pause.ID, evidence=_evidence(one, state, one.topic.resources[0]), due=due)


def _evidence(one: TopicState, state: RoadmapState, resource: Resource) -> Evidence:
    return Evidence(
        topic_id=one.topic.id,
        mastery=one.mastery,
        mastery_when_answered=one.mastery_when_answered,
        score=one.score,
        records=one.records,
        expected_right=one.expected_right,
        settling=one.settling,
        prerequisites=tuple(
            Prerequisite(topic_id, state.topics[topic_id].mastery) for topic_id in one.topic.prerequisites
        ),
        resource=resource,
    )
