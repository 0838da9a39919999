"""Assignments in SQL. Loading and authorising is one query."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from tracker.assessment.assignment import Release
from tracker.errors import NotFound
from tracker.storage import sql
from tracker.storage.cohort_tables import Assignment, Membership, Role


def add(
    *,
    cohort_id: int,
    assessment_slug: str,
    opens_at: datetime,
    closes_at: datetime,
    attempts_allowed: int,
    release: Release,
    made_by: int,
    now: datetime,
) -> Assignment:
    """Store a new assignment."""
    assignment = Assignment(
        public_id=uuid4().hex,
        cohort_id=cohort_id,
        assessment_slug=assessment_slug,
        opens_at=opens_at,
        closes_at=closes_at,
        attempts_allowed=attempts_allowed,
        release=release,
        made_by=made_by,
        created_at=now,
        withdrawn_at=None,
    )
    with sql.writing() as session:
        session.add(assignment)
    return assignment


def get(public_id: str, *, user_id: int) -> tuple[Assignment, Role]:
    """An assignment with its cohort, and what somebody is in that. Raises: NotFound, also for a foreign cohort's."""
    found = sql.session().execute(
        select(Assignment, Membership.role)
        .join(Membership, Membership.cohort_id == Assignment.cohort_id)
        .options(joinedload(Assignment.cohort))
        .where(Assignment.public_id == public_id, Membership.user_id == user_id)
    )
    for assignment, role in found:
        return assignment, role
    raise NotFound


def list_in(cohort_id: int) -> Sequence[Assignment]:
    """All assignments of a cohort, newest first."""
    return (
        sql.session()
        .scalars(
            select(Assignment)
            .where(Assignment.cohort_id == cohort_id)
            .order_by(Assignment.created_at.desc(), Assignment.id.desc())
        )
        .all()
    )


def list_assigned_to(user_id: int, *, closing_after: datetime) -> Sequence[Assignment]:
    """What is assigned to somebody as a member and not withdrawn, each with its cohort, the nearest end first."""
    return (
        sql.session()
        .scalars(
            select(Assignment)
            .join(Membership, Membership.cohort_id == Assignment.cohort_id)
            .options(joinedload(Assignment.cohort))
            .where(
                Membership.user_id == user_id,
                Membership.role == Role.MEMBER,
                Assignment.withdrawn_at.is_(None),
                Assignment.closes_at > closing_after,
            )
            .order_by(Assignment.closes_at, Assignment.id)
        )
        .all()
    )


def withdraw(assignment_id: int, *, now: datetime) -> None:
    """Let nothing be started any more; one that was withdrawn before keeps its moment."""
    with sql.writing() as session:
        session.execute(
            update(Assignment)
            .where(Assignment.id == assignment_id, Assignment.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
