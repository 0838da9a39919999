"""What is kept only for a while, in SQL: what is older is deleted, some rows at a time, so that no write waits long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.config import Keep
from tracker.storage import sql
from tracker.storage.cohort_tables import Invitation, Look
from tracker.storage.identity_tables import Miss, PendingSignUp, Ticket
from tracker.storage.tables import Mail, SignIn

EXTENSION = "retention"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stale:
    """Rows that are kept no longer. key: what names one of them."""

    key: InstrumentedAttribute[str] | InstrumentedAttribute[int]
    is_stale: ColumnElement[bool]


def connect(app: Flask, keep: Keep) -> None:
    """Tell the app how long it keeps what."""
    app.extensions[EXTENSION] = keep


def get_keep() -> Keep:
    """How long what is kept."""
    keep: Keep = current_app.extensions[EXTENSION]
    return keep


def sessions(ended_before: datetime) -> Stale:
    """Sign-ins from before a moment, by which all of them have ended."""
    return Stale(SignIn.token_hash, SignIn.started_at < ended_before)


def mails(before: datetime) -> Stale:
    """Mails that were sent, or that nobody needs any more, since before a moment."""
    return Stale(Mail.id, func.coalesce(Mail.sent_at, Mail.expires_at, Mail.due_at) < before)


def invitations(before: datetime) -> Stale:
    """Invitations that have let nobody in since before a moment."""
    return Stale(Invitation.id, func.coalesce(Invitation.revoked_at, Invitation.expires_at) < before)


def looks(before: datetime) -> Stale:
    """Looks from before a moment."""
    return Stale(Look.id, Look.at < before)


def tickets(before: datetime) -> Stale:
    """Tickets that nobody can use any more."""
    return Stale(Ticket.token_hash, Ticket.expires_at < before)


def pending_sign_ups(before: datetime) -> Stale:
    """Accounts that nobody can open any more."""
    return Stale(PendingSignUp.token_hash, PendingSignUp.expires_at < before)


def misses(before: datetime) -> Stale:
    """Misses of accounts without one since a moment."""
    return Stale(Miss.account_hash, Miss.at < before)


def remove(stale: Stale) -> Iterator[int]:
    """Delete stale rows, some at a time. Gives how many, after each time."""
    while keys := sql.session().scalars(select(stale.key).where(stale.is_stale).limit(AT_ONCE)).all():
        with sql.writing() as session:
            session.execute(delete(stale.key.class_).where(stale.key.in_(keys)))
        yield len(keys)
