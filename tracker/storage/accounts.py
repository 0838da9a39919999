"""Users in SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Update, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from tracker.errors import Conflict, NotFound
from tracker.storage import sign_ins, sql, ways_in
from tracker.storage.identity_tables import Purpose, Ticket
from tracker.storage.tables import User


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


def set_profile(user_id: int, *, name: str, zone: str) -> None:
    """Replace somebody's name and time zone."""
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(name=name, zone=zone))


def set_admin(user_id: int) -> bool:
    """Make somebody an admin; who was none before is signed out everywhere. Says whether they were none."""
    return _changes_role(update(User).where(User.id == user_id, User.is_admin.is_(False)).values(is_admin=True))


def take_over(user_id: int, *, password_hash: str) -> bool:
    """Make an account that anybody may have prepared an admin's: with another password, all other ways in ended.

    Says whether they were no admin before.
    """
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
        ways_in.end_all(user_id)
        made = update(User).where(User.id == user_id, User.is_admin.is_(False)).values(is_admin=True)
        return session.scalar(made.returning(User.id)) is not None


def set_author(user_id: int) -> bool:
    """Make somebody an author; who was none before is signed out everywhere. Says whether they were none."""
    return _changes_role(update(User).where(User.id == user_id, User.is_author.is_(False)).values(is_author=True))


def unset_author(user_id: int) -> bool:
    """Let somebody be no author any more, signed out everywhere. Says whether they were one."""
    return _changes_role(update(User).where(User.id == user_id, User.is_author).values(is_author=False))


def unset_admin(user_id: int) -> bool:
    """Let somebody be no admin any more, signed out everywhere, unless nobody else is one. Says whether that was done.

    Raises: Conflict for the last admin.
    """
    return _changes_role(
        update(User).where(User.id == user_id, User.is_admin).values(is_admin=False), but_last_admin=user_id
    )


def disable(user_id: int, *, now: datetime) -> bool:
    """Let somebody do nothing from now on. Says whether they could before. Raises: Conflict for the last admin."""
    return _changes_role(
        update(User).where(User.id == user_id, User.disabled_at.is_(None)).values(disabled_at=now),
        but_last_admin=user_id,
    )


def enable(user_id: int) -> bool:
    """Let somebody who was disabled sign in again. Says whether they were."""
    return _changes_role(update(User).where(User.id == user_id, User.disabled_at.is_not(None)).values(disabled_at=None))


def is_last_admin(user_id: int) -> bool:
    """Whether nobody else is an admin who may sign in."""
    admins = select(User.id).where(User.is_admin, User.disabled_at.is_(None))
    return list(sql.session().scalars(admins)) == [user_id]


def list_people(*, wanted: str, before: int | None, most: int) -> Sequence[User]:
    """The people whose name or address holds this text, whoever came last first, from before one of them on."""
    found = select(User).where(
        or_(User.name.icontains(wanted, autoescape=True), User.email.icontains(wanted, autoescape=True))
    )
    if before is not None:
        found = found.where(User.id < before)
    return sql.session().scalars(found.order_by(User.id.desc()).limit(most)).all()


def renew_password_hash(user_id: int, password_hash: str, *, instead_of: str) -> None:
    """Replace one hash of somebody's password by another one of it, unless the password was changed meanwhile."""
    with sql.writing() as session:
        this = User.id == user_id, User.password_hash == instead_of
        session.execute(update(User).where(*this).values(password_hash=password_hash))


def change_password_hash(user_id: int, password_hash: str, *, instead_of: str, but: str) -> None:
    """Replace the hash of somebody's password and, with it, end their sign-ins except one, and their ways to get in.

    Raises: SignInRefused when the password was changed meanwhile.
    """
    with sql.writing() as session:
        sign_ins.check_still(user_id, instead_of)
        session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
        sign_ins.end_all(user_id, but=but)
        session.execute(delete(Ticket).where(Ticket.user_id == user_id, Ticket.purpose != Purpose.VERIFY))


def _changes_role(change: Update, *, but_last_admin: int | None = None) -> bool:
    """Change what somebody is and, when that changes anything, end all their sign-ins. Says whether it did.

    but_last_admin: who may not be changed while no other admin can sign in. Raises: Conflict then.
    """
    with sql.writing() as session:
        if but_last_admin is not None and is_last_admin(but_last_admin):
            raise Conflict("Nobody else could do what an admin does. Make somebody else an admin first.")
        user_id = session.scalar(change.returning(User.id))
        if user_id is not None:
            sign_ins.end_all(user_id)
        return user_id is not None
