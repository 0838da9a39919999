"""A next step: one thing to do, and the evidence it rests on. Plain values, fit to be stored with `asdict`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.assessment.blueprint import topic_assessment_slug
from tracker.assessment.practice_scope import topic_scope_slug
from tracker.assessment.roadmap import Resource
from tracker.assessment.score import Score
from tracker.scoring.next_steps.quiz import MASTERED, WEAK


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer that a step rests on."""

    attempt_id: str
    item_id: str
    is_right: bool
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A topic that another builds on, and the chance that it is at least Proficient."""

    topic_id: str
    mastery: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a step about a topic rests on.

    `mastery` is the chance that the topic is at least Proficient, `mastery_when_answered` the same right after its
    last answer; `expected_right` is how many of these answers somebody exactly at that cut gets right on average;
    `settling` is the chance that a quiz leaves the topic mastered or weak.
    """

    topic_id: str
    mastery: float
    mastery_when_answered: float | None
    score: Score
    records: tuple[AnswerRecord, ...]
    expected_right: float
    settling: float
    prerequisites: tuple[Prerequisite, ...]
    resource: Resource

    @property
    def quiz(self) -> str:
        """The slug of the topic's quiz."""
        return topic_assessment_slug(self.topic_id)

    @property
    def practice(self) -> str:
        """The slug of the topic's practice."""
        return topic_scope_slug(self.topic_id)

    @property
    def is_open(self) -> bool:
        """Whether it is uncertain on which side of the cut the learner stands."""
        return WEAK < self.mastery < MASTERED

    @property
    def right(self) -> int:
        """How many of the answers were right."""
        return sum(record.is_right for record in self.records)


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do next.

    rule: the id of the rule that gave it. use: what it was ranked by. unlocks: topics that wait for it. due: when to
    do it; None is now. evidence: None only for `start`.
    """

    rule: str
    evidence: Evidence | None = None
    use: float = 0.0
    unlocks: tuple[str, ...] = ()
    due: datetime | None = None

    @property
    def kind(self) -> str:
        """The rule without its number."""
        return self.rule.rpartition("-")[0]

    @property
    def topic_id(self) -> str | None:
        """The topic it is about."""
        return self.evidence.topic_id if self.evidence else None


def step_from_dict(values: Mapping[str, Any]) -> NextStep:
    """The step that `dataclasses.asdict` turned into these values; sequences may have become lists."""
    evidence = _evidence(values["evidence"]) if values["evidence"] else None
    return NextStep(**{**values, "evidence": evidence, "unlocks": tuple(values["unlocks"])})


def _evidence(values: Mapping[str, Any]) -> Evidence:
    parts = {
        "score": Score(**values["score"]),
        "records": tuple(AnswerRecord(**record) for record in values["records"]),
        "prerequisites": tuple(Prerequisite(**prerequisite) for prerequisite in values["prerequisites"]),
        "resource": Resource(**values["resource"]),
    }
    return Evidence(**{**values, **parts})
