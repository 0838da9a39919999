"""Cohorts as the API gives them to their leads: what their pages show, no more."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AliasPath, Field

from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.services.exports import State
from tracker.services.matrix import Order
from tracker.web.api.models import Input, Model, Moment
from tracker.web.api.paging import Page

A_COHORT = "9a1b7e4c58a2d4e6f80123abcd3f0c6d"
AN_EXPORT = "58a2d4e6f80123abcd3f0c6d9a1b7e4c"
LAST_PAGE = 10_000

Level = Annotated[
    Literal["Foundation", "Developing", "Proficient", "Expert"] | None,
    Field(description="Null while too little is known.", examples=["Proficient"]),
]
Seen = Annotated[Sees, Field(description="What leads see of the member; each sees what the one before does, and more.")]
Number = Annotated[
    int | None, Field(description="Null while too little is known, or where leads see levels only.", examples=[540])
]


class Cohort(Model):
    """A cohort that you lead."""

    id: str = Field(validation_alias="public_id", examples=[A_COHORT])
    name: str = Field(examples=["Backend guild"])
    leads_see: Sees = Field(
        validation_alias="sees", description="The most that its leads see of a member.", examples=[Sees.LEVELS]
    )
    joining: Joining = Field(description="Whether leads let people in.", examples=[Joining.OPEN])
    created_at: Moment
    archived_at: Moment | None = Field(
        description="Since when nobody joins it and nothing is assigned.", examples=[None]
    )


class Cohorts(Page):
    """Some of the cohorts that you lead, by name."""

    cohorts: list[Cohort]


class Member(Model):
    """A member, without results."""

    id: int = Field(validation_alias="user_id", examples=[17])
    name: str = Field(validation_alias=AliasPath("user", "name"), examples=["Ada"])
    address: str = Field(validation_alias=AliasPath("user", "email"), examples=["ada@example.org"])
    joined_at: Moment
    leads_see: Seen = Field(validation_alias="seen", examples=[Sees.LEVELS])


class Members(Page):
    """Some of a cohort's members, by their ids."""

    members: list[Member]


class MatrixQuery(Input):
    """Which part of a matrix is asked for."""

    area: str = Field(
        "",
        max_length=64,
        description="The slug of an area, for its topics; without it, all areas.",
        examples=["databases"],
    )
    order: Literal["need", "name", "activity"] = Field(
        "need", description="Who comes first: who needs help, by name, who answered last.", examples=["need"]
    )
    page: int = Field(1, ge=1, le=LAST_PAGE, description="Which fifty members.", examples=[1])


class Column(Model):
    """An area or a topic."""

    skill: str = Field(examples=["databases"])
    name: str = Field(examples=["Databases"])
    target: Level = Field(description="The level that leads want there, if any.", examples=["Proficient"])


class AgainstTarget(Model):
    """Where a level stands to the wanted one."""

    direction: Literal["below", "at", "above"] = Field(examples=["below"])
    is_sure: bool = Field(description="Whether the whole interval says the same of reaching it.", examples=[True])


class Cell(Model):
    """What is seen of one member in one area or topic."""

    level: Level
    lowest_level: Level = Field(description="Of the 90 % interval.", examples=["Developing"])
    highest_level: Level = Field(description="Of the 90 % interval.", examples=["Expert"])
    score: Number
    low: Number = Field(description="The lower end of the 90 % interval.", examples=[470])
    high: Number = Field(description="Its upper end.", examples=[610])
    answers: int = Field(examples=[24])
    last_answer_at: Moment | None
    against_target: AgainstTarget | None = Field(description="Null without a target, or while too little is known.")


class Row(Model):
    """One member."""

    id: int = Field(examples=[17])
    name: str = Field(examples=["Ada"])
    address: str = Field(examples=["ada@example.org"])
    leads_see: Seen = Field(examples=[Sees.LEVELS])
    last_answer_at: Moment | None
    cells: list[Cell] = Field(description="One for each of `columns`.")


class Matrix(Model):
    """Fifty members of a cohort by areas, or by the topics of one."""

    area: str | None = Field(description="Whose topics the columns are; null for all areas.", examples=[None])
    order: Order = Field(description="How it is sorted: a cohort of more than 1,000 is by name.", examples=[Order.NEED])
    columns: list[Column]
    rows: list[Row]
    member_count: int = Field(examples=[24])
    page: int = Field(examples=[1])
    page_count: int = Field(examples=[1])
    next: str | None = Field(description="The address of the next page; null after the last one.", examples=[None])


class AskedExport(Model):
    """An export that was asked for: its file is at `file` below its address once its state is `ready`."""

    id: str = Field(validation_alias=AliasPath("export", "public_id"), examples=[AN_EXPORT])
    state: State = Field(examples=[State.READY])
    asked_at: Moment = Field(validation_alias=AliasPath("export", "asked_at"))
    gone_at: Moment = Field(description="When it is taken away.")
    done: int = Field(
        validation_alias=AliasPath("export", "done"), description="How far its making is, in members.", examples=[240]
    )
    wanted: int = Field(
        validation_alias=AliasPath("export", "wanted"),
        description="How many members it will hold; 0 before it is begun.",
        examples=[240],
    )
    problem: str | None = Field(
        validation_alias=AliasPath("export", "problem"), description="Why it could not be made.", examples=[None]
    )


class Export(Model):
    """A cohort's results, format 1 of docs/exports.md, whose schema is docs/exports.schema.json."""

    passing: ClassVar[frozenset[str]] = frozenset({"made_at"})
    format: Literal[1] = Field(examples=[1])
    cohort: str = Field(examples=["Backend guild"])
    made_at: str = Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-02T12:00:00Z"])
    levels: list[str] = Field(examples=[["Foundation", "Developing", "Proficient", "Expert"]])
    skills: list[dict[str, Any]] = Field(examples=[[]])
    members: list[dict[str, Any]] = Field(examples=[[]])
    assignments: list[dict[str, Any]] = Field(examples=[[]])
    group_figures: dict[str, Any] = Field(examples=[{"made_at": None, "misconceptions": [], "months": []}])
