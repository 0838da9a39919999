"""Accounts: sign up, sign in and out, the profile, passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import BadInput, NotFound, SignInRefused
from tracker.services import audit, misses, passwords
from tracker.storage import accounts, sign_ins
from tracker.storage.tables import SignIn, User

IDLE = timedelta(hours=2)
STAFF_IDLE = timedelta(minutes=30)
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
    is_verified: bool = False
    has_password: bool = True

    @property
    def may_author(self) -> bool:
        """Whether they see the bank's keys: authors and admins do."""
        return self.is_author or self.is_admin


def sign_up(*, email: str, name: str, zone: str, password: str, now: datetime) -> Person:
    """Make an account. Raises: BadInput for a weak password, Conflict when the address is taken."""
    return as_person(_add_user(email=email, name=name, zone=zone, password=password, is_admin=False, now=now))


def create_admin(*, email: str, name: str, password: str, now: datetime) -> Person:
    """Make an admin: a new account or, when the address has one, that account; its password stays then.

    Raises: BadInput for a weak password.
    """
    user = accounts.find_user_by_email(normal_address(email))
    if user is None:
        return as_person(_add_user(email=email, name=name, zone="UTC", password=password, is_admin=True, now=now))
    if accounts.set_admin(user.id):
        audit.record("admin.given", actor_id=None, subject=f"user:{user.id}", now=now)
    return as_person(accounts.get_user(user.id))


def make_author(email: str, *, now: datetime) -> Person:
    """Make somebody with an account an author. Raises: NotFound."""
    user = accounts.find_user_by_email(normal_address(email))
    if user is None:
        raise NotFound(f"There is no account with the address {normal_address(email)}. Authors sign up first.")
    if accounts.set_author(user.id):
        audit.record("author.given", actor_id=None, subject=f"user:{user.id}", now=now)
    return as_person(accounts.get_user(user.id))


def check_author(person: Person) -> None:
    """Let only those pass who may see the bank's keys; for others they are not there. Raises: NotFound."""
    if not person.may_author:
        raise NotFound


def has_account(email: str) -> bool:
    """Whether this address has an account."""
    return accounts.find_user_by_email(normal_address(email)) is not None


def check_password(*, email: str, password: str, now: datetime) -> int:
    """The id of the person whom this address and password belong to. Raises: SignInRefused, TooManyMisses."""
    misses.count_try(normal_address(email), now=now)
    user = accounts.find_user_by_email(normal_address(email))
    if not passwords.is_right(user.password_hash if user else None, password) or user is None or user.disabled_at:
        raise SignInRefused
    misses.forget(user.email)
    if passwords.is_outdated(user.password_hash):
        accounts.set_password_hash(user.id, passwords.hash_of(password))
    return user.id


def open_session(user_id: int, *, now: datetime, address: str = "", browser: str = "") -> str:
    """Open a session for somebody who has just proved who they are, from this address with this browser.

    Returns: its token, 256 random bits.
    """
    token = secrets.token_urlsafe(32)
    sign_ins.add_sign_in(
        token_hash=hash_of_token(token),
        user_id=user_id,
        now=now,
        ended_before=now - ABSOLUTE,
        address=address,
        browser=browser,
    )
    audit.record("session.opened", actor_id=user_id, subject=f"user:{user_id}", now=now)
    return token


def find_person(token: str, *, now: datetime) -> Person | None:
    """Who a session's token belongs to, while the session lives; using it keeps it from idling out."""
    token_hash = hash_of_token(token)
    held = sign_ins.find_sign_in(token_hash, started_after=now - ABSOLUTE)
    if held is None:
        return None
    sign_in, is_lead = held
    if not is_in_use(sign_in, is_lead=is_lead, now=now):
        return None
    if now - sign_in.seen_at > SEEN_EVERY:
        sign_ins.set_seen(token_hash, now)
    return as_person(sign_in.user)


def is_in_use(sign_in: SignIn, *, is_lead: bool, now: datetime) -> bool:
    """Whether a session has not idled out: it does so sooner for those who see what others did, or keys."""
    is_staff = is_lead or sign_in.user.is_admin or sign_in.user.is_author
    return now - sign_in.seen_at < (STAFF_IDLE if is_staff else IDLE)


def sign_out(token: str, *, now: datetime) -> None:
    """End a session; one that has ended stays so."""
    user_id = sign_ins.remove_sign_in(hash_of_token(token))
    if user_id is not None:
        audit.record("session.ended", actor_id=user_id, subject=f"user:{user_id}", now=now)


def change_password(user_id: int, *, token: str, current: str, new: str, now: datetime) -> None:
    """Replace the password and end all other sessions. Raises: BadInput."""
    user = accounts.get_user(user_id)
    if not passwords.is_right(user.password_hash, current):
        raise BadInput({"current": ["This is not your current password."]})
    passwords.check_strength(new, email=user.email, name=user.name)
    accounts.change_password_hash(user_id, passwords.hash_of(new), but=hash_of_token(token))
    audit.record("password.changed", actor_id=user_id, subject=f"user:{user_id}", now=now)


def update_profile(user_id: int, *, name: str, zone: str) -> None:
    """Replace name and time zone."""
    accounts.set_profile(user_id, name=name, zone=zone)


def _add_user(*, email: str, name: str, zone: str, password: str, is_admin: bool, now: datetime) -> User:
    passwords.check_strength(password, email=email, name=name)
    user = accounts.add_user(
        email=normal_address(email),
        name=name,
        zone=zone,
        password_hash=passwords.hash_of(password),
        is_admin=is_admin,
        now=now,
    )
    action = "admin.made" if is_admin else "account.made"
    audit.record(action, actor_id=None if is_admin else user.id, subject=f"user:{user.id}", now=now)
    return user


def as_person(user: User) -> Person:
    """Somebody as whoever asks in their name."""
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        zone=user.zone,
        is_admin=user.is_admin,
        is_author=user.is_author,
        is_verified=user.verified_at is not None,
        has_password=bool(user.password_hash),
    )


def normal_address(email: str) -> str:
    """An address as accounts keep it."""
    return email.strip().casefold()


def hash_of_token(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()
