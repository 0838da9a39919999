"""Cohorts and memberships in SQL. Loading and authorising is one query."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import contains_eager, joinedload

from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.errors import Conflict, NotFound
from tracker.storage import exports, reminders, sign_ins, sql
from tracker.storage.cohort_tables import Assignment, Cohort, JoinRequest, Membership, Role
from tracker.storage.sign_ins import NOT_RENEWED, Renewed
from tracker.storage.tables import User


def add_cohort(*, name: str, lead_id: int, sees: Sees, now: datetime, renewed: Renewed = NOT_RENEWED) -> Cohort:
    """Store a new cohort with its first lead; who led none before is signed out, but where they are renewed."""
    cohort = Cohort(public_id=uuid4().hex, name=name, sees=sees, joining=Joining.OPEN, created_at=now)
    with sql.writing() as session:
        session.add(cohort)
        session.flush()
        session.add(Membership(cohort_id=cohort.id, user_id=lead_id, role=Role.LEAD, agreed_to=sees, joined_at=now))
        sign_ins.end_unless_leading_elsewhere(lead_id, cohort_id=cohort.id, renewed=renewed)
    return cohort


def get_cohort(public_id: str) -> Cohort:
    """A cohort, whoever asks. Raises: NotFound."""
    cohort = sql.session().scalar(select(Cohort).where(Cohort.public_id == public_id))
    if cohort is None:
        raise NotFound
    return cohort


def hold(cohort_id: int) -> Cohort:
    """A cohort as it is now; nobody else changes it before the caller's writing transaction ends."""
    return sql.session().get_one(Cohort, cohort_id, populate_existing=True)


def hold_open(cohort_id: int) -> Cohort:
    """A cohort that `hold` holds and that is not archived. Raises: Conflict."""
    cohort = hold(cohort_id)
    if cohort.archived_at:
        raise Conflict("This cohort is archived, so nobody joins it. Restore it first; nothing was changed.")
    return cohort


def get_membership(public_id: str, *, user_id: int) -> Membership:
    """Somebody's place in a cohort, with the cohort and them. Raises: NotFound, also for a foreign cohort."""
    membership = sql.session().scalar(
        select(Membership)
        .join(Membership.cohort)
        .options(joinedload(Membership.cohort), joinedload(Membership.user))
        .where(Cohort.public_id == public_id, Membership.user_id == user_id)
    )
    if membership is None:
        raise NotFound
    return membership


def get_led_member(public_id: str, *, member_id: int, lead_id: int) -> Membership:
    """A member's place in a cohort, with the cohort and them, for its lead. Raises: NotFound, also to all others."""
    found = sql.session().scalar(
        select(Membership)
        .join(Membership.cohort)
        .options(joinedload(Membership.cohort), joinedload(Membership.user))
        .where(Cohort.public_id == public_id, Membership.user_id == member_id, _is_led_by(lead_id))
    )
    if found is None:
        raise NotFound
    return found


def is_in(cohort_id: int, *, user_id: int) -> bool:
    """Whether somebody leads a cohort or is a member of it."""
    place = select(Membership.role).where(Membership.cohort_id == cohort_id, Membership.user_id == user_id)
    return sql.session().scalar(place) is not None


def is_led_by(member_id: int, *, lead_id: int, assignment_id: str | None = None) -> bool:
    """Whether somebody is a member of a cohort that this person leads, of the one of an assignment if one is given."""
    led = select(Membership.cohort_id).where(Membership.user_id == member_id, _is_led_by(lead_id)).limit(1)
    if assignment_id:
        assigning = select(Assignment.cohort_id).where(Assignment.public_id == assignment_id)
        led = led.where(Membership.cohort_id.in_(assigning))
    return sql.session().scalar(led) is not None


def list_memberships_of(user_id: int) -> Sequence[Membership]:
    """Somebody's places, each with its cohort, by the cohort's name."""
    return (
        sql.session()
        .scalars(
            select(Membership)
            .join(Membership.cohort)
            .options(joinedload(Membership.cohort))
            .where(Membership.user_id == user_id)
            .order_by(Cohort.name, Cohort.id)
        )
        .all()
    )


def list_memberships_in(cohort_id: int) -> Sequence[Membership]:
    """The places in a cohort, each with its user and the cohort, oldest first."""
    return (
        sql.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.user), joinedload(Membership.cohort))
            .where(Membership.cohort_id == cohort_id)
            .order_by(Membership.joined_at, Membership.user_id)
        )
        .all()
    )


