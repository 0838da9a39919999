"""Tickets in SQL: secrets that let their holder do one thing once, known by their hash."""

from datetime import datetime

from sqlalchemy import delete, select

from tracker.storage import sign_ins, sql
from tracker.storage.identity_tables import Purpose, Ticket


def add_ticket(
    *,
    token_hash: str,
    purpose: Purpose,
    user_id: int,
    now: datetime,
    expires_at: datetime,
    password_hash: str | None = None,
) -> None:
    """Store a ticket, and forget those that are over. Raises: SignInRefused, as `sign_ins.check_still` does."""
    ticket = Ticket(token_hash=token_hash, purpose=purpose, user_id=user_id, made_at=now, expires_at=expires_at)
    with sql.writing() as session:
        sign_ins.check_still(user_id, password_hash)
        session.execute(delete(Ticket).where(Ticket.expires_at <= now))
        session.add(ticket)


def find_holder(token_hash: str, *, purpose: Purpose, now: datetime) -> int | None:
    """The id of the person whose valid ticket this is."""
    return sql.session().scalar(
        select(Ticket.user_id).where(
            Ticket.token_hash == token_hash, Ticket.purpose == purpose, Ticket.expires_at > now
        )
    )


def take_ticket(token_hash: str, *, purpose: Purpose, now: datetime) -> int | None:
    """Use a valid ticket up. Returns: the id of the person whose it was."""
    with sql.writing() as session:
        return session.scalar(
            delete(Ticket)
            .where(Ticket.token_hash == token_hash, Ticket.purpose == purpose, Ticket.expires_at > now)
            .returning(Ticket.user_id)
        )


def remove_tickets(user_id: int, *, purpose: Purpose) -> None:
    """Void all of somebody's tickets for this."""
    with sql.writing() as session:
        session.execute(delete(Ticket).where(Ticket.user_id == user_id, Ticket.purpose == purpose))
