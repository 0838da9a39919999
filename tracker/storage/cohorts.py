"""Cohorts, memberships and invitations in SQL. Loading and authorising is one query."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.storage import sql
from tracker.storage.cohort_tables import Assignment, Cohort, Invitation, Joining, Membership, Role


def add_cohort(*, name: str, lead_id: int, sees: Sees, now: datetime) -> Cohort:
    """Store a new cohort with its first lead."""
    cohort = Cohort(public_id=uuid4().hex, name=name, sees=sees, joining=Joining.OPEN, created_at=now)
    with sql.writing() as session:
        session.add(cohort)
        session.flush()
        session.add(Membership(cohort_id=cohort.id, user_id=lead_id, role=Role.LEAD, agreed_to=sees, joined_at=now))
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
    """The places in a cohort, each with its user, oldest first."""
    return (
        sql.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.user))
            .where(Membership.cohort_id == cohort_id)
            .order_by(Membership.joined_at, Membership.user_id)
        )
        .all()
    )


def remove_member(cohort_id: int, *, user_id: int) -> bool:
    """Take a member out of a cohort; leads stay. Says whether there was such a member."""
    with sql.writing() as session:
        removed = session.execute(
            delete(Membership)
            .where(Membership.cohort_id == cohort_id, Membership.user_id == user_id, Membership.role == Role.MEMBER)
            .returning(Membership.user_id)
        )
        return removed.first() is not None


def add_invitation(
    *, cohort_id: int, created_by: int, token_hash: str, now: datetime, expires_at: datetime
) -> Invitation:
    """Store a new invitation."""
    invitation = Invitation(
        public_id=uuid4().hex,
        cohort_id=cohort_id,
        created_by=created_by,
        token_hash=token_hash,
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )
    with sql.writing() as session:
        session.add(invitation)
    return invitation


def list_live_invitations(cohort_id: int, *, now: datetime) -> Sequence[Invitation]:
    """The invitations of a cohort that still work, newest first."""
    return (
        sql.session()
        .scalars(
            select(Invitation)
            .where(Invitation.cohort_id == cohort_id, Invitation.revoked_at.is_(None), Invitation.expires_at > now)
            .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        )
        .all()
    )


def revoke_invitation(public_id: str, *, cohort_id: int, now: datetime) -> None:
    """Stop an invitation of this cohort from working; one that already stopped stays so. Raises: NotFound."""
    with sql.writing() as session:
        found = session.execute(
            update(Invitation)
            .where(Invitation.public_id == public_id, Invitation.cohort_id == cohort_id)
            .values(revoked_at=now)
            .returning(Invitation.id)
        )
        if found.first() is None:
            raise NotFound


def get_invited_cohort(token_hash: str, *, now: datetime) -> Cohort:
    """The cohort that a working invitation opens. Raises: NotFound."""
    cohort = sql.session().scalar(
        select(Cohort)
        .join(Invitation, Invitation.cohort_id == Cohort.id)
        .where(Invitation.token_hash == token_hash, Invitation.revoked_at.is_(None), Invitation.expires_at > now)
    )
    if cohort is None:
        raise NotFound
    return cohort


def add_member_by_invitation(token_hash: str, *, user_id: int, agreed_to: Sees, now: datetime) -> None:
    """Join by an invitation that works at this moment; who is in already stays as they are.

    The invitation is checked inside the INSERT. Raises: NotFound when it does not work.
    """
    invited = select(
        Invitation.cohort_id,
        literal(user_id),
        literal(Role.MEMBER.value),
        literal(agreed_to.value),
        literal(False),
        literal(now, Membership.joined_at.type),
    ).where(Invitation.token_hash == token_hash, Invitation.revoked_at.is_(None), Invitation.expires_at > now)
    try:
        with sql.writing() as session:
            joined = session.execute(
                insert(Membership)
                .from_select(["cohort_id", "user_id", "role", "agreed_to", "may_mentor", "joined_at"], invited)
                .returning(Membership.cohort_id)
            )
            if joined.first() is None:
                raise NotFound
    except IntegrityError:
        return


def _is_led_by(lead_id: int) -> ColumnElement[bool]:
    """That a place is a member's, in a cohort that this person leads."""
    led = select(Membership.cohort_id).where(Membership.user_id == lead_id, Membership.role == Role.LEAD)
    return and_(Membership.role == Role.MEMBER, Membership.cohort_id.in_(led))
