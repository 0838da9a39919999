"""A next step: one thing to do, and the evidence it rests on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.assessment.roadmap import Resource
from tracker.assessment.score import Score

Rule = Literal["start", "learn", "prerequisite", "review", "measure"]


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
    last answer; `expected_right` is how many of these answers somebody exactly at that cut gets right on average.
    """

    topic_id: str
    mastery: float
    mastery_when_answered: float | None
    score: Score
    records: tuple[AnswerRecord, ...]
    expected_right: float
    prerequisites: tuple[Prerequisite, ...]
    resource: Resource

    @property
    def right(self) -> int:
        """How many of the answers were right."""
        return sum(record.is_right for record in self.records)


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do next. `unlocks` are weak topics that wait for it; `evidence` is None only for `start`."""

    rule: Rule
    evidence: Evidence | None = None
    unlocks: tuple[str, ...] = ()
