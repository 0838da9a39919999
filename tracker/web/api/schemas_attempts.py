"""Attempts as the API gives and takes them."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from tracker.assessment.attempt import MOST_EVENTS, REVIEW
from tracker.web.api.models import Input, Model, Moment
from tracker.web.api.paging import Page
from tracker.web.inputs import LONGEST_FORM

MOST_PARTS = 50
LONGEST_PART = 1000
LONGEST_VERSION = 64
AN_ID = "3f0c9d6a1b7e4c58a2d4e6f80123abcd"
A_VERSION = "5c1d2e3f4a5b6c7d"


class Attempt(Model):
    """An attempt as it stands now. `now` and `remaining_seconds` change by themselves, and no ETag tells of them."""

    passing: ClassVar[frozenset[str]] = frozenset({"now", "remaining_seconds"})
    id: str = Field(examples=[AN_ID])
    assessment: str = Field(description="The slug of what is taken.", examples=["language"])
    name: str = Field(description="What it was called when it began.", examples=["The language"])
    is_adaptive: bool = Field(description="Whether your answers choose what is asked next.", examples=[False])
    is_assigned: bool = Field(description="Whether it was assigned to you.", examples=[False])
    seq: int = Field(description="Its newest number: send it with the next change.", examples=[3])
    position: int = Field(
        description=f"The place to answer now, from 0 on; {REVIEW} once all were passed.", examples=[2]
    )
    item_count: int = Field(description="How many places it has; an adaptive one, at most.", examples=[12])
    answered: list[int] = Field(description="The places with an answer, left-out ones too.", examples=[[0, 1]])
    started_at: Moment
    ends_at: Moment = Field(description="When its time is over; a lead can give more.")
    now: Moment = Field(description="The server's time.")
    remaining_seconds: int = Field(examples=[1140])
    finished_at: Moment | None = Field(description="When it ended; null while it is open.", examples=[None])
    ran_out: bool = Field(description="Whether time ended it.", examples=[False])
    stopped_by: str | None = Field(description="The rule that ended an adaptive one.", examples=[None])


class Attempts(Page):
    """Some of your attempts, the newest first."""

    attempts: list[Attempt]


class Option(Model):
    """Something to choose."""

    token: str = Field(description="What to send for it.", examples=["k3v9q2"])
    html: str = Field(description="It, as safe HTML.", examples=["<code>[1, 2]</code>"])
    text: str = Field(description="It, as plain text.", examples=["[1, 2]"])


class Blank(Model):
    """Something to fill: with one of its options or, without any, with a text."""

    label_html: str = Field(examples=["Gap 1"])
    options: list[Option]


class Item(Model):
    """What is asked at a place: what its answer needs, and nothing that tells the key.

    How `answer` is sent, by `type`: single, the token of the option; multiple, a token for each chosen; number, text
    and output, the one text typed; order, `token:place` for each line that belongs, places counting from 1; match and
    gap, for each of `blanks` in order a token or, where it has no options, a text, empty for none. An empty list leaves
    it out.
    """

    type: str = Field(examples=["single"])
    stem_html: str = Field(description="What is asked, as safe HTML.", examples=["<p>What is printed?</p>"])
    options: list[Option] = Field(description="What can be chosen, in the order to show it.")
    blanks: list[Blank] = Field(description="What is to be filled.", examples=[[]])
    unit: str = Field(description="In which unit a number is asked for.", examples=[""])
    answer: list[str] = Field(description="What was answered so far, as it was sent.", examples=[[]])


class Place(Model):
    """A place of an attempt, and what is asked there. To answer, send its first four fields back with `answer`."""

    seq: int = Field(description="The attempt's newest number.", examples=[3])
    position: int = Field(examples=[2])
    item_version: str = Field(description="Names what is asked.", examples=[A_VERSION])
    then: int | None = Field(description="What to send as `then` to go on to the next place.", examples=[3])
    item: Item | None = Field(description="Null when it was withdrawn meanwhile: answer it with nothing, and go on.")


class PlaceQuery(Input):
    """Which place of a fixed form is asked for."""

    position: int | None = Field(
        None, ge=0, le=LONGEST_FORM, description="The place to see; without it, the current one.", examples=[0]
    )


class Answer(Input):
    """An answer to what is asked at a place."""

    seq: int = Field(ge=1, le=MOST_EVENTS, description="The attempt's newest number that you know.", examples=[3])
    position: int = Field(ge=0, le=LONGEST_FORM, description="The place that is answered.", examples=[2])
    item_version: str = Field(max_length=LONGEST_VERSION, description="What was asked there.", examples=[A_VERSION])
    answer: list[Annotated[str, StringConstraints(max_length=LONGEST_PART)]] = Field(
        max_length=MOST_PARTS, description="The answer, as its type says at `Item`.", examples=[["k3v9q2"]]
    )
    then: int | None = Field(
        None,
        ge=REVIEW,
        le=LONGEST_FORM,
        description=f"The place to go to: the same one to stay, {REVIEW} after the last one. Null goes on in an"
        " adaptive attempt, and in no other.",
        examples=[3],
    )


class Finish(Input):
    """Finishing an attempt for good."""

    seq: int = Field(ge=1, le=MOST_EVENTS, description="The attempt's newest number that you know.", examples=[14])
