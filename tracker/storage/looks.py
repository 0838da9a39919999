"""Looks in SQL: who looked at whose results, and when. Only added to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, insert, literal, or_, select
from sqlalchemy.orm import joinedload

from tracker.storage import sql
from tracker.storage.cohort_tables import Look


def add(cohort_id: int, *, user_id: int | None, looker_id: int, what: str, now: datetime) -> None:
    """Store that somebody looked at a person's results; without a person, at everybody's."""
    with sql.writing() as session:
        session.add(Look(cohort_id=cohort_id, user_id=user_id, looker_id=looker_id, what=what, at=now))


def add_once(cohort_id: int, *, user_id: int, looker_id: int, what: str, after: datetime, now: datetime) -> None:
    """Store that somebody looked at a person's results, unless they did so after that moment; checked in the INSERT."""
    known = exists().where(
        Look.cohort_id == cohort_id,
        Look.user_id == user_id,
        Look.looker_id == looker_id,
        Look.what == what,
        Look.at > after,
    )
    look = select(
        literal(cohort_id), literal(user_id), literal(looker_id), literal(what), literal(now, Look.at.type)
    ).where(~known)
    with sql.writing() as session:
        session.execute(insert(Look).from_select(["cohort_id", "user_id", "looker_id", "what", "at"], look))


def list_at(user_id: int, *, cohort_id: int, joined_at: datetime, start: int, count: int) -> Sequence[Look]:
    """Looks at a member's results from `start` on, with who looked, newest first; at everybody's since they joined."""
    at_everybody = and_(Look.user_id.is_(None), Look.at >= joined_at)
    return (
        sql.session()
        .scalars(
            select(Look)
            .options(joinedload(Look.looker))
            .where(Look.cohort_id == cohort_id, or_(Look.user_id == user_id, at_everybody))
            .order_by(Look.at.desc(), Look.id.desc())
            .offset(start)
            .limit(count)
        )
        .all()
    )
