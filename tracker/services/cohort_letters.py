"""What people are told of a cohort by mail: that they are invited, that they lead it."""

from datetime import datetime

from tracker.services import links
from tracker.storage.cohort_tables import Cohort, Invitation, Membership
from tracker.storage.mails import INVITATION, LEAD, NAMING, Letter


def write_invitation(
    invitation: Invitation, token: str, *, address: str, cohort: Cohort, lead_name: str, now: datetime
) -> Letter:
    """The mail that takes an invitation to whom it is for."""
    return Letter(
        key=INVITATION + invitation.public_id,
        address=address,
        subject=f"You are invited to {cohort.name}",
        text=(
            f"{lead_name}{NAMING[INVITATION]} to the cohort {cohort.name} on Skillmark.\n\n"
            "This page says what its leads will see of you, before you decide:\n\n"
            f"{links.to_invitation(token)}\n\n"
            f"The link is for one person and works until {invitation.expires_at:%d %B %Y, %H:%M} UTC.\n"
            "If you do not want to join, there is nothing to do.\n"
        ),
        due_at=now,
        expires_at=invitation.expires_at,
        cohort_id=cohort.id,
    )


def write_lead(membership: Membership, *, lead_name: str, now: datetime) -> Letter:
    """The mail that tells a member that they lead their cohort now; the cohort and the user were loaded with it."""
    cohort, user = membership.cohort, membership.user
    return Letter(
        key=f"{LEAD}{cohort.public_id}/{user.id}/{now:%Y%m%dT%H%M%S}",
        address=user.email,
        subject=f"You lead {cohort.name} now",
        text=(
            f"{lead_name}{NAMING[LEAD]} of the cohort {cohort.name} on Skillmark.\n\n"
            "You see what its members agreed to, and may invite, assign and change its settings. Your own results\n"
            "are no longer shown there. Every look at a member's page is logged, and they can read the log.\n\n"
            f"{links.to_cohort(cohort.public_id)}\n\n"
            "If you would rather not, become a member again on its page of people.\n"
        ),
        due_at=now,
        cohort_id=cohort.id,
    )
