"""Showing that the address of one's account is one's own, by a link that only its reader gets."""

import secrets
from datetime import datetime, timedelta

from tracker.errors import NotFound
from tracker.services import account_letters, audit, tickets
from tracker.services.tickets import hash_of
from tracker.storage import account_links
from tracker.storage.identity_tables import Purpose

LIFE = timedelta(hours=24)


def ask(email: str, *, now: datetime) -> None:
    """Send the link to an account's address."""
    token = secrets.token_urlsafe(32)
    expires_at = now + LIFE
    letter = account_letters.write_verification(email, token, expires_at=expires_at, now=now)
    account_links.add(Purpose.VERIFY, letter, token_hash=hash_of(token), expires_at=expires_at, now=now)


def check_link(token: str, *, user_id: int, now: datetime) -> None:
    """Let only those pass whom this link is for. Raises: NotFound, also to everybody else."""
    if tickets.find_holder(token, purpose=Purpose.VERIFY, now=now) != user_id:
        raise NotFound("This link does not work any more, or is for another account. Please ask for a new one.")


def confirm(token: str, *, user_id: int, now: datetime) -> None:
    """Note that an address is theirs who has the link and is signed in. Raises: NotFound, also to everybody else."""
    account_links.verify(hash_of(token), user_id=user_id, now=now)
    audit.record("address.verified", actor_id=user_id, subject=f"user:{user_id}", now=now)
