"""Cohorts: create, invite by link, join and leave. Somebody else's cohort is not found."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.sees import Sees
from tracker.errors import Conflict, NotFound
from tracker.services import audit
from tracker.services.members import Mirror, open_mirror
from tracker.services.sessions import Renewal, hashes_of
from tracker.services.tickets import hash_of
from tracker.storage import cohorts, invitations, leads
from tracker.storage.cohort_tables import Cohort, Invitation, Membership, Role

INVITATION_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation opens. has_place: whether who asks is in already, or waits to be let in."""

    cohort: Cohort
    has_place: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A cohort that somebody joined or, when they are not a member, asked to join."""

    cohort: Cohort
    is_member: bool


def list_memberships(user_id: int) -> Sequence[Membership]:
    """The cohorts somebody leads or is in."""
    return cohorts.list_memberships_of(user_id)


def list_led(lead_id: int) -> list[Cohort]:
    """The cohorts that somebody leads, by name."""
    return [one.cohort for one in cohorts.list_memberships_of(lead_id) if one.role is Role.LEAD]


def create_cohort(
    name: str, *, lead_id: int, now: datetime, sees: Sees = Sees.LEVELS, renewal: Renewal | None = None
) -> Cohort:
    """Make a cohort; who makes it leads it, and sees that much of who agrees to it. renewal: where they go on."""
    cohort = cohorts.add_cohort(name=name, lead_id=lead_id, sees=sees, now=now, renewed=hashes_of(renewal))
    audit.record("cohort.made", actor_id=lead_id, subject=f"cohort:{cohort.public_id}", now=now, sees=sees)
    return cohort


def get_led(public_id: str, *, lead_id: int) -> Cohort:
    """A cohort, for its leads. Raises: NotFound, also to everybody else."""
    return get_leadership(public_id, lead_id=lead_id).cohort


def get_leadership(public_id: str, *, lead_id: int) -> Membership:
    """A lead's place in their cohort, with both. Raises: NotFound, also to everybody else."""
    membership = cohorts.get_membership(public_id, user_id=lead_id)
    if membership.role is not Role.LEAD:
        raise NotFound
    return membership


def open_cohort(public_id: str, *, user_id: int, now: datetime) -> Cohort | Mirror:
    """For its leads, the cohort; for a member, what the leads see of them. Raises: NotFound."""
    membership = cohorts.get_membership(public_id, user_id=user_id)
    return membership.cohort if membership.role is Role.LEAD else open_mirror(membership, now)


def invite(
    public_id: str, *, lead_id: int, now: datetime, life: timedelta = INVITATION_LIFE, most_uses: int | None = None
) -> str:
    """Make an invitation link's token, shown once, for so many people. Raises: NotFound, Conflict when archived."""
    cohort = get_led(public_id, lead_id=lead_id)
    invitation, token = new_invitation(cohort, lead_id=lead_id, now=now, life=life, most_uses=most_uses)
    invitations.add_invitation(invitation)
    return token


def new_invitation(
    cohort: Cohort,
    *,
    lead_id: int,
    now: datetime,
    life: timedelta = INVITATION_LIFE,
    most_uses: int | None = None,
    address: str | None = None,
) -> tuple[Invitation, str]:
    """An invitation that is not stored yet, and its token: 256 random bits."""
    token = secrets.token_urlsafe(32)
    invitation = invitations.make_invitation(
        cohort_id=cohort.id,
        created_by=lead_id,
        token_hash=hash_of(token),
        now=now,
        expires_at=now + life,
        most_uses=most_uses,
        address=address,
    )
    return invitation, token


def revoke_invitation(public_id: str, *, invitation_id: str, lead_id: int, now: datetime) -> None:
    """Stop an invitation from working. Raises: NotFound."""
    cohort = get_led(public_id, lead_id=lead_id)
    invitations.revoke(invitation_id, cohort_id=cohort.id, now=now)


def open_invitation(token: str, *, user_id: int | None, now: datetime) -> Invited:
    """What an invitation offers to this person, or to a visitor. Raises: NotFound when it lets nobody in any more."""
    try:
        invitation = invitations.get_working(hash_of(token), now=now)
    except NotFound:
        raise _dead_invitation() from None
    has_place = user_id is not None and invitations.has_place(invitation.cohort_id, user_id=user_id)
    if invitation.is_used_up and not has_place:
        raise _dead_invitation()
    return Invited(cohort=invitation.cohort, has_place=has_place)


def join(token: str, *, user_id: int, now: datetime, agreed_to: Sees = Sees.LEVELS) -> Joined:
    """Join by an invitation, or ask to, agreeing to that much; doing it again changes nothing. Raises: NotFound."""
    try:
        cohort = invitations.get_working(hash_of(token), now=now).cohort
        is_new = invitations.join(hash_of(token), user_id=user_id, agreed_to=agreed_to, now=now)
    except NotFound:
        raise _dead_invitation() from None
    joined = Joined(cohort=cohort, is_member=cohorts.is_in(cohort.id, user_id=user_id))
    if is_new:
        action = "member.joined" if joined.is_member else "member.asked"
        audit.record(
            action, actor_id=user_id, subject=f"user:{user_id}", now=now, cohort=cohort.public_id, agreed_to=agreed_to
        )
    return joined


def leave(public_id: str, *, user_id: int, now: datetime, renewal: Renewal | None = None) -> None:
    """Leave a cohort; its leads lose sight of one's results at once. renewal: where a lead goes on.

    Raises: NotFound, Conflict for its last lead.
    """
    membership = cohorts.get_membership(public_id, user_id=user_id)
    is_lead = membership.role is Role.LEAD
    has_left = (
        leads.remove_lead(membership.cohort_id, user_id=user_id, renewed=hashes_of(renewal))
        if is_lead
        else cohorts.remove_member(membership.cohort_id, user_id=user_id)
    )
    if not has_left:
        raise Conflict("You lead this cohort alone, so you cannot leave it. Make somebody else a lead first.")
    action = "lead.left" if is_lead else "member.left"
    audit.record(action, actor_id=user_id, subject=f"user:{user_id}", now=now, cohort=public_id)


def remove_member(public_id: str, *, member_id: int, lead_id: int, now: datetime) -> None:
    """Take a member out; one who has left already stays out. Raises: NotFound."""
    cohort = get_led(public_id, lead_id=lead_id)
    if cohorts.remove_member(cohort.id, user_id=member_id):
        audit.record("member.removed", actor_id=lead_id, subject=f"user:{member_id}", now=now, cohort=public_id)


def _dead_invitation() -> NotFound:
    return NotFound("This invitation does not work, or no longer. Ask for a new link.")
