"""Accounts: sign up, sign in and out, the profile, passwords."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from tracker.errors import BadInput, Conflict, NotFound, SignInRefused
from tracker.services import audit, misses, passwords
from tracker.services.tickets import hash_of
from tracker.storage import accounts, post, sign_ins
from tracker.storage.tables import SignIn, User

IDLE = timedelta(hours=2)
STAFF_IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_ID = 9


@dataclass(frozen=True, slots=True)
class Checked:
    """Whose password was right, and the hash that it was checked against: it may be replaced before they are in."""

    user_id: int
    password_hash: str


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
    """Make an admin: a new account or, when the address has one, that account.

    Its password stays when its owner has shown that the address is theirs; else somebody else may know it, so this one
    replaces it, and every other way in ends. Raises: BadInput for a weak password.
    """
    user = find_by_address(email)
    if user is None:
        return as_person(_add_user(email=email, name=name, zone="UTC", password=password, is_admin=True, now=now))
    if is_vouched_for(user):
        is_new = accounts.set_admin(user.id)
    else:
        passwords.check_strength(password, email=user.email, name=user.name)
        is_new = accounts.take_over(user.id, password_hash=passwords.hash_of(password))
    if is_new:
        audit.record("admin.given", actor_id=None, subject=f"user:{user.id}", now=now)
    return as_person(accounts.get_user(user.id))


def make_author(email: str, *, now: datetime) -> Person:
    """Make somebody with an account an author. Raises: NotFound, Conflict when anybody may have the account."""
    user = find_by_address(email)
    if user is None:
        raise NotFound(f"There is no account with the address {normal_address(email)}. Authors sign up first.")
    check_may_rise(user)
    if accounts.set_author(user.id):
        audit.record("author.given", actor_id=None, subject=f"user:{user.id}", now=now)
    return as_person(accounts.get_user(user.id))


def check_author(person: Person) -> None:
    """Let only those pass who may see the bank's keys; for others they are not there. Raises: NotFound."""
    if not person.may_author:
        raise NotFound


def has_account(email: str) -> bool:
    """Whether this address has an account."""
    return find_by_address(email) is not None


def has_own_password(email: str) -> bool:
    """Whether this address has an account whose password can stay when it becomes an admin's."""
    user = find_by_address(email)
    return user is not None and is_vouched_for(user)


def is_vouched_for(user: User) -> bool:
    """Whether it is known whose an account is: by its mail, or because somebody made them an admin already."""
    return user.verified_at is not None or user.is_admin


def check_may_rise(user: User) -> None:
    """Let nobody rise whose address may be somebody else's, where mails can show whose it is. Raises: Conflict."""
    if post.leaves_machine() and not is_vouched_for(user):
        raise Conflict(
            "Nobody has shown yet that the address of this account is theirs. They do so on their account's page, or by"
            " setting a new password by mail; nothing was changed."
        )


def check_password(*, email: str, password: str, now: datetime) -> Checked:
    """The person whom this address and password belong to. Raises: SignInRefused, TooManyMisses."""
    misses.count_try(normal_address(email), now=now)
    user = find_by_address(email)
    if not passwords.is_right(user.password_hash if user else None, password) or user is None or user.disabled_at:
        raise SignInRefused
    misses.forget(user.email)
    checked = Checked(user.id, user.password_hash)
    if passwords.is_outdated(checked.password_hash):
        renewed = Checked(user.id, passwords.hash_of(password))
        accounts.renew_password_hash(user.id, renewed.password_hash, instead_of=checked.password_hash)
        return renewed
    return checked


def open_session(
    user_id: int, *, now: datetime, address: str = "", browser: str = "", password_hash: str | None = None
) -> str:
    """Open a session for somebody who has just proved who they are, from this address with this browser.

    password_hash: what their password was checked against, if it was. Raises: SignInRefused when it was changed since.

    Returns: its token, 256 random bits.
    """
    token = secrets.token_urlsafe(32)
    sign_ins.add_sign_in(
        token_hash=hash_of(token),
        user_id=user_id,
        now=now,
        ended_before=now - ABSOLUTE,
        address=address,
        browser=browser,
        password_hash=password_hash,
    )
    audit.record("session.opened", actor_id=user_id, subject=f"user:{user_id}", now=now)
    return token


def find_person(token: str, *, now: datetime) -> Person | None:
    """Who a session's token belongs to, while the session lives; using it keeps it from idling out."""
    token_hash = hash_of(token)
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
    user_id = sign_ins.remove_sign_in(hash_of(token))
    if user_id is not None:
        audit.record("session.ended", actor_id=user_id, subject=f"user:{user_id}", now=now)


def change_password(user_id: int, *, token: str, current: str, new: str, now: datetime) -> None:
    """Replace the password and end all other sessions. Raises: BadInput, TooManyMisses."""
    user = accounts.get_user(user_id)
    checked = user.password_hash
    if not is_own_password(user_id, checked, current, now=now):
        raise _not_current()
    passwords.check_strength(new, email=user.email, name=user.name)
    try:
        accounts.change_password_hash(user_id, passwords.hash_of(new), instead_of=checked, but=hash_of(token))
    except SignInRefused:
        raise _not_current() from None
    audit.record("password.changed", actor_id=user_id, subject=f"user:{user_id}", now=now)


def _not_current() -> BadInput:
    return BadInput({"current": ["This is not your current password."]})


def is_own_password(user_id: int, password_hash: str, password: str, *, now: datetime) -> bool:
    """Whether somebody signed in knows their password, whose hash this is; misses count apart from signing in.

    Raises: TooManyMisses.
    """
    account = f"password of {user_id}"
    misses.count_try(account, now=now)
    if not passwords.is_right(password_hash, password):
        return False
    misses.forget(account)
    return True


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


def find_by_address(email: str) -> User | None:
    """Whoever has this address, however it is typed."""
    return accounts.find_user_by_email(normal_address(email))


def get_by_address(email: str) -> User:
    """Whoever has this address, however it is typed. Raises: NotFound."""
    user = find_by_address(email)
    if user is None:
        raise NotFound(f"There is no account with the address {normal_address(email)}.")
    return user


def read_id(typed: str) -> int | None:
    """The id that somebody typed, whether or not anybody has it; None for what can be none."""
    return int(typed) if typed.isdecimal() and len(typed) <= LONGEST_ID else None


def normal_address(email: str) -> str:
    """An address as accounts keep it: in small letters, its host as the network writes it.

    What is no address we could write to stays another than all that are.
    """
    typed = email.strip().lower()
    try:
        known = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return typed
    return known.ascii_email or typed
