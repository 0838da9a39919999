"""Forgotten passwords: who reads the mail of an account's address can set a new one; nobody else learns anything."""

import secrets
from datetime import datetime, timedelta

from tracker.errors import NotFound
from tracker.services import account_letters, accounts, audit, passwords
from tracker.services.tickets import hash_of
from tracker.storage import account_links, tickets
from tracker.storage import accounts as stored_accounts
from tracker.storage.identity_tables import Purpose

LIFE = timedelta(hours=1)


def ask(email: str, *, now: datetime) -> None:
    """Send a mail to this address: with a link to a new password or, without an account, that there is none."""
    email = accounts.normal_address(email)
    token = secrets.token_urlsafe(32)
    expires_at = now + LIFE
    letter = (
        account_letters.write_reset(email, token, expires_at=expires_at, now=now)
        if stored_accounts.find_user_by_email(email)
        else account_letters.write_no_account(email, expires_at=expires_at, now=now)
    )
    account_links.add(Purpose.RESET, letter, token_hash=hash_of(token), expires_at=expires_at, now=now)


def get_email(token: str, *, now: datetime) -> str:
    """The address whose password this link sets. Raises: NotFound."""
    return _email_and_name(token, now=now)[0]


def set_password(token: str, *, password: str, now: datetime) -> str:
    """Set a new password by the link in a mail; all sessions end. Returns: the address.

    Raises: NotFound, BadInput for a weak password.
    """
    email, name = _email_and_name(token, now=now)
    passwords.check_strength(password, email=email, name=name)
    user = account_links.reset_password(hash_of(token), password_hash=passwords.hash_of(password), now=now)
    audit.record("password.reset", actor_id=user.id, subject=f"user:{user.id}", now=now)
    return user.email


def _email_and_name(token: str, *, now: datetime) -> tuple[str, str]:
    user_id = tickets.find_holder(hash_of(token), purpose=Purpose.RESET, now=now)
    if user_id is None:
        raise NotFound("This link does not work any more. Your password is as it was; please ask for a new link.")
    user = stored_accounts.get_user(user_id)
    return user.email, user.name
