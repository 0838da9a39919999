"""Tickets: random secrets that let their holder do one thing once, for a while."""

import hashlib
import secrets
from datetime import datetime, timedelta

from tracker.storage import tickets
from tracker.storage.identity_tables import Purpose


def issue(purpose: Purpose, *, user_id: int, life: timedelta, now: datetime, password_hash: str | None = None) -> str:
    """Make a ticket that lets this person do this once, for so long. Returns: the secret, 256 random bits.

    password_hash: what their password was checked against, if it was. Raises: SignInRefused when it was changed since.
    """
    token = secrets.token_urlsafe(32)
    tickets.add_ticket(
        token_hash=hash_of(token),
        purpose=purpose,
        user_id=user_id,
        now=now,
        expires_at=now + life,
        password_hash=password_hash,
    )
    return token


def find_holder(token: str, *, purpose: Purpose, now: datetime) -> int | None:
    """Whose valid ticket this is."""
    return tickets.find_holder(hash_of(token), purpose=purpose, now=now)


def take(token: str, *, purpose: Purpose, now: datetime) -> int | None:
    """Use a valid ticket up. Returns: whose it was."""
    return tickets.take_ticket(hash_of(token), purpose=purpose, now=now)


def void(purpose: Purpose, *, user_id: int) -> None:
    """Let nobody do this any more with the tickets that this person has."""
    tickets.remove_tickets(user_id, purpose=purpose)


def hash_of(token: str) -> str:
    """A secret as it is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
