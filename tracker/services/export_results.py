"""What an export holds: of each member what the cohort's leads see, made as their pages make it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from tracker.assessment.target import goals_of, wanted_levels
from tracker.formats.results import Cell, Figures, Held, Line, Month, Progress, Results, Skill, Work
from tracker.scoring.need import in_need_first
from tracker.scoring.spread import spreads
from tracker.services import assignments, group_figures, targets
from tracker.services.assignments import Overview
from tracker.services.group_figures import FiguresPage
from tracker.services.seen_members import Column, Row, list_columns, read_members
from tracker.storage import cohorts
from tracker.storage.cohort_tables import Cohort, Membership, Role
from tracker.storage.question_bank import get_bank

AT_ONCE = 250
"""After so many members it is noted how far the making is."""


def list_exported(cohort: Cohort) -> list[Membership]:
    """The members who are in an export now, by name."""
    members = [one for one in cohorts.list_memberships_in(cohort.id) if one.role is Role.MEMBER]
    return sorted(members, key=lambda member: member.user.name.casefold())


def gather_results(
    cohort: Cohort,
    members: Sequence[Membership],
    *,
    lead_id: int,
    now: datetime,
    on_progress: Callable[[int, int], None],
) -> Results:
    """The results of a cohort with these members, as this lead sees them now.

    on_progress: told the members done, and all of them. Raises: NotFound when they do not lead it.
    """
    on_progress(0, len(members))
    own = targets.list_targets(cohort.id)
    columns = _columns(wanted_levels(own, get_bank().roadmap))
    seen = read_members(members, cohort, now)
    places = in_need_first(seen.known, seen.sees, goals_of(own, get_bank().roadmap))
    lines: list[Line] = []
    for start in range(0, len(places), AT_ONCE):
        lines += map(_line, seen.rows(places[start : start + AT_ONCE], columns))
        on_progress(len(lines), len(members))
    return Results(
        cohort=cohort.name,
        made_at=now,
        skills=tuple(_skills(columns)),
        spreads=tuple(spreads(seen.known, seen.sees)),
        lines=tuple(lines),
        works=_works(assignments.review(cohort.public_id, lead_id=lead_id, now=now)),
        figures=_figures(group_figures.open_figures(cohort.public_id, lead_id=lead_id, now=now)),
    )


def _columns(levels: Mapping[str, str]) -> tuple[Column, ...]:
    """All areas, each before its topics."""
    return tuple(column for area in get_bank().roadmap.areas for column in list_columns(area, levels))


def _skills(columns: Sequence[Column]) -> Iterator[Skill]:
    names = {area.slug: area.name for area in get_bank().roadmap.areas}
    for column in columns:
        is_area = column.skill in names
        name = column.name if is_area else f"{names[column.skill.partition('/')[0]]}: {column.name}"
        yield Skill(column.skill, name, column.target)


def _line(row: Row) -> Line:
    return Line(
        name=row.user.name,
        address=row.user.email,
        sees=row.sees,
        last_answered=row.last_answered,
        cells=tuple(Cell(cell.score, cell.last_answered, cell.gap) for cell in row.cells),
    )


def _works(overview: Overview) -> tuple[Work, ...]:
    return tuple(
        Work(
            name=one.name,
            opens_at=one.assignment.opens_at,
            closes_at=one.assignment.closes_at,
            learners=tuple(
                Progress(learner.user.name, learner.user.email, learner.state, learner.finished_at)
                for learner in (one.progress.learners if one.progress else ())
            ),
        )
        for one in overview.assignments
    )


def _figures(page: FiguresPage) -> Figures:
    return Figures(
        made_at=page.made_at,
        held=tuple(
            Held(
                one.misconception.slug,
                one.misconception.name,
                f"{there.area.name}: {there.topic.name}",
                one.figure.share,
            )
            for there in page.topics
            for one in there.held
        ),
        months=tuple(Month(trend.area.name, point) for trend in page.trends for point in trend.points),
    )
