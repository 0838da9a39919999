"""What members are told by mail of what is assigned to them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.services import assigned, bank, links
from tracker.storage.cohort_tables import Assignment
from tracker.storage.mails import Letter
from tracker.storage.tables import User


def write_reminder(assignment: Assignment, user: User, *, key: str, now: datetime) -> Letter:
    """The mail that reminds a member of what they have not finished; the cohort was loaded with the assignment."""
    name, cohort = assigned.get_name(assignment), assignment.cohort
    until = _local(assignment.closes_at, user.zone)
    return Letter(
        key=key,
        address=user.email,
        subject=f"{name}: until {until}",
        text=(
            f"Hello {user.name},\n\n"
            f"{name} is assigned to you in the cohort {cohort.name}, and you have not finished it yet.\n"
            f"{_size(assignment)}\n"
            f"It closes on {until} ({user.zone}). If you have finished it meanwhile, there is nothing to do.\n\n"
            f"{links.to_assignment(assignment.public_id)}\n\n"
            f"You get this mail because you are a member of {cohort.name} on Skillmark. You can leave it on its page:\n"
            f"{links.to_cohort(cohort.public_id)}\n"
        ),
        due_at=now,
        expires_at=assignment.closes_at,
        cohort_id=cohort.id,
    )


def _size(assignment: Assignment) -> str:
    """How much there is to do."""
    if assignment.practice_items:
        return f"It is done with {assignment.practice_items} answers in practice, at your own pace."
    assessment = bank.find_assessment(assignment.assessment_slug)
    if assessment is None:
        return "Its page says what there is to do."
    most = "up to " if assessment.is_adaptive else ""
    minutes = assessment.minutes + assignment.extra_minutes
    return f"It has {most}{assessment.item_count} questions and {minutes} minutes; extra time of your own comes on top."


def _local(moment: datetime, zone: str) -> str:
    there = moment.astimezone(ZoneInfo(zone))
    return f"{there.day} {there:%b %Y, %H:%M}"
