"""Reminders: to who has not finished, a day before the end or when a lead asks; never twice within a day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOON, Cast
from tests.paused import paused
from tests.storage.test_mails import a_letter
from tracker.assessment.assignment import Release
from tracker.errors import Conflict, NotFound
from tracker.services import assignments, attempts, cohorts, reminders
from tracker.services.mails import send_due
from tracker.storage import accounts, mails
from tracker.storage import reminders as stored_reminders
from tracker.storage.cohort_tables import Assignment, Cohort
from tracker.storage.embedded import EmbeddedStore
from tracker.storage.tables import Mail

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CLOSES = NOON + 3 * DAY


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    """Lena's cohort with Ada and Vera in it."""
    cohort = cohorts.create_cohort("Team", lead_id=cast.lena, now=NOON)
    token = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=NOON)
    for user_id in (cast.ada, cast.vera):
        cohorts.join(token, user_id=user_id, now=NOON)
    return cohort


def assign(cohort: Cohort, cast: Cast, **terms: Any) -> Assignment:
    """The tools quiz for three days; a test names what differs."""
    usual: dict[str, Any] = {
        "assessment_slug": "tools",
        "opens_at": None,
        "closes_at": CLOSES,
        "attempts_allowed": 1,
        "release": Release.AT_ONCE,
    }
    return assignments.make_assignment(cohort.public_id, lead_id=cast.lena, now=NOON, **{**usual, **terms})


def take(assignment: Assignment, learner_id: int) -> None:
    attempt = assignments.start_assigned(assignment.public_id, learner_id=learner_id, now=NOON)
    attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=NOON)


def queued(cohort: Cohort) -> Sequence[Mail]:
    """The mails of the cohort, newest first."""
    return mails.list_of(cohort.id, before=None, most=100)


def remind(assignment: Assignment, lead_id: int, *, after: timedelta = timedelta()) -> int:
    return reminders.remind(assignment.public_id, lead_id=lead_id, now=NOON + after).count


def test_a_day_before_the_end_who_has_not_finished_gets_one_mail(cohort: Cohort, cast: Cast) -> None:
    assignment = assign(cohort, cast)
    take(assignment, cast.vera)

    assert reminders.queue_due(CLOSES - DAY - MINUTE) == 0
    assert [reminders.queue_due(CLOSES - DAY + after * HOUR) for after in (0, 1, 22)] == [1, 0, 0]

    [mail] = queued(cohort)
    assert mail.key == f"reminder/{assignment.public_id}/{cast.ada}"
    assert (mail.address, mail.due_at, mail.expires_at) == ("ada@example.org", CLOSES - DAY, CLOSES)


def test_the_mail_says_what_until_when_how_long_where_and_why(cohort: Cohort, cast: Cast) -> None:
    accounts.set_profile(cast.ada, name="Ada", zone="Asia/Kolkata")
    assignment = assign(cohort, cast)
    take(assignment, cast.vera)

    reminders.queue_due(CLOSES - HOUR * 2)

    [mail] = queued(cohort)
    assert mail.subject == "Essential Tools: until 5 Nov 2026, 17:30"
    for told in (
        "Hello Ada,",
        "Essential Tools is assigned to you in the cohort Team, and you have not finished it yet.",
        "12 questions and 15 minutes",
        "5 Nov 2026, 17:30 (Asia/Kolkata)",
        f"http://127.0.0.1:8000/assignments/{assignment.public_id}\n",
        "because you are a member of Team",
    ):
        assert told in mail.text


def test_practice_is_reminded_of_in_its_own_words(cohort: Cohort, cast: Cast) -> None:
    assign(cohort, cast, assessment_slug="tools", practice_items=20)

    assert reminders.queue_due(CLOSES - HOUR * 2) == 2

    assert all("20 answers in practice" in mail.text for mail in queued(cohort))


def test_with_an_hour_left_or_after_the_end_nobody_is_reminded(cohort: Cohort, cast: Cast) -> None:
    assign(cohort, cast)

    assert [reminders.queue_due(CLOSES - HOUR), reminders.queue_due(CLOSES), reminders.queue_due(CLOSES + DAY)] == [
        0
    ] * 3


def test_what_is_made_with_less_than_a_day_left_is_told_at_once(cohort: Cohort, cast: Cast) -> None:
    assign(cohort, cast, closes_at=NOON + 2 * HOUR)

    assert reminders.queue_due(NOON) == 2


def test_what_is_withdrawn_not_open_yet_or_for_others_reminds_nobody(cohort: Cohort, cast: Cast) -> None:
    withdrawn = assign(cohort, cast)
    assignments.withdraw(withdrawn.public_id, lead_id=cast.lena, now=NOON)
    assign(cohort, cast, opens_at=CLOSES - HOUR)
    assign(cohort, cast, learner_ids=[cast.vera])

    assert reminders.queue_due(CLOSES - 2 * HOUR) == 1

    assert [mail.address for mail in queued(cohort)] == ["vera@example.org"]


