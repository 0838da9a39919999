"""What to do next: fixed rules over a profile and the roadmap.

M is the chance that a topic is at least Proficient; it is mastered from M = .80. It is weak up to M = .20; but once it
was answered, its own answers must also fall short, by half an answer, of what somebody exactly at the cut gets right.
From M = .20 to .50 it is weak if that person would do so badly in fewer than one case in twenty (normal approximation
with continuity correction). It is never weak while its area has not enough evidence for a level.

| rule | when | what |
|---|---|---|
| start | nothing was ever answered | take the placement |
| learn | answered and weak, and no prerequisite is weak | read its first resource |
| prerequisite | weak, no prerequisite is weak, and an answered weak topic builds on it | read its first resource |
| review | mastered when last answered, by now not mastered | read its first resource |
| measure | never answered, or neither mastered nor weak | take its quiz |

The first rule that fits decides. At most three steps, two of them in one area. Study comes before measuring: study by
`w R E[gain]`, with w the number of topics that stand on this one (itself included), R the least M among the
prerequisites, and gain what is missing to the cut, at most 0.3 logits; measuring by how uncertain M is and how much
of that a quiz can remove. Ties go to what the roadmap names first. Reading time plays no part until it is known
what an hour with a resource gains.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.roadmap import Roadmap, Topic
from tracker.assessment.score import Score
from tracker.scoring.ability import Z
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.irt import probability
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.scoring.next_step import AnswerRecord, Evidence, NextStep, Prerequisite, Rule
from tracker.scoring.profile import Profile, TopicProfile

MASTERED = 0.80
WEAK = 0.20
UNLIKELY = 0.50
MOST_STEPS = 3
MOST_IN_AREA = 2
GAIN = 0.3  # logits, what one resource can be expected to give
QUIZ_INFORMATION = 1.0  # per squared logit, about a topic: some five items


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known about one topic of the roadmap."""

    topic: Topic
    profile: TopicProfile
    score: Score
    mastery: float
    is_area_known: bool
    answers: Sequence[tuple[MarkedAttempt, Response]]
    expected_right: float
    expected_sd: float

    @property
    def is_answered(self) -> bool:
        return self.profile.responses > 0

    @property
    def is_weak(self) -> bool:
        if not self.is_area_known:
            return False
        if not self.is_answered:
            return self.mastery <= WEAK
        shortfall = self.expected_right - self.profile.right - 0.5
        return shortfall >= (0 if self.mastery <= WEAK else Z * self.expected_sd) and self.mastery < UNLIKELY

    @property
    def mastery_when_answered(self) -> float | None:
        then = self.profile.when_answered
        return then.chance_of(PROFICIENT_CUT) if then else None

    @property
    def is_faded(self) -> bool:
        return (self.mastery_when_answered or 0.0) >= MASTERED > self.mastery


def next_steps(profile: Profile, *, roadmap: Roadmap, attempts: Iterable[MarkedAttempt]) -> tuple[NextStep, ...]:
    """Up to three steps, the most useful first; none when every topic is answered and mastered.

    Args: profile, as of now (`drift.aged`), folded from `attempts`: all finished ones of this learner.
    """
    if not profile.responses:
        return (NextStep(rule="start"),)
    answers = _answers(attempts)
    known = {topic.id: _known(topic, profile, answers[topic.id]) for topic in roadmap.topics}
    waiting = _waiting(known)
    rules = {topic_id: rule for topic_id, one in known.items() if (rule := _rule(one, known, waiting))}
    study = [known[topic_id] for topic_id, rule in rules.items() if rule != "measure"]
    measuring = [known[topic_id] for topic_id, rule in rules.items() if rule == "measure"]
    ranked = [
        *sorted(study, key=lambda one: -_use_of_study(one, known)),
        *sorted(measuring, key=lambda one: -_use_of_measuring(one)),
    ]
    return tuple(
        NextStep(
            rule=rules[one.topic.id],
            evidence=_evidence(one, known),
            unlocks=tuple(waiting.get(one.topic.id, ())),
        )
        for one in _spread(ranked)
    )


