"""Users and their sign-ins in SQL."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from tracker.errors import Conflict, NotFound
from tracker.storage import sql
from tracker.storage.tables import SignIn, User

LONGEST_BROWSER = 200


def add_user(*, email: str, name: str, zone: str, password_hash: str, is_admin: bool, now: datetime) -> User:
    """Store a new person. Raises: Conflict when the address is taken."""
    user = User(email=email, name=name, zone=zone, password_hash=password_hash, is_admin=is_admin, created_at=now)
    try:
        with sql.writing() as session:
            session.add(user)
    except IntegrityError:
        raise Conflict("There is an account with this address already. Sign in instead.") from None
    return user


def get_user(user_id: int) -> User:
    """The person with this id. Raises: NotFound."""
    user = sql.session().get(User, user_id)
    if user is None:
        raise NotFound
    return user


def list_ids() -> list[int]:
    """The ids of all people."""
    return list(sql.session().scalars(select(User.id).order_by(User.id)))


def list_names(user_ids: Iterable[int]) -> dict[int, str]:
    """The names of these people, by their ids; who is gone is absent."""
    found = sql.session().execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {user.id: user.name for user in found}


def find_user_by_email(email: str) -> User | None:
    return sql.session().scalar(select(User).where(User.email == email))


def set_password_hash(user_id: int, password_hash: str) -> None:
    """Replace the hash of somebody's password."""
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))


def set_profile(user_id: int, *, name: str, zone: str) -> None:
    """Replace somebody's name and time zone."""
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(name=name, zone=zone))


def set_admin(user_id: int) -> None:
    """Make somebody an admin."""
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(is_admin=True))


def set_author(user_id: int) -> None:
    """Make somebody an author."""
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(is_author=True))


def add_sign_in(
    *, token_hash: str, user_id: int, now: datetime, ended_before: datetime, address: str = "", browser: str = ""
) -> None:
    """Store a new sign-in and forget those that ended long ago."""
    sign_in = SignIn(
        token_hash=token_hash,
        public_id=uuid4().hex,
        user_id=user_id,
        started_at=now,
        seen_at=now,
        address=address,
        browser=browser[:LONGEST_BROWSER],
    )
    with sql.writing() as session:
        session.execute(delete(SignIn).where(SignIn.started_at < ended_before))
        session.add(sign_in)


def find_sign_in(token_hash: str, *, started_after: datetime, seen_after: datetime) -> SignIn | None:
    """The live sign-in with this token's hash, its user loaded with it; none of somebody who is disabled."""
    return sql.session().scalar(
        select(SignIn).where(
            SignIn.token_hash == token_hash,
            SignIn.started_at > started_after,
            SignIn.seen_at > seen_after,
            SignIn.user.has(User.disabled_at.is_(None)),
        )
    )


def set_seen(token_hash: str, now: datetime) -> None:
    """Note that this sign-in was used."""
    with sql.writing() as session:
        session.execute(update(SignIn).where(SignIn.token_hash == token_hash).values(seen_at=now))


def remove_sign_in(token_hash: str) -> None:
    """End one sign-in."""
    with sql.writing() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


def change_password_hash(user_id: int, password_hash: str, *, but: str) -> None:
    """Replace the hash of somebody's password and, with it, end all their sign-ins except one."""
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
        session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash != but))
