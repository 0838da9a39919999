"""Who is part of a cohort's figures, in SQL."""

from sqlalchemy import select

from tracker.assessment.sees import Sees
from tracker.storage import sql
from tracker.storage.cohort_tables import Cohort, Membership, Role


def list_seen(cohort_id: int) -> dict[int, Sees]:
    """What a cohort's leads see of each of its members, by their ids."""
    found = sql.session().execute(
        select(Membership.user_id, Membership.agreed_to, Cohort.sees)
        .join(Membership.cohort)
        .where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
    )
    return {user_id: agreed_to.at_most(sees) for user_id, agreed_to, sees in found}


def list_connected_ids(cohort_id: int) -> list[int]:
    """The cohorts in which somebody of this one has a place too, itself among them."""
    people = select(Membership.user_id).where(Membership.cohort_id == cohort_id)
    connected = sql.session().scalars(select(Membership.cohort_id).where(Membership.user_id.in_(people)).distinct())
    return sorted({cohort_id, *connected})
