"""A member of a cohort, for its lead: their page, which is noted as a look, and time that a lead gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.attempt import Attempt
from tracker.errors import NotFound
from tracker.services import accommodations, credits, looks, persons
from tracker.services.persons import OpenAttempt, SeenPerson
from tracker.services.results import ItemResult, list_item_results
from tracker.storage import attempts as stored_attempts
from tracker.storage import cohorts, item_statistics, notes
from tracker.storage.cohort_tables import Cohort, Membership, Note, Role


@dataclass(frozen=True, slots=True)
class Member:
    """A member as their lead sees them. notes: by this cohort's leads, newest first."""

    cohort: Cohort
    person: SeenPerson
    notes: Sequence[Note]
    is_extra_time_set_here: bool


@dataclass(frozen=True, slots=True)
class Mirror:
    """A member's place in a cohort as they see it themselves: the person is made as for the lead."""

    membership: Membership
    person: SeenPerson
    looks: looks.LookPage

    @property
    def cohort(self) -> Cohort:
        return self.membership.cohort


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What a member answered in one attempt, for their lead, or for themselves as their lead sees it."""

    membership: Membership
    attempt: Attempt
    items: tuple[ItemResult, ...]


def open_member(public_id: str, *, member_id: int, lead_id: int, now: datetime) -> Member:
    """A member of a cohort, for its lead; the look is noted first. Raises: NotFound, also to everybody else."""
    membership = cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    looks.note_look(membership, looker_id=lead_id, what=looks.PAGE, now=now)
    return Member(
        cohort=membership.cohort,
        person=persons.see_person(membership, now),
        notes=notes.list_about(member_id, cohort_id=membership.cohort_id),
        is_extra_time_set_here=not accommodations.is_self_set(),
    )


def open_mirror(membership: Membership, now: datetime) -> Mirror:
    """What the leads see of a member, for that member; the cohort and the user must have been loaded with it."""
    return Mirror(membership, persons.see_person(membership, now), looks.list_newest(membership))


def open_answers(public_id: str, attempt_id: str, *, member_id: int, reader_id: int, now: datetime) -> AnswerSheet:
    """What a member answered in an attempt, where they let it be seen, for a lead, who is noted, or for themselves.

    Nothing is told of items that an open or unreleased attempt of either of them holds. Raises: NotFound.
    """
    membership = _get_read(public_id, member_id=member_id, reader_id=reader_id)
    seen = persons.list_seen_attempts(membership, now)
    attempt = next((attempt for attempt in seen if attempt.id == attempt_id), None)
    if attempt is None or not persons.shows_answers(attempt, membership.seen, now):
        raise NotFound
    if reader_id != member_id:
        looks.note_look(membership, looker_id=reader_id, what=looks.ANSWERS, now=now)
    histories = [stored_attempts.get_quiz_history(learner_id, now=now) for learner_id in {member_id, reader_id}]
    times = item_statistics.list_times({place.item_id for place in attempt.form})
    return AnswerSheet(membership, attempt, tuple(list_item_results(attempt, histories, times)))


def set_extra_time(public_id: str, *, member_id: int, lead_id: int, percent: int, reason: str, now: datetime) -> None:
    """Set a member's extra time. Raises: NotFound, also to all but the lead; Conflict, BadInput."""
    cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    accommodations.set_for(member_id, percent=percent, set_by=lead_id, reason=reason, now=now)


def give_time(
    public_id: str,
    attempt_id: str,
    *,
    member_id: int,
    lead_id: int,
    minutes: int,
    reason: str,
    credit_id: str,
    now: datetime,
) -> OpenAttempt:
    """Give a member's open attempt more time; the same credit again changes nothing.

    Raises: NotFound, also to all but the lead; Conflict, BadInput; then nothing is changed.
    """
    cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    stored_attempts.get(attempt_id, learner_id=member_id)
    credited = credits.give_credit(
        attempt_id,
        giver_id=lead_id,
        length=timedelta(minutes=minutes),
        reason=reason,
        credit_id=credit_id,
        now=now,
    )
    return persons.see_open(credited)


def _get_read(public_id: str, *, member_id: int, reader_id: int) -> Membership:
    """A member's place, for a lead or for the member. Raises: NotFound, also to everybody else."""
    if reader_id != member_id:
        return cohorts.get_led_member(public_id, member_id=member_id, lead_id=reader_id)
    membership = cohorts.get_membership(public_id, user_id=member_id)
    if membership.role is not Role.MEMBER:
        raise NotFound
    return membership
