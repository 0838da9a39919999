"""Cohorts: create, invite by link, join, leave, and read the results. Somebody else's cohort is not found."""

import csv
import hashlib
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.roadmap import Area
from tracker.assessment.score import Score
from tracker.assessment.sees import Sees
from tracker.errors import Conflict, NotFound
from tracker.scoring.cohorts import Member, Middle, in_need_first, middles
from tracker.scoring.profile import Profile
from tracker.services import profiles
from tracker.storage import cohorts
from tracker.storage.cohort_tables import Cohort, Invitation, Membership, Role
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import User

INVITATION_LIFE = timedelta(days=14)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")  # the last four in full width


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one area."""

    score: Score
    last_answered: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One member: a cell an area, in the roadmap's order."""

    user: User
    cells: tuple[Cell, ...]
    last_answered: datetime | None


@dataclass(frozen=True, slots=True)
class Mirror:
    """A member's own row, made by the same function as the lead's."""

    cohort: Cohort
    areas: tuple[Area, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class Review:
    """A cohort as its lead reads it; who needs help first comes first."""

    cohort: Cohort
    areas: tuple[Area, ...]
    rows: tuple[Row, ...]
    middles: tuple[Middle, ...]
    invitations: Sequence[Invitation]


def list_memberships(user_id: int) -> Sequence[Membership]:
    """The cohorts somebody leads or is in."""
    return cohorts.list_memberships_of(user_id)


def create_cohort(name: str, *, lead_id: int, now: datetime, sees: Sees = Sees.LEVELS) -> Cohort:
    """Make a cohort; who makes it leads it, and sees that much of who agrees to it."""
    return cohorts.add_cohort(name=name, lead_id=lead_id, sees=sees, now=now)


def get_led(public_id: str, *, lead_id: int) -> Cohort:
    """A cohort, for its lead. Raises: NotFound, also to everybody else."""
    membership = cohorts.get_membership(public_id, user_id=lead_id)
    if membership.role is not Role.LEAD:
        raise NotFound
    return membership.cohort


def open_cohort(public_id: str, *, user_id: int, now: datetime) -> Review | Mirror:
    """A cohort as this person sees it: its lead the results, a member what the lead sees of them. Raises: NotFound."""
    membership = cohorts.get_membership(public_id, user_id=user_id)
    return _review(membership.cohort, now) if membership.role is Role.LEAD else _mirror(membership, now)


def review(public_id: str, *, lead_id: int, now: datetime) -> Review:
    """A cohort's results for its lead. Raises: NotFound."""
    return _review(get_led(public_id, lead_id=lead_id), now)


def export_csv(public_id: str, *, lead_id: int, now: datetime) -> str:
    """The matrix as CSV, one line a person; cells that a spreadsheet could run as formulas are made plain text."""
    table = review(public_id, lead_id=lead_id, now=now)
    out = io.StringIO()
    writer = csv.writer(out)
    header = ["Name", "Address"]
    for area in table.areas:
        header += [area.name, f"{area.name} low", f"{area.name} high", f"{area.name} level", f"{area.name} answers"]
    writer.writerow([*header, "Last activity (UTC)"])
    for row in table.rows:
        writer.writerow(_csv_line(row))
    return out.getvalue()


def invite(public_id: str, *, lead_id: int, now: datetime) -> str:
    """Make an invitation link's token, 256 random bits, shown once. Raises: NotFound."""
    cohort = get_led(public_id, lead_id=lead_id)
    token = secrets.token_urlsafe(32)
    cohorts.add_invitation(
        cohort_id=cohort.id,
        created_by=lead_id,
        token_hash=_hash(token),
        now=now,
        expires_at=now + INVITATION_LIFE,
    )
    return token


def revoke_invitation(public_id: str, *, invitation_id: str, lead_id: int, now: datetime) -> None:
    """Stop an invitation from working. Raises: NotFound."""
    cohort = get_led(public_id, lead_id=lead_id)
    cohorts.revoke_invitation(invitation_id, cohort_id=cohort.id, now=now)


def get_invited_cohort(token: str, *, now: datetime) -> Cohort:
    """The cohort that an invitation opens. Raises: NotFound when it does not work, or no longer."""
    try:
        return cohorts.get_invited_cohort(_hash(token), now=now)
    except NotFound:
        raise _dead_invitation() from None


def join(token: str, *, user_id: int, now: datetime) -> Cohort:
    """Join by an invitation; joining again changes nothing. Raises: NotFound."""
    cohort = get_invited_cohort(token, now=now)
    try:
        cohorts.add_member_by_invitation(_hash(token), user_id=user_id, agreed_to=cohort.sees, now=now)
    except NotFound:
        raise _dead_invitation() from None
    return cohort


def leave(public_id: str, *, user_id: int) -> None:
    """Leave a cohort; its lead loses sight of one's results at once. Raises: NotFound, Conflict for its lead."""
    cohort = cohorts.get_membership(public_id, user_id=user_id).cohort
    if not cohorts.remove_member(cohort.id, user_id=user_id):
        raise Conflict("You lead this cohort, so you cannot leave it.")


def remove_member(public_id: str, *, member_id: int, lead_id: int) -> None:
    """Take a member out; one who has left already stays out. Raises: NotFound."""
    cohort = get_led(public_id, lead_id=lead_id)
    cohorts.remove_member(cohort.id, user_id=member_id)


def _review(cohort: Cohort, now: datetime) -> Review:
    areas = get_bank().roadmap.areas
    users = {
        membership.user_id: membership.user
        for membership in cohorts.list_memberships_in(cohort.id)
        if membership.role is Role.MEMBER
    }
    known = profiles.list_profiles(list(users), now=now)
    members = [Member(learner_id=user.id, name=user.name, profile=known[user.id]) for user in users.values()]
    return Review(
        cohort=cohort,
        areas=areas,
        rows=tuple(_row(users[member.learner_id], member.profile, areas) for member in in_need_first(members)),
        middles=tuple(middles(list(known.values()), [area.slug for area in areas])),
        invitations=cohorts.list_live_invitations(cohort.id, now=now),
    )


def _mirror(membership: Membership, now: datetime) -> Mirror:
    areas = get_bank().roadmap.areas
    profile = profiles.list_profiles([membership.user_id], now=now)[membership.user_id]
    return Mirror(cohort=membership.cohort, areas=areas, row=_row(membership.user, profile, areas))


def _row(user: User, profile: Profile, areas: Sequence[Area]) -> Row:
    known = [profile.area(area.slug) for area in areas]
    answered = [area.last_answered for area in known if area.last_answered]
    return Row(
        user=user,
        cells=tuple(Cell(score=area.score, last_answered=area.last_answered) for area in known),
        last_answered=max(answered, default=None),
    )


def _csv_line(row: Row) -> list[str]:
    line = [_plain(row.user.name), _plain(row.user.email)]
    for cell in row.cells:
        score = cell.score
        numbers = [str(score.value), str(score.low), str(score.high)] if score.is_enough else ["", "", ""]
        line += [*numbers, score.level or "not enough evidence yet", str(score.responses)]
    return [*line, row.last_answered.strftime("%Y-%m-%d %H:%M") if row.last_answered else ""]


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _dead_invitation() -> NotFound:
    return NotFound("This invitation does not work, or no longer. Ask for a new link.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
