"""Erasing people in SQL: who asked for it, and all that the tables hold of them.

Most of it goes with the person's row, by the tables' own rules; what only bears their name or address is looked for.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from tracker.errors import Conflict, NotFound
from tracker.storage import accounts, exports, mails, sql
from tracker.storage.audit_tables import Erasure
from tracker.storage.cohort_tables import Cohort, Invitation, Membership, Role
from tracker.storage.identity_tables import ApiToken, PendingSignUp
from tracker.storage.leavers import SOMEBODY
from tracker.storage.tables import ItemReport, SignIn, User

LAST_ADMIN = "The only admin cannot be erased. Make somebody else an admin first; nothing was changed."
LED_ALONE = "Nobody else leads {}. Make somebody else a lead there, or take its members out first; nothing was changed."

PATIENCE_MS = 200
"""While the log waits to be emptied nobody else can write: it is tried again later instead."""


def begin(user_id: int, *, now: datetime) -> None:
    """Store that somebody is to be erased, take them out of every cohort and let them do nothing any more.

    A cohort that nobody else is in goes with them. The same again changes nothing; who came back with a backup after it
    was done is to be erased anew.
    Raises: Conflict for the last admin, and for who leads a cohort of others alone.
    """
    with sql.writing() as session:
        _check(user_id)
        if session.get(Erasure, user_id) is None:
            session.add(Erasure(user_id=user_id, asked_at=now, done_at=None))
        _reopen(user_id, now)
        _leave_all(user_id)
        session.execute(update(User).where(User.id == user_id).values(disabled_at=now))
        session.execute(delete(SignIn).where(SignIn.user_id == user_id))
        session.execute(delete(ApiToken).where(ApiToken.user_id == user_id))


def reopen(user_id: int, *, now: datetime) -> None:
    """Store that an erasure that was done is to be done anew."""
    with sql.writing():
        _reopen(user_id, now)


def find_user(user_id: int) -> User | None:
    """The person with this id as they are stored now."""
    found = select(User).where(User.id == user_id).execution_options(populate_existing=True)
    return sql.session().scalar(found)


def find_hindrance(user_id: int) -> str:
    """Why somebody cannot be erased now, in a sentence; empty when they can."""
    if accounts.is_last_admin(user_id):
        return LAST_ADMIN
    alone = _list_led_alone(user_id)
    return LED_ALONE.format(", ".join(cohort.name for cohort in alone)) if alone else ""


def hand_over(user_id: int, *, to: int, now: datetime) -> None:
    """Let somebody else lead the cohorts of others that this person leads alone; their exports, made before, go."""
    with sql.writing() as session:
        for cohort in _list_led_alone(user_id):
            place = session.get(Membership, (cohort.id, to), populate_existing=True)
            if place is None:
                place = Membership(cohort_id=cohort.id, user_id=to, agreed_to=cohort.sees, joined_at=now)
                session.add(place)
            place.role = Role.LEAD
            exports.forget(cohort.id)


def remove(user: User) -> None:
    """Delete somebody's account with all that rests on it, and what names them elsewhere."""
    with sql.writing() as session:
        _leave_all(user.id)
        mails.forget_person(user.name, user.email, called=SOMEBODY)
        session.execute(delete(Invitation).where(Invitation.address == user.email))
        session.execute(delete(PendingSignUp).where(PendingSignUp.email == user.email))
        if is_only_one_called(user):
            session.execute(update(ItemReport).where(ItemReport.replied_by == user.name).values(replied_by=SOMEBODY))
        session.execute(delete(User).where(User.id == user.id))


def is_only_one_called(user: User) -> bool:
    """Whether what bears their name is theirs: nobody else is called so; of who writes items, nobody else who does."""
    others = select(func.count()).where(User.name == user.name, User.id != user.id)
    if _writes_items(user):
        others = others.where(or_(User.is_author, User.is_admin))
    return not sql.session().scalar(others)


def list_begun() -> Sequence[Erasure]:
    """The erasures that are not done, who asked first first."""
    return sql.session().scalars(select(Erasure).where(Erasure.done_at.is_(None)).order_by(Erasure.asked_at)).all()


def list_all() -> Sequence[Erasure]:
    """All erasures there ever were."""
    return sql.session().scalars(select(Erasure).order_by(Erasure.user_id)).all()


def finish(user_id: int, *, now: datetime) -> None:
    """Store that nothing is left of somebody."""
    with sql.writing() as session:
        session.execute(update(Erasure).where(Erasure.user_id == user_id).values(done_at=now))


def empty_log() -> bool:
    """Move what SQLite's log holds into the database file, where deleted things are overwritten, and empty the log.

    Says whether that could be: not while somebody reads. Other databases see to it themselves.
    """
    sql.session().rollback()
    with sql.db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            return True
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE_MS}").close()
        is_busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        connection.invalidate()  # so that nobody goes on with so little patience
        return not is_busy


def _reopen(user_id: int, now: datetime) -> None:
    done = update(Erasure).where(Erasure.user_id == user_id, Erasure.done_at.is_not(None))
    sql.session().execute(done.values(asked_at=now, done_at=None))


def _check(user_id: int) -> None:
    """Raises: NotFound when they are gone; Conflict. Nobody else writes before the transaction ends."""
    if find_user(user_id) is None:
        raise NotFound
    hindrance = find_hindrance(user_id)
    if hindrance:
        raise Conflict(hindrance)


def _leave_all(user_id: int) -> None:
    """Take somebody out of all cohorts, whose exports may hold them; a cohort that they alone are in goes."""
    session = sql.session()
    for cohort_id in session.scalars(select(Membership.cohort_id).where(Membership.user_id == user_id)).all():
        exports.forget(cohort_id)
    session.execute(delete(Cohort).where(_is_led_alone(user_id), ~_others_are_in(user_id)))
    session.execute(delete(Membership).where(Membership.user_id == user_id))


def _list_led_alone(user_id: int) -> Sequence[Cohort]:
    alone = select(Cohort).where(_is_led_alone(user_id), _others_are_in(user_id))
    return sql.session().scalars(alone.order_by(Cohort.name)).all()


def _others_are_in(user_id: int) -> ColumnElement[bool]:
    return exists().where(Membership.cohort_id == Cohort.id, Membership.user_id != user_id)


def _is_led_alone(user_id: int) -> ColumnElement[bool]:
    """That a cohort is led by this person and nobody else."""
    theirs = exists().where(
        Membership.cohort_id == Cohort.id, Membership.user_id == user_id, Membership.role == Role.LEAD
    )
    others = exists().where(
        Membership.cohort_id == Cohort.id, Membership.user_id != user_id, Membership.role == Role.LEAD
    )
    return theirs & ~others


def _writes_items(user: User) -> bool:
    return user.is_author or user.is_admin
