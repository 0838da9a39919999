"""Who leads a cohort, in SQL. A cohort always has a lead: whoever is the last one stays.

Whoever comes to lead for the first time, or ceases to lead at all, is signed out but where they are renewed.
"""

from datetime import datetime

from sqlalchemy import delete, select, update

from tracker.assessment.sees import Sees
from tracker.storage import cohorts, exports, mails, sign_ins, sql
from tracker.storage.cohort_tables import Membership, Role
from tracker.storage.mails import Letter
from tracker.storage.sign_ins import NOT_RENEWED, Renewed


def make_lead(cohort_id: int, *, user_id: int, letter: Letter, now: datetime) -> bool:
    """Let a member lead the cohort, and tell them; its exports, which hold them, go. Says whether there was one."""
    with sql.writing() as session:
        made = session.execute(
            update(Membership)
            .where(Membership.cohort_id == cohort_id, Membership.user_id == user_id, Membership.role == Role.MEMBER)
            .values(role=Role.LEAD)
            .returning(Membership.user_id)
        )
        if made.first() is None:
            return False
        sign_ins.end_unless_leading_elsewhere(user_id, cohort_id=cohort_id)
        mails.add([letter], now=now)
        exports.forget(cohort_id)
        return True


def make_member(cohort_id: int, *, user_id: int, agreed_to: Sees, renewed: Renewed = NOT_RENEWED) -> bool:
    """Make a lead a member of the cohort that another one leads on, at what they agreed to and leads ask for.

    Says whether that could be.
    """
    with sql.writing() as session:
        sees = cohorts.hold(cohort_id).sees
        if not _another_leads(cohort_id, user_id=user_id):
            return False
        session.execute(
            update(Membership)
            .where(Membership.cohort_id == cohort_id, Membership.user_id == user_id)
            .values(role=Role.MEMBER, agreed_to=agreed_to.at_most(sees))
        )
        sign_ins.end_unless_leading_elsewhere(user_id, cohort_id=cohort_id, renewed=renewed)
        return True


def remove_lead(cohort_id: int, *, user_id: int, renewed: Renewed = NOT_RENEWED) -> bool:
    """Take a lead out of the cohort that another one leads on. Says whether that could be."""
    with sql.writing() as session:
        if not _another_leads(cohort_id, user_id=user_id):
            return False
        session.execute(delete(Membership).where(Membership.cohort_id == cohort_id, Membership.user_id == user_id))
        sign_ins.end_unless_leading_elsewhere(user_id, cohort_id=cohort_id, renewed=renewed)
        return True


def _another_leads(cohort_id: int, *, user_id: int) -> bool:
    """Whether somebody else leads the cohort too; until the transaction ends, none of them can go."""
    leads = select(Membership.user_id).where(Membership.cohort_id == cohort_id, Membership.role == Role.LEAD)
    found = sql.session().scalars(leads).all()
    return user_id in found and len(found) > 1
