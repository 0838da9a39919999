"""Accommodations in SQL: rows are only added, the newest of a person counts."""

from collections.abc import Sequence
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select
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
    """How much more time a person gets, in percent of the limit; None when nothing was ever set."""
    return sql.session().scalar(
        select(Accommodation.percent).where(Accommodation.user_id == user_id).order_by(Accommodation.id.desc()).limit(1)
    )


def list_of(user_id: int) -> Sequence[Accommodation]:
    """A person's accommodations with who set them, newest first."""
    return (
        sql.session()
        .scalars(
            select(Accommodation)
            .options(joinedload(Accommodation.setter))
            .where(Accommodation.user_id == user_id)
            .order_by(Accommodation.id.desc())
        )
        .all()
    )
