"""Who is part of a cohort's figures, and who sees their data besides, in SQL."""

from collections import defaultdict

from sqlalchemy import select

from tracker.assessment.sees import Sees
from tracker.storage import sql
from tracker.storage.cohort_tables import Assignment, Cohort, Membership, Role


def list_seen(cohort_id: int) -> dict[int, Sees]:
    """What a cohort's leads see of each of its members, by their ids."""
    found = sql.session().execute(
        select(Membership.user_id, Membership.agreed_to, Cohort.sees)
        .join(Membership.cohort)
        .where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
    )
    return {user_id: agreed_to.at_most(sees) for user_id, agreed_to, sees in found}


def list_seen_by(cohort_id: int) -> dict[int, dict[int, Sees]]:
    """What the leads of every cohort see of each of this one's members, by the members' ids, then the cohorts'."""
    people = select(Membership.user_id).where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
    found = sql.session().execute(
        select(Membership.user_id, Membership.cohort_id, Membership.agreed_to, Cohort.sees)
        .join(Membership.cohort)
        .where(Membership.user_id.in_(people), Membership.role == Role.MEMBER)
    )
    seen: dict[int, dict[int, Sees]] = defaultdict(dict)
    for user_id, seeing_id, agreed_to, sees in found:
        seen[user_id][seeing_id] = agreed_to.at_most(sees)
    return dict(seen)


def list_assigning_ids(cohort_id: int) -> dict[str, int]:
    """The cohort that made each assignment, by its public id, of all that this one's members are in."""
    people = select(Membership.user_id).where(Membership.cohort_id == cohort_id, Membership.role == Role.MEMBER)
    places = select(Membership.cohort_id).where(Membership.user_id.in_(people))
    found = sql.session().execute(
        select(Assignment.public_id, Assignment.cohort_id).where(Assignment.cohort_id.in_(places))
    )
    return {row.public_id: row.cohort_id for row in found}
