"""Invitations to cohorts, in SQL. Who is let in is counted inside the write that lets them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload

from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.storage import cohorts, mails, sql
from tracker.storage.cohort_tables import Cohort, Invitation, JoinRequest, Membership, Role
from tracker.storage.mails import Letter
from tracker.storage.tables import User


@dataclass(frozen=True, slots=True)
class Known:
    """Those addresses of a list that need no invitation: who is in, who waits to be let in, who has one that works."""

    inside: frozenset[str]
    waiting: frozenset[str]
    invited: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.inside | self.waiting | self.invited


def make_invitation(
    *,
    cohort_id: int,
    created_by: int,
    token_hash: str,
    now: datetime,
    expires_at: datetime,
    most_uses: int | None = None,
    address: str | None = None,
) -> Invitation:
    """A new invitation, not stored yet."""
    return Invitation(
        public_id=uuid4().hex,
        cohort_id=cohort_id,
        created_by=created_by,
        token_hash=token_hash,
        address=address,
        most_uses=most_uses,
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )


def add_invitation(invitation: Invitation) -> None:
    """Store a new invitation. Raises: Conflict when the cohort is archived."""
    with sql.writing() as session:
        cohorts.hold_open(invitation.cohort_id)
        session.add(invitation)


def add_mailed(cohort_id: int, mailed: Mapping[str, tuple[Invitation, Letter]], *, now: datetime) -> Known:
    """Store invitations and their mails, by address, all or none; addresses that need none get none.

    Returns: those that needed none. Raises: Conflict when the cohort is archived.
    """
    with sql.writing() as session:
        cohorts.hold_open(cohort_id)
        known = _known(cohort_id, list(mailed), now=now)
        new = [mailed[address] for address in mailed if address not in known.all]
        session.add_all(invitation for invitation, _letter in new)
        mails.add([letter for _invitation, letter in new], now=now)
    return known


def list_live(cohort_id: int, *, now: datetime) -> Sequence[Invitation]:
    """The invitations of a cohort that still let somebody in, each with who made it, newest first."""
    return (
        sql.session()
        .scalars(
            select(Invitation)
            .options(joinedload(Invitation.creator))
            .where(Invitation.cohort_id == cohort_id, _works(now), _has_room())
            .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        )
        .all()
    )


def revoke(public_id: str, *, cohort_id: int, now: datetime) -> None:
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
        mails.forget_invitation(public_id, now=now)


def get_working(token_hash: str, *, now: datetime) -> Invitation:
    """An invitation that was not stopped and is not over, with its cohort; it may be used up. Raises: NotFound."""
    invitation = sql.session().scalar(_working(token_hash, now))
    if invitation is None:
        raise NotFound
    return invitation


def join(token_hash: str, *, user_id: int, agreed_to: Sees, now: datetime) -> bool:
    """Join by an invitation that works at this moment, or ask to where a lead lets people in.

    Who is in already or waits stays as they are, and uses nothing up. Says whether they are neither.
    Raises: NotFound when it does not work.
    """
    try:
        with sql.writing() as session:
            invitation = session.scalar(_working(token_hash, now).execution_options(populate_existing=True))
            if invitation is None:
                raise NotFound
            if has_place(invitation.cohort_id, user_id=user_id):
                return False
            _use_up_one(invitation.id, now=now)
            session.add(_place(invitation.cohort, user_id=user_id, agreed_to=agreed_to, now=now))
    except IntegrityError:
        return False
    return True


def has_place(cohort_id: int, *, user_id: int) -> bool:
    """Whether somebody is in a cohort, or waits to be let in."""
    return any(
        sql.session().scalar(select(place.user_id).where(place.cohort_id == cohort_id, place.user_id == user_id))
        for place in (Membership, JoinRequest)
    )


def _use_up_one(invitation_id: int, *, now: datetime) -> None:
    """Take a place; with the last one the link in the invitation's mail goes. Raises: NotFound when there is none."""
    used = (
        sql.session()
        .execute(
            update(Invitation)
            .where(Invitation.id == invitation_id, _has_room())
            .values(uses=Invitation.uses + 1)
            .returning(Invitation.public_id, Invitation.uses == Invitation.most_uses)
        )
        .first()
    )
    if used is None:
        raise NotFound
    public_id, was_last = used
    if was_last:
        mails.forget_invitation(public_id, now=now)


def _place(cohort: Cohort, *, user_id: int, agreed_to: Sees, now: datetime) -> Membership | JoinRequest:
    """What joining makes of somebody. What nobody was asked for is not agreed to."""
    agreed = agreed_to.at_most(cohort.sees)
    if cohort.joining is Joining.APPROVED:
        return JoinRequest(cohort_id=cohort.id, user_id=user_id, agreed_to=agreed, asked_at=now)
    return Membership(cohort_id=cohort.id, user_id=user_id, role=Role.MEMBER, agreed_to=agreed, joined_at=now)


def _known(cohort_id: int, addresses: Sequence[str], *, now: datetime) -> Known:
    inside, waiting = (
        sql.session().scalars(
            select(User.email)
            .join(place, place.user_id == User.id)
            .where(place.cohort_id == cohort_id, User.email.in_(addresses))
        )
        for place in (Membership, JoinRequest)
    )
    invited = sql.session().scalars(
        select(Invitation.address).where(
            Invitation.cohort_id == cohort_id, Invitation.address.in_(addresses), _works(now), _has_room()
        )
    )
    return Known(frozenset(inside), frozenset(waiting), frozenset(address for address in invited if address))


def _working(token_hash: str, now: datetime) -> Select[Invitation]:
    return (
        select(Invitation)
        .join(Invitation.cohort)
        .options(contains_eager(Invitation.cohort))
        .where(Invitation.token_hash == token_hash, _works(now), Cohort.archived_at.is_(None))
    )


def _works(now: datetime) -> ColumnElement[bool]:
    return and_(Invitation.revoked_at.is_(None), Invitation.expires_at > now)


def _has_room() -> ColumnElement[bool]:
    return or_(Invitation.most_uses.is_(None), Invitation.uses < Invitation.most_uses)
