"""Assignments in SQL. Loading and authorising is one query."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, insert, or_, select, update
from sqlalchemy.orm import joinedload

from tracker.assessment.assignment import Release
from tracker.errors import NotFound
from tracker.storage import reminders, sql
from tracker.storage.cohort_tables import AssignedLearner, Assignment, Membership, Role
from tracker.storage.tables import User


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
    learner_ids: Collection[int] | None = None,
    practice_items: int | None = None,
    extra_minutes: int = 0,
) -> Assignment:
    """Store a new assignment, for all members unless some are named; an assignment of practice with practice_items.

    Raises: NotFound if somebody named is no member at this moment; then nothing is stored.
    """
    assignment = Assignment(
        public_id=uuid4().hex,
        cohort_id=cohort_id,
        assessment_slug=assessment_slug,
        practice_items=practice_items,
        is_for_all=learner_ids is None,
        opens_at=opens_at,
        closes_at=closes_at,
        attempts_allowed=attempts_allowed,
        extra_minutes=extra_minutes,
        release=release,
        made_by=made_by,
        created_at=now,
        withdrawn_at=None,
    )
    with sql.writing() as session:
        session.add(assignment)
        session.flush()
        if learner_ids is not None:
            _add_learners(assignment, learner_ids)
    return assignment


def get(public_id: str, *, user_id: int) -> tuple[Assignment, Role]:
    """An assignment with its cohort, and what somebody is in that.

    Raises: NotFound, also for a foreign cohort's, and to a member whom it is not for.
    """
    found = sql.session().execute(
        select(Assignment, Membership.role)
        .join(Membership, Membership.cohort_id == Assignment.cohort_id)
        .options(joinedload(Assignment.cohort))
        .where(
            Assignment.public_id == public_id,
            Membership.user_id == user_id,
            or_(Membership.role == Role.LEAD, _is_meant()),
        )
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


def list_learners(assignment: Assignment) -> Sequence[User]:
    """The members whom an assignment is for now, by name."""
    members = _members(assignment.cohort_id)
    if not assignment.is_for_all:
        named = select(AssignedLearner.user_id).where(AssignedLearner.assignment_id == assignment.id)
        members = members.where(User.id.in_(named))
    return sql.session().scalars(members).all()


def list_learner_ids(assignment_ids: Collection[int]) -> dict[int, set[int]]:
    """Whom each of these assignments names, members or not any more; those that are for all are absent."""
    named: defaultdict[int, set[int]] = defaultdict(set)
    wanted = select(AssignedLearner).where(AssignedLearner.assignment_id.in_(assignment_ids))
    for one in sql.session().scalars(wanted):
        named[one.assignment_id].add(one.user_id)
    return named


def list_members(cohort_id: int) -> Sequence[User]:
    """The members of a cohort, by name."""
    return sql.session().scalars(_members(cohort_id)).all()


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
                _is_meant(),
                Assignment.withdrawn_at.is_(None),
                Assignment.closes_at > closing_after,
            )
            .order_by(Assignment.closes_at, Assignment.id)
        )
        .all()
    )


def list_closing(*, after: datetime, until: datetime, opened_by: datetime) -> Sequence[Assignment]:
    """What is open by a moment, not withdrawn, and closes after one and not after another, each with its cohort."""
    return (
        sql.session()
        .scalars(
            select(Assignment)
            .options(joinedload(Assignment.cohort))
            .where(
                Assignment.closes_at > after,
                Assignment.closes_at <= until,
                Assignment.opens_at <= opened_by,
                Assignment.withdrawn_at.is_(None),
            )
            .order_by(Assignment.closes_at, Assignment.id)
        )
        .all()
    )


def withdraw(assignment: Assignment, *, now: datetime) -> None:
    """Let nothing be started any more, and nobody be reminded; one that was withdrawn before keeps its moment."""
    with sql.writing() as session:
        session.execute(
            update(Assignment)
            .where(Assignment.id == assignment.id, Assignment.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
        reminders.expire(assignment, now=now)


def _add_learners(assignment: Assignment, learner_ids: Collection[int]) -> None:
    """Name the learners, each of whom must be a member inside this transaction."""
    members = (
        select(Assignment.id, Membership.user_id)
        .join(Membership, Membership.cohort_id == Assignment.cohort_id)
        .where(Assignment.id == assignment.id, Membership.role == Role.MEMBER, Membership.user_id.in_(learner_ids))
    )
    named = sql.session().execute(
        insert(AssignedLearner).from_select(["assignment_id", "user_id"], members).returning(AssignedLearner.user_id)
    )
    if {row.user_id for row in named} != set(learner_ids):
        raise NotFound


def _is_meant() -> ColumnElement[bool]:
    """That an assignment is for the member whose place it is read with."""
    named = select(AssignedLearner.user_id).where(AssignedLearner.assignment_id == Assignment.id)
    return or_(Assignment.is_for_all, Membership.user_id.in_(named))


def _members(cohort_id: int) -> Select[User]:
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
        .order_by(User.name, User.id)
    )
