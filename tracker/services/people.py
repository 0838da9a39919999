"""Everybody with an account, for admins: who they are here, what they may do, and whether they may do anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.errors import Conflict, NotFound
from tracker.services import accommodations, accounts, audit, resets, second_factor
from tracker.services.accounts import Person
from tracker.storage import accounts as stored_accounts
from tracker.storage import sign_ins
from tracker.storage.tables import Accommodation, SignIn, User

LISTED = 50


class Role(StrEnum):
    """What can be given to somebody beside being a learner."""

    ADMIN = "admin"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class People:
    """Some people, whoever came last first. older: from before which id on the others are; None when none are left."""

    people: Sequence[User]
    older: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody as admins see them. is_self: they look at themselves, whom only another admin changes."""

    user: User
    is_self: bool
    sign_ins: Sequence[SignIn]
    has_second_factor: bool
    accommodations: Sequence[Accommodation]
    is_extra_time_set_here: bool


def check_admin(person: Person) -> None:
    """Let only admins pass; for others it is not there. Raises: NotFound."""
    if not person.is_admin:
        raise NotFound


def list_people(wanted: str, *, before: int | None, admin: Person) -> People:
    """The people whose name or address holds this text. Raises: NotFound to all but admins."""
    check_admin(admin)
    found = stored_accounts.list_people(wanted=wanted.strip(), before=before, most=LISTED + 1)
    shown = found[:LISTED]
    return People(shown, older=shown[-1].id if len(found) > LISTED else None)


def open_person(person_id: int, *, admin: Person, now: datetime) -> Opened:
    """Somebody, for an admin. Raises: NotFound, also to all but admins."""
    check_admin(admin)
    return Opened(
        user=stored_accounts.get_user(person_id),
        is_self=person_id == admin.id,
        sign_ins=[sign_in for sign_in, _ in sign_ins.list_sign_ins(person_id, started_after=now - accounts.ABSOLUTE)],
        has_second_factor=second_factor.is_on(person_id),
        accommodations=accommodations.list_accommodations(person_id),
        is_extra_time_set_here=not accommodations.is_self_set(),
    )


def give_role(person_id: int, role: Role, *, admin: Person, now: datetime) -> None:
    """Make somebody an admin or an author, signed out everywhere.

    Raises: NotFound; Conflict for oneself, or when anybody may have the account.
    """
    _check_other(person_id, admin=admin)
    accounts.check_may_rise(stored_accounts.get_user(person_id))
    give = stored_accounts.set_admin if role is Role.ADMIN else stored_accounts.set_author
    _change(person_id, give, f"{role}.given", admin=admin, now=now)


def take_role(person_id: int, role: Role, *, admin: Person, now: datetime) -> None:
    """Let somebody be an admin or an author no more, signed out everywhere. Raises: NotFound, Conflict for oneself."""
    take = stored_accounts.unset_admin if role is Role.ADMIN else stored_accounts.unset_author
    _change(person_id, take, f"{role}.taken", admin=admin, now=now)


def disable(person_id: int, *, admin: Person, now: datetime) -> None:
    """Let somebody do nothing any more; nothing of theirs is lost. Raises: NotFound, Conflict for oneself."""
    _change(
        person_id, lambda user_id: stored_accounts.disable(user_id, now=now), "person.disabled", admin=admin, now=now
    )


def enable(person_id: int, *, admin: Person, now: datetime) -> None:
    """Let somebody sign in again. Raises: NotFound, Conflict for oneself."""
    _change(person_id, stored_accounts.enable, "person.enabled", admin=admin, now=now)


def sign_out(person_id: int, *, admin: Person, now: datetime) -> None:
    """End all sessions of somebody else. Raises: NotFound, Conflict for oneself."""
    _change(person_id, _end_sessions, "sessions.ended", admin=admin, now=now)


def remove_second_factor(person_id: int, *, admin: Person, now: datetime) -> None:
    """Ask somebody else for no code any more. Raises: NotFound, Conflict for oneself."""
    _check_other(person_id, admin=admin)
    second_factor.remove(person_id, by=admin.id, now=now)


def send_reset(person_id: int, *, admin: Person, now: datetime) -> bool:
    """Send somebody the mail with which they set a new password. Says whether it did. Raises: NotFound."""
    check_admin(admin)
    is_sent = resets.ask(stored_accounts.get_user(person_id).email, now=now)
    if is_sent:
        audit.record("reset.sent", actor_id=admin.id, subject=f"user:{person_id}", now=now)
    return is_sent


def set_extra_time(person_id: int, *, percent: int, reason: str, admin: Person, now: datetime) -> None:
    """Set somebody's extra time. Raises: NotFound; Conflict where people set it themselves; BadInput."""
    check_admin(admin)
    stored_accounts.get_user(person_id)
    accommodations.set_for(person_id, percent=percent, set_by=admin.id, reason=reason, now=now)


def _change(person_id: int, change: Callable[[int], bool], action: str, *, admin: Person, now: datetime) -> None:
    """Change what somebody else is; what they are already is nothing to write down."""
    _check_other(person_id, admin=admin)
    if change(person_id):
        audit.record(action, actor_id=admin.id, subject=f"user:{person_id}", now=now)


def _check_other(person_id: int, *, admin: Person) -> None:
    check_admin(admin)
    stored_accounts.get_user(person_id)
    if person_id == admin.id:
        raise Conflict("You cannot change what you are yourself. Another admin can; nothing was changed.")


def _end_sessions(user_id: int) -> bool:
    sign_ins.remove_others(user_id, but="")
    return True
