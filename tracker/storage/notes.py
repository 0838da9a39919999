"""Notes in SQL: what a cohort's leads noted about its members."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from tracker.errors import NotFound
from tracker.storage import sql
from tracker.storage.cohort_tables import Note


def add(*, cohort_id: int, user_id: int, author_id: int, text: str, now: datetime) -> None:
    """Store a new note about a member."""
    note = Note(public_id=uuid4().hex, cohort_id=cohort_id, user_id=user_id, author_id=author_id, text=text, at=now)
    with sql.writing() as session:
        session.add(note)


def list_about(user_id: int, *, cohort_id: int) -> Sequence[Note]:
    """The notes of a cohort's leads about somebody, each with its author, newest first."""
    return (
        sql.session()
        .scalars(
            select(Note)
            .options(joinedload(Note.author))
            .where(Note.cohort_id == cohort_id, Note.user_id == user_id)
            .order_by(Note.at.desc(), Note.id.desc())
        )
        .all()
    )


def list_all_about(user_id: int) -> Sequence[Note]:
    """The notes of any cohort's leads about somebody, each with its author and cohort, oldest first."""
    return (
        sql.session()
        .scalars(
            select(Note)
            .options(joinedload(Note.author), joinedload(Note.cohort))
            .where(Note.user_id == user_id)
            .order_by(Note.at, Note.id)
        )
        .all()
    )


def remove(public_id: str, *, cohort_id: int, user_id: int, author_id: int) -> None:
    """Delete a note about a member that this lead wrote. Raises: NotFound, also for somebody else's note."""
    with sql.writing() as session:
        removed = session.execute(
            delete(Note)
            .where(
                Note.public_id == public_id,
                Note.cohort_id == cohort_id,
                Note.user_id == user_id,
                Note.author_id == author_id,
            )
            .returning(Note.id)
        )
        if removed.first() is None:
            raise NotFound
