"""Accounts elsewhere that sign people in, in SQL. Each signs in one person at most."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from flask_sqlalchemy.session import Session
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import scoped_session

from tracker.errors import Conflict
from tracker.storage import mails, sql
from tracker.storage.identity_tables import Identity, PendingSignUp
from tracker.storage.mails import Letter
from tracker.storage.tables import User


def find_user(*, issuer: str, subject: str) -> User | None:
    """Whom an account elsewhere signs in."""
    return sql.session().scalar(
        select(User).join(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    )


def list_identities(user_id: int, *, issuer: str) -> Sequence[Identity]:
    """The accounts at this issuer that sign somebody in, the first one first."""
    found = select(Identity).where(Identity.user_id == user_id, Identity.issuer == issuer)
    return sql.session().scalars(found.order_by(Identity.id)).all()


def add_identity(user_id: int, *, issuer: str, subject: str, letter: Letter, now: datetime) -> None:
    """Let an account elsewhere sign somebody in, and tell them. Raises: Conflict when it signs somebody in already."""
    with _adding() as session:
        session.add(Identity(user_id=user_id, issuer=issuer, subject=subject, linked_at=now))
        mails.add([letter], now=now)


def add_user(*, email: str, name: str, zone: str, issuer: str, subject: str, now: datetime) -> User:
    """Make an account without a password, which an account elsewhere with its address signs in.

    Whoever asked for one with this address and has not opened the link gets none by it any more. Raises: Conflict when
    the address or the account elsewhere has one by now.
    """
    with _adding() as session:
        session.execute(delete(PendingSignUp).where(PendingSignUp.email == email))
        mails.forget_account_links(email, now=now)
        user = User(email=email, name=name, zone=zone, password_hash="", created_at=now, verified_at=now)
        session.add(user)
        session.flush()
        session.add(Identity(user_id=user.id, issuer=issuer, subject=subject, linked_at=now))
    return user


def remove_identity(identity_id: int, *, user_id: int) -> bool:
    """Let an account elsewhere sign its person in no more. Says whether it did, and was this person's."""
    with sql.writing() as session:
        mine = delete(Identity).where(Identity.id == identity_id, Identity.user_id == user_id)
        return session.scalar(mine.returning(Identity.id)) is not None


@contextmanager
def _adding() -> Iterator[scoped_session[Session]]:
    try:
        with sql.writing() as session:
            yield session
    except IntegrityError:
        raise Conflict("This account was linked a moment ago. Nothing was changed; please try once more.") from None
