"""Accounts: sign up, sign in and out, the profile, passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import BadInput, NotFound, SignInRefused
from tracker.services import passwords
from tracker.storage import accounts
from tracker.storage.tables import User

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    id: int
    name: str
    email: str
    zone: str
    is_admin: bool
    is_author: bool

    @property
    def may_author(self) -> bool:
        """Whether they see the bank's keys: authors and admins do."""
        return self.is_author or self.is_admin


def sign_up(*, email: str, name: str, zone: str, password: str, now: datetime) -> Person:
    """Make an account. Raises: BadInput for a weak password, Conflict when the address is taken."""
    return _person(_add_user(email=email, name=name, zone=zone, password=password, is_admin=False, now=now))


def create_admin(*, email: str, name: str, password: str, now: datetime) -> Person:
    """Make an admin: a new account or, when the address has one, that account; its password stays then.

    Raises: BadInput for a weak password.
    """
    user = accounts.find_user_by_email(normal_address(email))
    if user is None:
        return _person(_add_user(email=email, name=name, zone="UTC", password=password, is_admin=True, now=now))
    accounts.set_admin(user.id)
    return _person(accounts.get_user(user.id))


def make_author(email: str) -> Person:
    """Make somebody with an account an author. Raises: NotFound."""
    user = accounts.find_user_by_email(normal_address(email))
    if user is None:
        raise NotFound(f"There is no account with the address {normal_address(email)}. Authors sign up first.")
    accounts.set_author(user.id)
    return _person(accounts.get_user(user.id))


def check_author(person: Person) -> None:
    """Let only those pass who may see the bank's keys; for others they are not there. Raises: NotFound."""
    if not person.may_author:
        raise NotFound


def has_account(email: str) -> bool:
    """Whether this address has an account."""
    return accounts.find_user_by_email(normal_address(email)) is not None


def sign_in(*, email: str, password: str, now: datetime) -> str:
    """Check a password and open a session. Returns: the session's token. Raises: SignInRefused."""
    user = accounts.find_user_by_email(normal_address(email))
    if not passwords.is_right(user.password_hash if user else None, password) or user is None or user.disabled_at:
        raise SignInRefused
    if passwords.is_outdated(user.password_hash):
        accounts.set_password_hash(user.id, passwords.hash_of(password))
    return open_session(user.id, now=now)


def open_session(user_id: int, *, now: datetime, address: str = "", browser: str = "") -> str:
    """Open a session for somebody who has just proved who they are, from this address with this browser.

    Returns: its token, 256 random bits.
    """
    token = secrets.token_urlsafe(32)
    accounts.add_sign_in(
        token_hash=_hash(token),
        user_id=user_id,
        now=now,
        ended_before=now - ABSOLUTE,
        address=address,
        browser=browser,
    )
    return token


def find_person(token: str, *, now: datetime) -> Person | None:
    """Who a session's token belongs to, while the session lives; using it keeps it from idling out."""
    token_hash = _hash(token)
    sign_in = accounts.find_sign_in(token_hash, started_after=now - ABSOLUTE, seen_after=now - IDLE)
    if sign_in is None:
        return None
    if now - sign_in.seen_at > SEEN_EVERY:
        accounts.set_seen(token_hash, now)
    return _person(sign_in.user)


def sign_out(token: str) -> None:
    """End a session; one that has ended stays so."""
    accounts.remove_sign_in(_hash(token))


def change_password(user_id: int, *, token: str, current: str, new: str) -> None:
    """Replace the password and end all other sessions. Raises: BadInput."""
    user = accounts.get_user(user_id)
    if not passwords.is_right(user.password_hash, current):
        raise BadInput({"current": ["This is not your current password."]})
    passwords.check_strength(new, email=user.email, name=user.name)
    accounts.change_password_hash(user_id, passwords.hash_of(new), but=_hash(token))


def update_profile(user_id: int, *, name: str, zone: str) -> None:
    """Replace name and time zone."""
    accounts.set_profile(user_id, name=name, zone=zone)


def _add_user(*, email: str, name: str, zone: str, password: str, is_admin: bool, now: datetime) -> User:
    passwords.check_strength(password, email=email, name=name)
    return accounts.add_user(
        email=normal_address(email),
        name=name,
        zone=zone,
        password_hash=passwords.hash_of(password),
        is_admin=is_admin,
        now=now,
    )


def _person(user: User) -> Person:
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        zone=user.zone,
        is_admin=user.is_admin,
        is_author=user.is_author,
    )


def normal_address(email: str) -> str:
    """An address as accounts keep it."""
    return email.strip().casefold()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
