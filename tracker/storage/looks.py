"""Looks in SQL: who looked at whose results, and when. Only added to."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, insert, literal, select
from sqlalchemy.orm import joinedload

from tracker.assessment.export_format import ExportFormat
from tracker.storage import sql
from tracker.storage.cohort_tables import Look
from tracker.storage.tables import User


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


def add_for_each(
    cohort_id: int, *, user_ids: Collection[int], looker_id: int, what: str, after: datetime, now: datetime
) -> None:
    """Store that somebody looked at each of these people's results, but for those where they did so after `after`."""
    had = select(Look.user_id).where(
        Look.cohort_id == cohort_id, Look.looker_id == looker_id, Look.what == what, Look.at > after
    )
    their_looks = select(
        literal(cohort_id), User.id, literal(looker_id), literal(what), literal(now, Look.at.type)
    ).where(User.id.in_(user_ids), User.id.not_in(had))
    with sql.writing() as session:
        session.execute(insert(Look).from_select(["cohort_id", "user_id", "looker_id", "what", "at"], their_looks))


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
    in_it = (Look.cohort_id == cohort_id, Look.looker_id == made_by, Look.what == format, Look.at == made_at)
    had = (Look.cohort_id == cohort_id, Look.looker_id == looker_id, Look.what == format, Look.at > after)
    their_looks = select(
        literal(cohort_id), Look.user_id, literal(looker_id), literal(format.value), literal(now, Look.at.type)
    ).where(*in_it, Look.user_id.not_in(select(Look.user_id).where(*had)))
    with sql.writing() as session:
        session.execute(insert(Look).from_select(["cohort_id", "user_id", "looker_id", "what", "at"], their_looks))


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