def _known(topic: Topic, profile: Profile, answers: Sequence[tuple[MarkedAttempt, Response]]) -> _Known:
    area = profile.area(topic.area_slug)
    state = area.topic(topic.id)
    expected = probability(PROFICIENT_CUT, *item_parameters([response for _, response in answers]))
    return _Known(
        topic=topic,
        profile=state,
        score=area.topic_score(topic.id),
        mastery=state.ability.chance_of(PROFICIENT_CUT),
        is_area_known=area.is_enough,
        answers=answers,
        expected_right=float(expected.sum()),
        expected_sd=math.sqrt((expected * (1 - expected)).sum()),
    )


def _waiting(known: Mapping[str, _Known]) -> Mapping[str, Sequence[str]]:
    """For each topic, the answered weak ones that must wait for it."""
    waiting = defaultdict(list)
    for topic_id, one in known.items():
        if one.is_weak and one.is_answered:
            first = _first_to_learn(one, known)
            if first is not one:
                waiting[first.topic.id].append(topic_id)
    return waiting


def _first_to_learn(one: _Known, known: Mapping[str, _Known]) -> _Known:
    """The topic itself or, while a prerequisite is weak, what is first to learn for the least mastered one."""
    weak = [known[topic_id] for topic_id in one.topic.prerequisites if known[topic_id].is_weak]
    return _first_to_learn(min(weak, key=lambda other: other.mastery), known) if weak else one


def _rule(one: _Known, known: Mapping[str, _Known], waiting: Mapping[str, Sequence[str]]) -> Rule | None:
    if one.is_weak and one.is_answered:
        return "learn" if _first_to_learn(one, known) is one else None
    if one.topic.id in waiting:
        return "prerequisite"
    if one.is_faded:
        return "review"
    return "measure" if not one.is_answered or one.mastery < MASTERED else None


def _use_of_study(one: _Known, known: Mapping[str, _Known]) -> float:
    standing_on_it = sum(other is one or one.topic.id in _needs(other, known) for other in known.values())
    readiness = min((known[topic_id].mastery for topic_id in one.topic.prerequisites), default=1.0)
    # the mean of min(cut - theta, GAIN), at least 0, is the chance of being below x, summed over x from cut - GAIN
    # to the cut: close to GAIN times the chance at the middle
    gain = GAIN * (1 - one.profile.ability.chance_of(PROFICIENT_CUT - GAIN / 2))
    return standing_on_it * readiness * gain


def _needs(one: _Known, known: Mapping[str, _Known]) -> set[str]:
    """The topics that this one builds on, directly or not."""
    direct = one.topic.prerequisites
    return {*direct, *(needed for topic_id in direct for needed in _needs(known[topic_id], known))}


def _use_of_measuring(one: _Known) -> float:
    information = QUIZ_INFORMATION * one.profile.ability.variance
    return one.mastery * (1 - one.mastery) * information / (1 + information)


def _spread(ranked: Iterable[_Known]) -> list[_Known]:
    """The first few of these, not too many of one area."""
    chosen: list[_Known] = []
    for one in ranked:
        in_area = sum(other.topic.area_slug == one.topic.area_slug for other in chosen)
        if len(chosen) < MOST_STEPS and in_area < MOST_IN_AREA:
            chosen.append(one)
    return chosen


def _answers(attempts: Iterable[MarkedAttempt]) -> Mapping[str, list[tuple[MarkedAttempt, Response]]]:
    """All answers by topic, as they came."""
    answers = defaultdict(list)
    for attempt in attempts:
        for response in attempt.responses:
            answers[response.topic_id].append((attempt, response))
    return answers


def _evidence(one: _Known, known: Mapping[str, _Known]) -> Evidence:
    return Evidence(
        topic_id=one.topic.id,
        mastery=one.mastery,
        mastery_when_answered=one.mastery_when_answered,
        score=one.score,
        records=tuple(
            AnswerRecord(attempt.attempt_id, response.item_id, response.is_right, attempt.finished_at)
            for attempt, response in one.answers
        ),
        expected_right=one.expected_right,
        prerequisites=tuple(Prerequisite(topic_id, known[topic_id].mastery) for topic_id in one.topic.prerequisites),
        resource=one.topic.resources[0],
    )
