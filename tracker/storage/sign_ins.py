"""Signed-in browsers in SQL, each known by the hash of its token."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Select, delete, exists, select, update

from tracker.errors import SignInRefused
from tracker.storage import sql
from tracker.storage.cohort_tables import Membership, Role
from tracker.storage.tables import SignIn, User

LONGEST_BROWSER = 200

Held = tuple[SignIn, bool]
"""A sign-in with its user, and whether they lead a cohort."""

Renewed = tuple[str, str]
"""The hash of the token of a browser that goes on under another one, and the hash of that."""

NOT_RENEWED: Renewed = ("", "")


def add_sign_in(
    *,
    token_hash: str,
    user_id: int,
    now: datetime,
    ended_before: datetime,
    address: str = "",
    browser: str = "",
    password_hash: str | None = None,
) -> None:
    """Store a new sign-in and forget those that ended long ago. Raises: SignInRefused, as `check_still` does."""
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
        check_still(user_id, password_hash)
        session.execute(delete(SignIn).where(SignIn.started_at < ended_before))
        session.add(sign_in)


def check_still(user_id: int, password_hash: str | None) -> None:
    """Within a write: let in nobody by a password that was replaced while it was checked. Raises: SignInRefused.

    password_hash: what it was checked against, if it was.
    """
    if password_hash is None:
        return
    if sql.session().scalar(select(User.password_hash).where(User.id == user_id)) != password_hash:
        raise SignInRefused


def find_sign_in(token_hash: str, *, started_after: datetime) -> Held | None:
    """The sign-in with this token's hash, unless it is too old; none of somebody who is disabled."""
    found = sql.session().execute(_held(started_after).where(SignIn.token_hash == token_hash)).first()
    return (found[0], found[1]) if found else None


def list_sign_ins(user_id: int, *, started_after: datetime) -> Sequence[Held]:
    """Somebody's sign-ins that are not too old, the one last used first."""
    found = sql.session().execute(
        _held(started_after)
        .where(SignIn.user_id == user_id)
        .order_by(SignIn.seen_at.desc(), SignIn.started_at.desc(), SignIn.public_id)
    )
    return [(row[0], row[1]) for row in found]


def set_seen(token_hash: str, now: datetime) -> None:
    """Note that this sign-in was used."""
    with sql.writing() as session:
        session.execute(update(SignIn).where(SignIn.token_hash == token_hash).values(seen_at=now))


def remove_sign_in(token_hash: str) -> int | None:
    """End one sign-in. Returns: whose it was, if there was one."""
    with sql.writing() as session:
        return session.scalar(delete(SignIn).where(SignIn.token_hash == token_hash).returning(SignIn.user_id))


def remove_own(user_id: int, *, public_id: str) -> bool:
    """End one of somebody's sign-ins. Says whether there was one."""
    with sql.writing() as session:
        own = delete(SignIn).where(SignIn.user_id == user_id, SignIn.public_id == public_id)
        return session.scalar(own.returning(SignIn.user_id)) is not None


def remove_others(user_id: int, *, but: str) -> None:
    """End all of somebody's sign-ins except the one with this token's hash."""
    with sql.writing():
        end_all(user_id, but=but)


def end_all(user_id: int, *, but: str = "") -> None:
    """Within a write that says so: end all of somebody's sign-ins, except the one with this token's hash if given."""
    sql.session().execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash != but))


def end_unless_leading_elsewhere(user_id: int, *, cohort_id: int, renewed: Renewed = NOT_RENEWED) -> None:
    """Within a write that lets somebody lead a cohort or lead it no more: end all their sign-ins.

    The one that is renewed, the browser where they do it themselves, goes on if it was there still. Who leads another
    cohort too keeps all: what they are stays the same.
    """
    elsewhere = exists().where(
        Membership.user_id == SignIn.user_id, Membership.role == Role.LEAD, Membership.cohort_id != cohort_id
    )
    theirs = SignIn.user_id == user_id, ~elsewhere
    old, new = renewed
    sql.session().execute(delete(SignIn).where(*theirs, SignIn.token_hash != old))
    goes_on = update(SignIn).where(*theirs, SignIn.token_hash == old).values(token_hash=new)
    sql.session().execute(goes_on.execution_options(synchronize_session=False))


def _held(started_after: datetime) -> Select[SignIn, bool]:
    leads = exists().where(Membership.user_id == SignIn.user_id, Membership.role == Role.LEAD)
    return select(SignIn, leads).where(SignIn.started_at > started_after, SignIn.user.has(User.disabled_at.is_(None)))
