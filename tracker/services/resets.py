"""Forgotten passwords: who reads the mail of an account's address can set a new one; nobody else learns anything."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import NotFound
from tracker.services import account_letters, accounts, audit, passwords, tickets
from tracker.services.tickets import hash_of
from tracker.storage import account_links, ways_in
from tracker.storage import accounts as stored_accounts
from tracker.storage.identity_tables import Purpose

LIFE = timedelta(hours=1)


def ask(email: str, *, now: datetime) -> bool:
    """Send a mail to this address: with a link to a new password or, without an account, that there is none.

    Says whether one was queued: it was not when one went there a while ago, whose link goes on working.
    """
    email = accounts.normal_address(email)
    token = secrets.token_urlsafe(32)
    expires_at = now + LIFE
    letter = (
        account_letters.write_reset(email, token, expires_at=expires_at, now=now)
        if stored_accounts.find_user_by_email(email)
        else account_letters.write_no_account(email, expires_at=expires_at, now=now)
    )
    return account_links.add(Purpose.RESET, letter, token_hash=hash_of(token), expires_at=expires_at, now=now)


def get_email(token: str, *, now: datetime) -> str:
    """The address whose password this link sets. Raises: NotFound."""
    return _email_and_name(token, now=now)[0]


@dataclass(frozen=True, slots=True)
class Reset:
    """An account with a new password. has_lasting: tokens for programs or accounts elsewhere still open it."""

    email: str
    has_lasting: bool


def set_password(token: str, *, password: str, now: datetime) -> Reset:
    """Set a new password by the link in a mail; all sessions end.

    Raises: NotFound, BadInput for a weak password.
    """
    email, name = _email_and_name(token, now=now)
    passwords.check_strength(password, email=email, name=name)
    user = account_links.reset_password(hash_of(token), password_hash=passwords.hash_of(password), now=now)
    audit.record("password.reset", actor_id=user.id, subject=f"user:{user.id}", now=now)
    return Reset(user.email, ways_in.has_lasting(user.id))


def _email_and_name(token: str, *, now: datetime) -> tuple[str, str]:
    user_id = tickets.find_holder(token, purpose=Purpose.RESET, now=now)
    if user_id is None:
        raise NotFound("This link does not work any more. Such a link works once, for an hour.")
    user = stored_accounts.get_user(user_id)
    return user.email, user.name
