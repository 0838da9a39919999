"""Reminders in SQL: mails whose keys say of which assignment they remind, and whom."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select

from tracker.storage import mails, sql
from tracker.storage.cohort_tables import Assignment
from tracker.storage.mails import Letter
from tracker.storage.tables import Mail

REMINDER = "reminder/"
"""How the key of a mail begins that reminds; then come the assignment's public id, the user's id and perhaps a day."""


def key_of(assignment: Assignment, user_id: int, *, asked_on: str = "") -> str:
    """The key of a mail that reminds somebody; asked_on: on which day a lead asked for it."""
    return f"{_start(assignment)}{user_id}{asked_on and '/'}{asked_on}"


def list_reminded(assignment: Assignment, *, since: datetime) -> set[int]:
    """Whom a mail was queued for since a moment."""
    start = _start(assignment)
    recent = mails.list_keys_of(assignment.cohort_id, start=start, made_since=since)
    return {int(key.removeprefix(start).partition("/")[0]) for key in recent}


def queue(assignment: Assignment, letters: Mapping[int, Letter], *, since: datetime, now: datetime) -> int:
    """Queue mails, by whom they remind, but for who was reminded since a moment. Returns: how many are new.

    Of what was withdrawn meanwhile nobody is reminded.
    """
    with sql.writing() as session:
        withdrawn_at = select(Assignment.withdrawn_at).where(Assignment.id == assignment.id)
        if session.scalars(withdrawn_at).one():
            return 0
        reminded = list_reminded(assignment, since=since)
        return mails.add([letter for user_id, letter in letters.items() if user_id not in reminded], now=now)


def expire(assignment: Assignment, *, now: datetime) -> None:
    """Let no mail that reminds of an assignment be sent any more, within the writing transaction that is open."""
    mails.expire(assignment.cohort_id, start=_start(assignment), now=now)


def forget(cohort_id: int, *, user_id: int) -> None:
    """Remove the mails that wait to remind somebody of a cohort's assignments, within the open writing transaction."""
    waiting = Mail.cohort_id == cohort_id, Mail.sent_at.is_(None)
    sql.session().execute(delete(Mail).where(*waiting, _reminds(user_id)))


def forget_all(user_id: int) -> None:
    """Remove all mails that remind somebody, also those that were sent."""
    with sql.writing() as session:
        session.execute(delete(Mail).where(_reminds(user_id)))


def _reminds(user_id: int) -> ColumnElement[bool]:
    """That a mail reminds this person, of whatever assignment."""
    theirs = f"{REMINDER}%/{user_id}"
    return or_(Mail.key.like(theirs), Mail.key.like(f"{theirs}/%"))


def _start(assignment: Assignment) -> str:
    return f"{REMINDER}{assignment.public_id}/"
