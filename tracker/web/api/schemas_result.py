"""What an attempt gave, as the API gives it."""

from typing import Literal

from pydantic import Field

from tracker.web.api.models import Model, Moment
from tracker.web.api.schemas_attempts import A_VERSION, AN_ID, Option

HELD = "while a quiz of yours asks it, or does not show its answers yet"


class Score(Model):
    """How well somebody can do something, and how sure that is."""

    value: int = Field(description="500 is the middle, 100 a standard deviation.", examples=[540])
    low: int = Field(description="With 90 % certainty it is not below this,", examples=[470])
    high: int = Field(description="nor above this.", examples=[610])
    level: Literal["Foundation", "Developing", "Proficient", "Expert"] | None = Field(
        description="Null while too little is known.", examples=["Proficient"]
    )
    responses: int = Field(description="How many answers it rests on.", examples=[24])
    is_enough: bool = Field(description="Whether these are enough to say more than a guess.", examples=[True])


class Change(Model):
    """From the attempt before to this one."""

    claim: Literal["risen", "fallen", "not sure"] = Field(
        description="What may be claimed with 95 % certainty.", examples=["not sure"]
    )
    improved: float = Field(description="The chance that the ability is higher now.", examples=[0.81])


class AreaResult(Model):
    """An area's score after the attempt, as it was reported then."""

    area: str = Field(examples=["language"])
    score: Score
    before: Score | None = Field(description="After the attempt before; null without one.", examples=[None])
    change: Change | None = Field(description="Since that one.", examples=[None])
    right: int = Field(description="How many of the answers that may be told were right.", examples=[8])
    told: int = Field(description="How many of its answers may be told.", examples=[12])


class ExplainedOption(Option):
    """Something that could be chosen."""

    is_key: bool = Field(description="Whether it is right.", examples=[True])
    note_html: str = Field(description="Why, as safe HTML.", examples=["<p>A slice ends before its stop.</p>"])


class Misconception(Model):
    """A mistake that the answer shows."""

    name: str = Field(examples=["Slices include their stop"])
    description: str = Field(examples=["Takes the stop of a slice for its last index."])


class Source(Model):
    """The official page that settles the key."""

    title: str = Field(examples=["The Python tutorial: Strings"])
    url: str = Field(examples=["https://docs.python.org/3/tutorial/introduction.html#text"])
    version: str = Field(examples=["3.13"])


class Explained(Model):
    """An item with its key. `answer` and `key` are as they are sent, see `Item`."""

    version: str = Field(examples=[A_VERSION])
    type: str = Field(examples=["single"])
    stem_html: str = Field(examples=["<p>What is printed?</p>"])
    answer: list[str] = Field(description="What you answered; nothing when you left it out.", examples=[["k3v9q2"]])
    key: list[str] = Field(description="An answer that is right.", examples=[["k3v9q2"]])
    options: list[ExplainedOption]
    blanks_html: list[str] = Field(description="What was to be filled.", examples=[[]])
    notes_html: list[str] = Field(description="What is wrong with the answer.", examples=[[]])
    explanation_html: str = Field(examples=["<p>A slice ends before its stop.</p>"])
    misconceptions: list[Misconception] = Field(examples=[[]])
    source: Source
    proved_on: list[str] = Field(description="What the key was proved on here.", examples=[["Python 3.11.7"]])


class ItemResult(Model):
    """One place of the form."""

    position: int = Field(examples=[0])
    topic: str = Field(description="The topic's name.", examples=["Syntax and expressions"])
    mark: float | None = Field(description=f"0 to 1; null when it does not count, and {HELD}.", examples=[1.0])
    is_held: bool = Field(description=f"Whether nothing may be told of it: {HELD}.", examples=[False])
    is_under_review: bool = Field(description="Whether it did not count, because it may be faulty.", examples=[False])
    seconds: float = Field(description="How long it was open.", examples=[31.5])
    explained: Explained | None = Field(description=f"Null when it was withdrawn, and {HELD}.")


class Result(Model):
    """What an attempt gave."""

    attempt: str = Field(description="The attempt's id.", examples=[AN_ID])
    assessment: str = Field(examples=["language"])
    finished_at: Moment
    ran_out: bool = Field(description="Whether time ended it.", examples=[False])
    stopped_by: str | None = Field(description="The rule that ended an adaptive one.", examples=[None])
    is_released: bool = Field(description="Whether its terms let you see what was right.", examples=[True])
    areas: list[AreaResult]
    items: list[ItemResult] = Field(description="Every place; empty until it is released.")
    notices: list[str] = Field(description="What speaks against taking the scores at their face value.", examples=[[]])
    late: list[int] = Field(description="Places whose answers came when it was over; they do not count.", examples=[[]])
