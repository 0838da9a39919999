"""Who leads a cohort: a lead makes others leads, and can step back while somebody else leads on."""

from datetime import datetime

from tracker.assessment.sees import Sees
from tracker.errors import Conflict, NotFound
from tracker.services import audit, cohort_letters, cohorts
from tracker.services.sessions import Renewal, hashes_of
from tracker.storage import cohorts as stored_cohorts
from tracker.storage import leads
from tracker.storage.tables import User

LAST_LEAD = "You lead this cohort alone. Make somebody else a lead first; nothing was changed."


def make_lead(public_id: str, *, member_id: int, lead_id: int, now: datetime) -> User:
    """Let a member lead the cohort too; a mail tells them. Returns: who leads now. Raises: NotFound."""
    lead = cohorts.get_leadership(public_id, lead_id=lead_id)
    member = stored_cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    letter = cohort_letters.write_lead(member, lead_name=lead.user.name, now=now)
    if not leads.make_lead(member.cohort_id, user_id=member_id, letter=letter, now=now):
        raise NotFound
    audit.record("lead.made", actor_id=lead_id, subject=f"user:{member_id}", now=now, cohort=public_id)
    return member.user


def step_back(public_id: str, *, lead_id: int, agreed_to: Sees, now: datetime, renewal: Renewal | None = None) -> None:
    """Become a member again, at what one agreed to. renewal: where one goes on.

    Raises: NotFound, Conflict for the last lead.
    """
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    if not leads.make_member(cohort.id, user_id=lead_id, agreed_to=agreed_to, renewed=hashes_of(renewal)):
        raise Conflict(LAST_LEAD)
    audit.record("lead.stepped-back", actor_id=lead_id, subject=f"user:{lead_id}", now=now, cohort=public_id)
