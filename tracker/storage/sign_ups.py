"""Signing up in SQL: what waits for its owner to open a link, and the accounts it becomes.

Whoever asks must not be able to tell from how long it takes whether an address has an account: each of these writes as
much when it has one.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tracker.errors import Conflict, NotFound
from tracker.storage import mails, sql
from tracker.storage.identity_tables import PendingSignUp
from tracker.storage.mails import Letter
from tracker.storage.tables import User


def add(pending: PendingSignUp, letter: Letter, *, now: datetime) -> None:
    """Store a sign-up with the mail that tells of it, and forget those that are over.

    Nothing is stored when such a mail was queued already.
    """
    with sql.writing() as session:
        session.execute(delete(PendingSignUp).where(PendingSignUp.expires_at <= now))
        if mails.add([letter], now=now):
            session.add(pending)


def find(token_hash: str, *, now: datetime) -> PendingSignUp | None:
    """The sign-up that waits for the link with this token's hash."""
    return sql.session().scalar(
        select(PendingSignUp).where(PendingSignUp.token_hash == token_hash, PendingSignUp.expires_at > now)
    )


def confirm(token_hash: str, *, name: str, zone: str, password_hash: str, now: datetime) -> User:
    """Make the account of a sign-up whose link was opened, and forget all others of its address.

    Raises: NotFound when it does not wait any more, Conflict when the address has an account by now.
    """
    try:
        with sql.writing() as session:
            pending = find(token_hash, now=now)
            if pending is None:
                raise NotFound
            session.execute(delete(PendingSignUp).where(PendingSignUp.email == pending.email))
            user = User(
                email=pending.email,
                name=name,
                zone=zone,
                password_hash=password_hash,
                created_at=now,
                verified_at=now,
            )
            session.add(user)
            mails.forget_account_links(pending.email, now=now)
    except IntegrityError:
        raise Conflict("There is an account with this address already. Sign in instead.") from None
    return user


def add_unconfirmed(*, email: str, name: str, zone: str, password_hash: str, now: datetime) -> tuple[int, bool]:
    """Make an account at once if its address is free. Returns: the id of the address's account; whether it is new.

    An address that is taken is written as it is: that takes as long.
    """
    user = {"email": email, "name": name, "zone": zone, "password_hash": password_hash, "created_at": now}
    new = sql.insert(User).values(**user, is_admin=False, is_author=False)
    made = new.on_conflict_do_update(index_elements=["email"], set_={"email": new.excluded.email})
    with sql.writing() as session:
        user_id, kept_hash = session.execute(made.returning(User.id, User.password_hash)).one()
    return user_id, kept_hash == password_hash
