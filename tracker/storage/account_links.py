"""One-time links into accounts in SQL: tickets with the mails that hold them, and what they do."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update

from tracker.errors import NotFound
from tracker.storage import mails, sql, ways_in
from tracker.storage.fingerprints import fingerprint
from tracker.storage.identity_tables import Miss, Purpose, Ticket
from tracker.storage.mails import Letter
from tracker.storage.sql import AwareDateTime
from tracker.storage.tables import SignIn, User


def add(purpose: Purpose, letter: Letter, *, token_hash: str, expires_at: datetime, now: datetime) -> bool:
    """Queue a mail and store the ticket in it, from then on the only one for this of whoever has the mail's address.

    Says whether it did: nothing is stored when such a mail was queued already. When nobody has the address there is no
    ticket, but all else is the same: how long it takes says nothing.
    """
    holder = select(User.id).where(User.email == letter.address)
    times = [literal(now, AwareDateTime), literal(expires_at, AwareDateTime)]
    ticket = select(literal(token_hash), literal(str(purpose)), User.id, *times).where(User.email == letter.address)
    with sql.writing() as session:
        session.execute(delete(Ticket).where(Ticket.expires_at <= now))
        is_queued = bool(mails.add([letter], now=now))
        if is_queued:
            session.execute(delete(Ticket).where(Ticket.purpose == purpose, Ticket.user_id.in_(holder)))
            columns = ["token_hash", "purpose", "user_id", "made_at", "expires_at"]
            session.execute(insert(Ticket).from_select(columns, ticket))
    return is_queued


def reset_password(token_hash: str, *, password_hash: str, now: datetime) -> User:
    """Replace the password of whoever holds this ticket, who has shown by it that the address is theirs.

    Their sign-ins, tickets, misses and mails with links end with it. When nobody had shown that before, somebody else
    may have prepared the account: then every way into it ends. Raises: NotFound when the ticket is not valid.
    """
    with sql.writing() as session:
        user = _take(Ticket.token_hash == token_hash, Ticket.purpose == Purpose.RESET, Ticket.expires_at > now)
        if user.verified_at is None:
            ways_in.end_all(user.id)
        session.execute(
            update(User)
            .where(User.id == user.id)
            .values(password_hash=password_hash, verified_at=func.coalesce(User.verified_at, now))
        )
        session.execute(delete(SignIn).where(SignIn.user_id == user.id))
        session.execute(delete(Ticket).where(Ticket.user_id == user.id))
        session.execute(delete(Miss).where(Miss.account_hash == fingerprint(user.email)))
        mails.forget_account_links(user.email, now=now)
    return user


def verify(token_hash: str, *, user_id: int, now: datetime) -> User:
    """Note that somebody has shown by their ticket that their address is theirs. Raises: NotFound, as _take does."""
    is_valid = Ticket.token_hash == token_hash, Ticket.purpose == Purpose.VERIFY, Ticket.expires_at > now
    with sql.writing() as session:
        user = _take(*is_valid, Ticket.user_id == user_id)
        session.execute(update(User).where(User.id == user.id).values(verified_at=now))
        mails.forget_account_links(user.email, now=now)
    return user


def _take(*is_valid: ColumnElement[bool]) -> User:
    """Use a ticket up, within the open writing transaction. Returns: whose it was. Raises: NotFound."""
    user_id = sql.session().scalar(delete(Ticket).where(*is_valid).returning(Ticket.user_id))
    user = sql.session().get(User, user_id) if user_id else None
    if user is None:
        raise NotFound("This link does not work any more. Nothing was changed; please ask for a new one.")
    return user
