"""Accommodations in SQL: rows are only added, the newest of a person counts.

Where staff sets them, what people had set themselves neither counts nor is listed: they set it for their own eyes.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from tracker.storage import sql
from tracker.storage.tables import Accommodation

EXTENSION = "extra_time"


def connect(app: Flask, *, is_self_set: bool) -> None:
    """Tell the app whether people set their extra time themselves."""
    app.extensions[EXTENSION] = is_self_set


def is_self_set() -> bool:
    """Whether people set their extra time themselves; otherwise staff does."""
    return bool(current_app.extensions[EXTENSION])


def add(*, user_id: int, percent: int, set_by: int | None, reason: str, now: datetime) -> None:
    """Store a person's new accommodation."""
    with sql.writing() as session:
        session.add(Accommodation(user_id=user_id, percent=percent, set_by=set_by, reason=reason, at=now))


def find_percent(user_id: int) -> int | None:
    """How much more time a person gets, in percent of the limit; None when nothing was set."""
    return sql.session().scalar(
        select(Accommodation.percent).where(_is_valid_for(user_id)).order_by(Accommodation.id.desc()).limit(1)
    )


def list_of(user_id: int) -> Sequence[Accommodation]:
    """A person's accommodations with who set them, newest first."""
    return (
        sql.session()
        .scalars(
            select(Accommodation)
            .options(joinedload(Accommodation.setter))
            .where(_is_valid_for(user_id))
            .order_by(Accommodation.id.desc())
        )
        .all()
    )


def _is_valid_for(user_id: int) -> ColumnElement[bool]:
    """That an accommodation is this person's, and set by somebody who may set it here."""
    is_theirs = Accommodation.user_id == user_id
    if is_self_set():
        return is_theirs
    return and_(is_theirs, or_(Accommodation.set_by.is_(None), Accommodation.set_by != user_id))
