"""Results to write to files, every field filled; a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import NOON
from tracker.assessment.group_figures import Share, TrendPoint
from tracker.assessment.sees import Sees
from tracker.formats.results import Cell, Figures, Held, Line, Month, Progress, Results, Skill, Work
from tracker.scoring.sight import SeenScore
from tracker.scoring.spread import Spread
from tracker.scoring.target_gap import Gap

UNKNOWN = SeenScore(level=None, lowest="Foundation", highest="Expert", responses=2)
SKILLS = (
    Skill("databases", "Databases", "Expert"),
    Skill("databases/sqlalchemy", "Databases: SQLAlchemy", None),
    Skill("tools", "Essential Tools", None),
)


def in_words(**fields: Any) -> SeenScore:
    """A score of which only levels are seen."""
    return replace(SeenScore("Developing", lowest="Foundation", highest="Proficient", responses=12), **fields)


def in_numbers(value: int = 480, **fields: Any) -> SeenScore:
    """The same, seen as numbers."""
    return in_words(value=value, low=value - 100, high=value + 95, **fields)


def a_cell(score: SeenScore | None = None, **fields: Any) -> Cell:
    """A cell whose last answer was an hour before noon."""
    return replace(Cell(score or in_words(), last_answered=NOON - timedelta(hours=1), gap=None), **fields)


def a_line(name: str = "Ada", **fields: Any) -> Line:
    """A member seen with scores: Databases below target, SQLAlchemy in line, too little known of the tools."""
    line = Line(
        name=name,
        address="ada@example.org",
        sees=Sees.SCORES,
        last_answered=NOON - timedelta(hours=1),
        cells=(
            a_cell(in_numbers(), gap=Gap("below", "Expert", is_sure=True)),
            a_cell(in_numbers(500, responses=2)),
            a_cell(UNKNOWN),
        ),
    )
    return replace(line, **fields)


def some_work(**fields: Any) -> Work:
    """A quiz assigned for a week: Ada has finished it, Ben is late."""
    work = Work(
        name="Databases",
        opens_at=NOON - timedelta(days=8),
        closes_at=NOON - timedelta(days=1),
        learners=(
            Progress("Ada", "ada@example.org", "finished", NOON - timedelta(days=2)),
            Progress("Ben", "ben@example.org", "late", None),
        ),
    )
    return replace(work, **fields)


def some_figures() -> Figures:
    """A misconception that a third chose, one that hardly anybody did, and a month that rose."""
    point = TrendPoint("databases", datetime(2026, 11, 1, tzinfo=UTC), NOON, 7, 480, 430, 530, "risen")
    return Figures(
        made_at=NOON,
        held=(
            Held("n-plus-one", "One query is enough", "Databases: SQLAlchemy", Share(9, 1 / 3, 0.146, 0.594)),
            Held("lazy", "Lazy means never", "Databases: SQLAlchemy", Share(9, None, 0.0, 0.345, "few")),
        ),
        months=(Month("Databases", point),),
    )


def some_results(*lines: Line, **fields: Any) -> Results:
    """Results of these members, Ada unless told; too few for a spread."""
    results = Results(
        cohort="Guild",
        made_at=NOON,
        skills=SKILLS,
        spreads=tuple(Spread(skill.id, 1, None, None) for skill in SKILLS),
        lines=lines or (a_line(),),
        works=(),
        figures=Figures(made_at=None, held=(), months=()),
    )
    return replace(results, **fields)
