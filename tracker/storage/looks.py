"""Looks in SQL: who looked at whose results, and when. Only added to."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, insert, literal, select
from sqlalchemy.orm import joinedload

from tracker.assessment.export_format import ExportFormat
from tracker.storage import sql
from tracker.storage.cohort_tables import Look
from tracker.storage.tables import User


def add_for_each(
    cohort_id: int, *, user_ids: Collection[int], looker_id: int, what: str, after: datetime, now: datetime
) -> None:
    """Store that somebody looked at each of these people's results, but for those where they did so after `after`."""
    _add(cohort_id, select(User.id).where(User.id.in_(user_ids)), looker_id=looker_id, what=what, after=after, now=now)


def add_for_file(
    cohort_id: int,
    format: ExportFormat,
    *,
    made_by: int,
    made_at: datetime,
    looker_id: int,
    after: datetime,
    now: datetime,
) -> None:
    """Store that somebody has a file: a look at everybody in it whom they had in none like it after that moment.

    Who is in it is known by the looks that were stored when it was made.
    """
    in_it = select(Look.user_id).where(
        Look.cohort_id == cohort_id, Look.looker_id == made_by, Look.what == format, Look.at == made_at
    )
    _add(cohort_id, in_it, looker_id=looker_id, what=format.value, after=after, now=now)


def list_at(user_id: int, *, cohort_id: int, start: int, count: int) -> Sequence[Look]:
    """Looks at a member's results from `start` on, with who looked, newest first."""
    return (
        sql.session()
        .scalars(
            select(Look)
            .options(joinedload(Look.looker))
            .where(Look.cohort_id == cohort_id, Look.user_id == user_id)
            .order_by(Look.at.desc(), Look.id.desc())
            .offset(start)
            .limit(count)
        )
        .all()
    )


def _add(cohort_id: int, whom: Select[int], *, looker_id: int, what: str, after: datetime, now: datetime) -> None:
    """Store looks at these people, but for those who were looked at after `after`; checked in the INSERT."""
    user_id = whom.subquery().c[0]
    had = select(Look.user_id).where(
        Look.cohort_id == cohort_id, Look.looker_id == looker_id, Look.what == what, Look.at > after
    )
    their_looks = select(
        literal(cohort_id), user_id, literal(looker_id), literal(what), literal(now, Look.at.type)
    ).where(user_id.not_in(had))
    with sql.writing() as session:
        session.execute(insert(Look).from_select(["cohort_id", "user_id", "looker_id", "what", "at"], their_looks))
