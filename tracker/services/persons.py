"""What the leads of a cohort see of a member. One function makes it, for the leads' page and for the member's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.attempt import Attempt
from tracker.assessment.noticed import Noticed
from tracker.assessment.sees import Sees
from tracker.scoring import history_chart
from tracker.scoring.history import area_histories
from tracker.scoring.history_chart import HistoryChart
from tracker.scoring.profile import Profile
from tracker.scoring.radar import Radar
from tracker.scoring.sight import SeenScore, seen
from tracker.services import accommodations, attempts, next_steps, profiles, targets
from tracker.services.profiles import Record
from tracker.services.radar import draw_radar
from tracker.services.seen_members import Cell, list_columns, read_members
from tracker.storage import assignments, late_answers
from tracker.storage.cohort_tables import Membership
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import Accommodation, User


@dataclass(frozen=True, slots=True)
class SeenMoment:
    """An area as it was reported when an attempt ended."""

    at: datetime
    score: SeenScore


@dataclass(frozen=True, slots=True)
class SeenArea:
    """An area with its topics and how it went, newest first. chart: None with levels only, and before two attempts."""

    slug: str
    name: str
    cell: Cell
    topics: tuple[Cell, ...]
    moments: tuple[SeenMoment, ...]
    chart: HistoryChart | None


@dataclass(frozen=True, slots=True)
class SeenStep:
    """What to do next, in short; `topic_name` is empty where nothing is known yet."""

    kind: str
    topic_name: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class SeenAttempt:
    """A finished attempt. number, noticed: only of what this cohort assigned.

    percent_used: of the time that there was, so that it does not tell of extra time.
    """

    id: str
    name: str
    finished_at: datetime
    percent_used: int
    ran_out: bool
    shows_answers: bool
    number: int | None = None
    noticed: Noticed | None = None


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """All that leads see of an attempt while it is open, so that they can add time."""

    id: str
    name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """All that is seen of a member at what they agreed to. overall and radar: None with levels only.

    attempts, newest first: what this cohort assigned; where answers are seen, also those of the member's own will. What
    other cohorts assigned stays unseen. accommodations, newest first: empty where people set them themselves.
    """

    user: User
    joined_at: datetime
    sees: Sees
    overall: SeenScore | None
    radar: Radar | None
    areas: tuple[SeenArea, ...]
    steps: tuple[SeenStep, ...]
    attempts: tuple[SeenAttempt, ...]
    open_attempts: tuple[OpenAttempt, ...]
    accommodations: Sequence[Accommodation]


def see_person(membership: Membership, now: datetime) -> SeenPerson:
    """What the cohort's leads see of this member; the cohort and the user must have been loaded with it."""
    learner_id, sees = membership.user_id, membership.seen
    taken = list_seen_attempts(membership, now)
    record = profiles.get_record(learner_id, now=now)
    shows_numbers = sees.includes(Sees.SCORES)
    return SeenPerson(
        user=membership.user,
        joined_at=membership.joined_at,
        sees=sees,
        overall=seen(record.profile.overall, sees) if shows_numbers else None,
        radar=draw_radar(record.profile, get_bank().roadmap) if shows_numbers else None,
        areas=tuple(_areas(record.profile, _cells(membership, now), sees)),
        steps=tuple(_steps(record, now)),
        attempts=_finished(taken, sees, now),
        open_attempts=tuple(see_open(attempt) for attempt in reversed(taken) if not attempt.is_finished),
        accommodations=() if accommodations.is_self_set() else accommodations.list_accommodations(learner_id),
    )


def see_open(attempt: Attempt) -> OpenAttempt:
    """What leads see of an open attempt."""
    return OpenAttempt(id=attempt.id, name=attempt.assessment_name, ends_at=attempt.deadline)


def list_seen_attempts(membership: Membership, now: datetime) -> list[Attempt]:
    """A member's attempts that other cohorts did not assign, newest first."""
    assigned_here = {assignment.public_id for assignment in assignments.list_in(membership.cohort_id)}
    return [
        attempt
        for attempt in attempts.list_attempts(membership.user_id, now=now)
        if attempt.assignment is None or attempt.assignment.assignment_id in assigned_here
    ]


def shows_answers(attempt: Attempt, sees: Sees, now: datetime) -> bool:
    """Whether who sees that much sees what was answered in an attempt that other cohorts did not assign."""
    return sees.includes(Sees.ANSWERS) and attempt.is_finished and attempt.is_released(now)


def _cells(membership: Membership, now: datetime) -> Mapping[str, Cell]:
    """The member's cells by area's slug and topic's id, as the matrix has them."""
    levels = targets.list_wanted(membership.cohort_id)
    columns = [column for area in get_bank().roadmap.areas for column in list_columns(area, levels)]
    (row,) = read_members([membership], membership.cohort, now).rows([0], columns)
    return {cell.column.skill: cell for cell in row.cells}


def _areas(profile: Profile, cells: Mapping[str, Cell], sees: Sees) -> Iterator[SeenArea]:
    histories = area_histories(profile) if sees.includes(Sees.SCORES) else {}
    for area in get_bank().roadmap.areas:
        history = histories.get(area.slug)
        points = reversed(profile.area(area.slug).history)
        yield SeenArea(
            slug=area.slug,
            name=area.name,
            cell=cells[area.slug],
            topics=tuple(cells[topic.id] for topic in area.topics),
            moments=tuple(SeenMoment(point.finished_at, seen(point.score, sees)) for point in points),
            chart=history_chart.draw(history) if history and history.before else None,
        )


def _steps(record: Record, now: datetime) -> Iterator[SeenStep]:
    shown = next_steps.make_steps(record, now)
    for step in shown.steps:
        name = shown.roadmap.topic(step.topic_id).name if step.topic_id else ""
        yield SeenStep(kind=step.kind, topic_name=name, due=step.due)


def _finished(taken: Sequence[Attempt], sees: Sees, now: datetime) -> tuple[SeenAttempt, ...]:
    shown = [attempt for attempt in taken if attempt.assignment or sees.includes(Sees.ANSWERS)]
    late = late_answers.count_of([attempt.id for attempt in shown if attempt.assignment])
    return tuple(
        _attempt(attempt, finished_at, late=late.get(attempt.id, 0), shows=shows_answers(attempt, sees, now))
        for attempt in shown
        if (finished_at := attempt.finished_at)
    )


def _attempt(attempt: Attempt, finished_at: datetime, *, late: int, shows: bool) -> SeenAttempt:
    terms = attempt.assignment
    return SeenAttempt(
        id=attempt.id,
        name=attempt.assessment_name,
        finished_at=finished_at,
        percent_used=_percent(finished_at - attempt.started_at, attempt.deadline - attempt.started_at),
        ran_out=attempt.ran_out,
        shows_answers=shows,
        number=terms.number if terms else None,
        noticed=Noticed(
            attempt_id=attempt.id,
            learner_id=attempt.learner_id,
            number=terms.number,
            left=attempt.count_signals("left"),
            pasted=attempt.count_signals("pasted"),
            late=late,
        )
        if terms
        else None,
    )


def _percent(used: timedelta, given: timedelta) -> int:
    return min(100, round(100 * used / given)) if given else 100