def remove_member(cohort_id: int, *, user_id: int) -> bool:
    """Take a member out of a cohort; its exports and what waits to remind them go with the same write.

    Leads stay. Says whether there was one.
    """
    with sql.writing() as session:
        removed = session.execute(
            delete(Membership)
            .where(Membership.cohort_id == cohort_id, Membership.user_id == user_id, Membership.role == Role.MEMBER)
            .returning(Membership.user_id)
        )
        if removed.first() is None:
            return False
        exports.forget(cohort_id)
        reminders.forget(cohort_id, user_id=user_id)
        return True


def change_settings(cohort_id: int, *, name: str, sees: Sees, joining: Joining) -> None:
    """Replace a cohort's settings.

    When its leads are to see less, its exports go with the same write, and nobody has agreed to more any longer.
    """
    with sql.writing():
        cohort = hold(cohort_id)
        if not sees.includes(cohort.sees):
            exports.forget(cohort_id)
            _lower_agreements(cohort_id, sees)
        cohort.name, cohort.sees, cohort.joining = name, sees, joining


def set_archived(cohort_id: int, at: datetime | None) -> None:
    """Archive a cohort as of a moment or, with None, restore it."""
    with sql.writing() as session:
        session.execute(update(Cohort).where(Cohort.id == cohort_id).values(archived_at=at))


def agree(cohort_id: int, *, user_id: int, agreed_to: Sees, may_mentor: bool) -> bool:
    """Keep what a member agrees to now; when it is less, the exports go with the same write.

    Says whether it is kept: not when it is more than the leads ask for. Raises: NotFound.
    """
    with sql.writing() as session:
        cohort = hold(cohort_id)
        membership = session.get(Membership, (cohort_id, user_id), populate_existing=True)
        if membership is None or membership.role is not Role.MEMBER:
            raise NotFound
        if not cohort.sees.includes(agreed_to):
            return False
        if not agreed_to.includes(membership.agreed_to):
            exports.forget(cohort_id)
        membership.agreed_to, membership.may_mentor = agreed_to, may_mentor
        return True


def count_agreed(cohort_id: int) -> dict[Sees, int]:
    """How many of a cohort's members agreed to what; levels that nobody agreed to are left out."""
    counted = sql.session().execute(
        select(Membership.agreed_to, func.count())
        .where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
        .group_by(Membership.agreed_to)
    )
    return dict(counted.all())


def count_members(cohort_id: int) -> int:
    """How many members a cohort has."""
    members = select(func.count()).where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
    return sql.session().scalars(members).one()


def list_leads(cohort_id: int) -> Sequence[Membership]:
    """Who leads a cohort, each with their user, who came first first."""
    return (
        sql.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.user))
            .where(Membership.cohort_id == cohort_id, Membership.role == Role.LEAD)
            .order_by(Membership.joined_at, Membership.user_id)
        )
        .all()
    )


def list_members(cohort_id: int, *, skip: int, most: int) -> Sequence[Membership]:
    """Some of a cohort's members, each with their user, by name."""
    return (
        sql.session()
        .scalars(
            select(Membership)
            .join(Membership.user)
            .options(contains_eager(Membership.user))
            .where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
            .order_by(func.lower(User.name), User.id)
            .offset(skip)
            .limit(most)
        )
        .all()
    )


def list_members_after(cohort_id: int, *, after: int, most: int) -> Sequence[Membership]:
    """Some of a cohort's members, each with their user and the cohort, by their ids, those after this one."""
    return (
        sql.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.user), joinedload(Membership.cohort))
            .where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER, Membership.user_id > after)
            .order_by(Membership.user_id)
            .limit(most)
        )
        .all()
    )


def _lower_agreements(cohort_id: int, sees: Sees) -> None:
    """Let nobody in a cohort, and nobody who waits, have agreed to more than this."""
    within = [each for each in Sees if sees.includes(each)]
    for place in (Membership, JoinRequest):
        sql.session().execute(
            update(place).where(place.cohort_id == cohort_id, place.agreed_to.not_in(within)).values(agreed_to=sees)
        )


def _is_led_by(lead_id: int) -> ColumnElement[bool]:
    """That a place is a member's, in a cohort that this person leads."""
    led = select(Membership.cohort_id).where(Membership.user_id == lead_id, Membership.role == Role.LEAD)
    return and_(Membership.role == Role.MEMBER, Membership.cohort_id.in_(led))
