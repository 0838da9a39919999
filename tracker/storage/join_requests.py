"""Who waits for a lead to let them in, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Delete, delete, select
from sqlalchemy.orm import joinedload

from tracker.storage import cohorts, sql
from tracker.storage.cohort_tables import Cohort, JoinRequest, Membership, Role


def list_in(cohort_id: int) -> Sequence[JoinRequest]:
    """Those who wait, each with their user, who asked first first."""
    return (
        sql.session()
        .scalars(
            select(JoinRequest)
            .options(joinedload(JoinRequest.user))
            .where(JoinRequest.cohort_id == cohort_id)
            .order_by(JoinRequest.asked_at, JoinRequest.user_id)
        )
        .all()
    )


def list_of(user_id: int) -> Sequence[JoinRequest]:
    """What somebody waits for, each with its cohort, by the cohort's name."""
    return (
        sql.session()
        .scalars(
            select(JoinRequest)
            .join(JoinRequest.cohort)
            .options(joinedload(JoinRequest.cohort))
            .where(JoinRequest.user_id == user_id)
            .order_by(Cohort.name, Cohort.id)
        )
        .all()
    )


def let_in(cohort_id: int, *, user_id: int, now: datetime) -> bool:
    """Make a member of somebody who waits, at what they agreed to. Says whether they waited.

    Raises: Conflict when the cohort is archived.
    """
    with sql.writing() as session:
        cohorts.hold_open(cohort_id)
        agreed_to = session.scalar(_removal(cohort_id, user_id).returning(JoinRequest.agreed_to))
        if agreed_to is None:
            return False
        session.add(
            Membership(cohort_id=cohort_id, user_id=user_id, role=Role.MEMBER, agreed_to=agreed_to, joined_at=now)
        )
        return True


def remove(cohort_id: int, *, user_id: int) -> bool:
    """Let somebody wait no more. Says whether they waited."""
    with sql.writing() as session:
        return session.scalar(_removal(cohort_id, user_id).returning(JoinRequest.user_id)) is not None


def _removal(cohort_id: int, user_id: int) -> Delete:
    return delete(JoinRequest).where(JoinRequest.cohort_id == cohort_id, JoinRequest.user_id == user_id)