def test_what_is_withdrawn_sends_no_reminder_that_waits(cohort: Cohort, cast: Cast) -> None:
    withdrawn = assign(cohort, cast)
    kept = assign(cohort, cast, assessment_slug="apis")
    for assignment in (withdrawn, kept):
        remind(assignment, cast.lena)

    assignments.withdraw(withdrawn.public_id, lead_id=cast.lena, now=NOON)

    due = mails.list_due(now=NOON, most_tries=1, most=10)
    assert {mail.key.split("/")[1] for mail in due} == {kept.public_id}


def test_what_is_withdrawn_while_its_reminders_are_written_reminds_nobody(cohort: Cohort, cast: Cast) -> None:
    assignment = assign(cohort, cast)
    letters = {cast.ada: a_letter("reminder")}

    assignments.withdraw(assignment.public_id, lead_id=cast.lena, now=NOON)

    assert stored_reminders.queue(assignment, letters, since=NOON, now=NOON) == 0
    assert queued(cohort) == []


def test_who_was_reminded_while_a_reminder_was_written_gets_no_second(cohort: Cohort, cast: Cast) -> None:
    assignment = assign(cohort, cast)
    letters = {cast.ada: a_letter("reminder")}

    remind(assignment, cast.lena)

    assert stored_reminders.queue(assignment, letters, since=NOON - DAY, now=NOON) == 0


def test_once_all_were_mailed_the_document_store_is_not_asked(cohort: Cohort, cast: Cast, store: EmbeddedStore) -> None:
    assign(cohort, cast)
    reminders.queue_due(CLOSES - DAY)

    with paused(store):
        assert reminders.queue_due(CLOSES - DAY + HOUR) == 0


def test_who_has_left_is_not_reminded(cohort: Cohort, cast: Cast) -> None:
    assignment = assign(cohort, cast)
    cohorts.leave(cohort.public_id, user_id=cast.ada, now=NOON)

    assert remind(assignment, cast.lena) == 1

    assert [mail.address for mail in queued(cohort)] == ["vera@example.org"]


@pytest.mark.parametrize("way_out", ["leave", "remove_member"])
def test_whoever_goes_gets_no_reminder_that_still_waits_and_the_others_do(
    cohort: Cohort, cast: Cast, way_out: str
) -> None:
    remind(assign(cohort, cast), cast.lena)
    reminders.queue_due(CLOSES - DAY)

    if way_out == "leave":
        cohorts.leave(cohort.public_id, user_id=cast.ada, now=NOON)
    else:
        cohorts.remove_member(cohort.public_id, member_id=cast.ada, lead_id=cast.lena, now=NOON)

    assert {mail.address for mail in queued(cohort)} == {"vera@example.org"}


def test_a_reminder_that_was_sent_stays_in_the_list_when_its_member_goes(cohort: Cohort, cast: Cast) -> None:
    remind(assign(cohort, cast), cast.lena)
    send_due(NOON)

    cohorts.leave(cohort.public_id, user_id=cast.ada, now=NOON)

    assert {mail.address for mail in queued(cohort)} == {"ada@example.org", "vera@example.org"}


def test_a_lead_reminds_who_has_not_finished_once_a_day(cohort: Cohort, cast: Cast) -> None:
    assignment = assign(cohort, cast)
    take(assignment, cast.vera)

    assert [remind(assignment, cast.lena, after=after) for after in (HOUR, 2 * HOUR, DAY)] == [1, 0, 0]
    assert remind(assignment, cast.lena, after=DAY + HOUR) == 1

    assert [mail.address for mail in queued(cohort)] == ["ada@example.org"] * 2


def test_who_was_reminded_by_their_lead_is_not_reminded_again_within_the_day(cohort: Cohort, cast: Cast) -> None:
    assignment = assign(cohort, cast)
    take(assignment, cast.vera)
    remind(assignment, cast.lena, after=2 * DAY - HOUR)

    assert reminders.queue_due(CLOSES - DAY) == 0
    assert reminders.queue_due(CLOSES - HOUR - MINUTE) == 0
    assert len(queued(cohort)) == 1


def test_of_two_assignments_each_is_reminded_of(cohort: Cohort, cast: Cast) -> None:
    assign(cohort, cast)
    assign(cohort, cast, assessment_slug="apis")

    assert reminders.queue_due(CLOSES - DAY) == 4


@pytest.mark.parametrize("who", ["ada", "vera", "omar"])
def test_nobody_but_the_lead_can_remind(cohort: Cohort, cast: Cast, who: str) -> None:
    assignment = assign(cohort, cast)

    with pytest.raises(NotFound):
        remind(assignment, getattr(cast, who))

    assert queued(cohort) == []


def test_what_cannot_be_taken_now_is_not_reminded_of(cohort: Cohort, cast: Cast) -> None:
    later = assign(cohort, cast, opens_at=NOON + DAY)
    with pytest.raises(Conflict, match="nobody was reminded"):
        remind(later, cast.lena)
    with pytest.raises(Conflict, match="nobody was reminded"):
        remind(later, cast.lena, after=3 * DAY)
    assignments.withdraw(later.public_id, lead_id=cast.lena, now=NOON)
    with pytest.raises(Conflict, match="nobody was reminded"):
        remind(later, cast.lena, after=2 * DAY)

    assert queued(cohort) == []
