"""What is known of whoever asks, as the API gives it."""

from typing import ClassVar, Literal

from pydantic import Field

from tracker.web.api.models import Model, Moment
from tracker.web.api.paging import Page
from tracker.web.api.schemas_attempts import AN_ID
from tracker.web.api.schemas_result import Change, Score
from tracker.web.api.schemas_roadmap import Resource


class Profile(Model):
    """Whom the token acts for."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Ada"])
    email: str = Field(examples=["ada@example.org"])
    zone: str = Field(description="Your time zone.", examples=["Europe/London"])
    is_author: bool = Field(description="Whether you write items.", examples=[False])
    is_admin: bool = Field(description="Whether you run the service.", examples=[False])


class TopicSkill(Model):
    """Where you stand in one topic."""

    topic: str = Field(description="The topic's id.", examples=["language/syntax"])
    name: str = Field(examples=["Syntax and expressions"])
    score: Score
    standing: Literal["strength", "weakness", "in line", "not enough evidence"] = Field(
        description="Whether it surely stands out from its area.", examples=["in line"]
    )
    right: int = Field(description="How many of the answers that may be told were right.", examples=[8])
    told: int = Field(description="How many answers may be told.", examples=[12])
    last_answered: Moment | None = Field(examples=["2026-11-02T12:00:00.000Z"])


class AreaSkill(Model):
    """Where you stand in one area."""

    area: str = Field(description="The area's slug.", examples=["language"])
    name: str = Field(examples=["The language"])
    score: Score
    last_answered: Moment | None = Field(examples=["2026-11-02T12:00:00.000Z"])
    topics: list[TopicSkill]


class Skills(Model):
    """All that is known of your skills now."""

    overall: Score = Field(description="The mean of the areas with enough answers.")
    areas: list[AreaSkill]
    model: int = Field(description="The revision of the scoring model.", examples=[1])
    parameters: int = Field(description="The revision of the items' parameters.", examples=[0])


class AttemptScore(Model):
    """An area's score after one attempt, then and seen from today."""

    area: str = Field(description="The area's slug.", examples=["language"])
    attempt: str = Field(description="The attempt's id.", examples=[AN_ID])
    finished_at: Moment
    reported: Score = Field(description="As it was told then; never revised.")
    smoothed: Score = Field(description="As all attempts together show it.")
    change: Change | None = Field(description="From then to the area's last attempt.", examples=[None])


class History(Page):
    """Some of your scores so far, the newest first."""

    scores: list[AttemptScore]


class AnswerRecord(Model):
    """An answer that a step rests on."""

    attempt: str = Field(description="The attempt's id.", examples=[AN_ID])
    item: str = Field(description="The item's id.", examples=["language/syntax/slices"])
    is_right: bool | None = Field(description="Null while that may not be told.", examples=[True])
    answered_at: Moment


class Prerequisite(Model):
    """A topic that the step's topic builds on."""

    topic: str = Field(examples=["language/functions"])
    mastery: float = Field(description="The chance that you are at least Proficient at it.", examples=[0.9])


class Evidence(Model):
    """What a step rests on."""

    topic: str = Field(description="The topic's id.", examples=["language/syntax"])
    mastery: float = Field(description="The chance that you are at least Proficient at it.", examples=[0.4])
    mastery_when_answered: float | None = Field(description="The same after its last answer.", examples=[0.4])
    score: Score
    answers: list[AnswerRecord]
    prerequisites: list[Prerequisite]
    resource: Resource
    quiz: str = Field(description="The slug of the topic's assessment.", examples=["topic-language-syntax"])


class NextStep(Model):
    """One thing to do next."""

    rule: str = Field(description="The numbered rule that gave it.", examples=["learn-1"])
    kind: str = Field(examples=["learn"])
    when: str = Field(description="When this rule gives a step.", examples=["The topic is surely below Proficient."])
    due: Moment | None = Field(description="When to do it; null: now.", examples=[None])
    unlocks: list[str] = Field(description="Ids of the topics that wait for it.", examples=[["language/oop"]])
    evidence: Evidence | None = Field(description="Null only when nothing is known yet.")


class NextSteps(Model):
    """What to do next, and what that was made from. No ETag tells of `made_at`."""

    passing: ClassVar[frozenset[str]] = frozenset({"made_at"})
    made_at: Moment
    model: int = Field(description="The revision of the scoring model.", examples=[1])
    parameters: int = Field(description="The revision of the items' parameters.", examples=[0])
    steps: list[NextStep]
