"""Extra time: who may set it, what counts, and that nothing of it is ever overwritten."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import accommodations, attempts, cohorts, members
from tracker.storage.accommodations import EXTENSION

MINUTE = timedelta(minutes=1)


@pytest.fixture
def staff_sets(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads and admins set extra time here."""
    monkeypatch.setitem(app.extensions, EXTENSION, False)


@pytest.fixture
def cohort(cast: Cast) -> str:
    """Lena's cohort with Ada in it."""
    made = cohorts.create_cohort("Team", lead_id=cast.lena, now=NOON)
    token = cohorts.invite(made.public_id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    return made.public_id


def test_nobody_has_extra_time_from_the_beginning(cast: Cast) -> None:
    assert accommodations.get_factor(cast.ada) == 1
    assert accommodations.list_accommodations(cast.ada) == []


@pytest.mark.parametrize(("percent", "minutes"), [(0, 15), (25, 18.75), (50, 22.5), (100, 30), (200, 45)])
def test_what_somebody_sets_counts_for_the_attempts_they_start_then(cast: Cast, percent: int, minutes: float) -> None:
    accommodations.set_own(cast.ada, percent=percent, now=NOON)

    adas = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)

    assert adas.deadline == NOON + minutes * MINUTE
    assert omars.deadline == NOON + 15 * MINUTE


def test_an_attempt_that_is_open_keeps_its_time(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)

    accommodations.set_own(cast.ada, percent=100, now=NOON)

    assert attempts.get_attempt(attempt.id, learner_id=cast.ada, now=NOON).deadline == attempt.deadline


def test_the_newest_counts_and_the_older_ones_stay(cast: Cast) -> None:
    accommodations.set_own(cast.ada, percent=100, now=NOON)
    accommodations.set_own(cast.ada, percent=25, now=NOON)

    assert accommodations.get_factor(cast.ada) == 1.25
    assert [one.percent for one in accommodations.list_accommodations(cast.ada)] == [25, 100]


@pytest.mark.parametrize("percent", [-50, 10, 300])
def test_other_percentages_are_refused(cast: Cast, percent: int) -> None:
    with pytest.raises(BadInput):
        accommodations.set_own(cast.ada, percent=percent, now=NOON)

    assert accommodations.list_accommodations(cast.ada) == []


def test_where_staff_sets_it_nobody_sets_their_own(staff_sets: None, cast: Cast) -> None:
    with pytest.raises(Conflict):
        accommodations.set_own(cast.ada, percent=100, now=NOON)

    assert accommodations.list_accommodations(cast.ada) == []


def test_a_lead_sets_it_with_a_reason_which_the_member_sees(staff_sets: None, cast: Cast, cohort: str) -> None:
    members.set_extra_time(
        cohort, member_id=cast.ada, lead_id=cast.lena, percent=50, reason=" Agreed with the office. ", now=NOON
    )

    (known,) = accommodations.list_accommodations(cast.ada)
    assert (known.percent, known.set_by, known.reason, known.at) == (50, cast.lena, "Agreed with the office.", NOON)
    assert known.setter is not None
    assert known.setter.name == "Lena"
    member = members.open_member(cohort, member_id=cast.ada, lead_id=cast.lena, now=NOON)
    assert list(member.person.accommodations) == [known]


def test_without_a_reason_a_lead_is_refused(staff_sets: None, cast: Cast, cohort: str) -> None:
    with pytest.raises(BadInput):
        members.set_extra_time(cohort, member_id=cast.ada, lead_id=cast.lena, percent=50, reason="  ", now=NOON)

    assert accommodations.list_accommodations(cast.ada) == []


def test_where_people_set_their_own_a_lead_neither_sets_nor_sees_it(cast: Cast, cohort: str) -> None:
    accommodations.set_own(cast.ada, percent=100, now=NOON)

    with pytest.raises(Conflict):
        members.set_extra_time(cohort, member_id=cast.ada, lead_id=cast.lena, percent=0, reason="No.", now=NOON)

    assert members.open_member(cohort, member_id=cast.ada, lead_id=cast.lena, now=NOON).person.accommodations == ()
    assert accommodations.get_factor(cast.ada) == 2


def test_once_staff_sets_it_what_people_set_themselves_counts_no_more_and_is_seen_by_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch, cast: Cast, cohort: str
) -> None:
    accommodations.set_own(cast.ada, percent=100, now=NOON)
    monkeypatch.setitem(app.extensions, EXTENSION, False)

    def seen() -> list[int]:
        member = members.open_member(cohort, member_id=cast.ada, lead_id=cast.lena, now=NOON)
        return [one.percent for one in member.person.accommodations]

    assert (seen(), accommodations.get_factor(cast.ada)) == ([], 1)
    members.set_extra_time(cohort, member_id=cast.ada, lead_id=cast.lena, percent=50, reason="A letter.", now=NOON)
    accommodations.set_by_command("ada@example.org", percent=25, reason="Another letter.", now=NOON)
    assert (seen(), accommodations.get_factor(cast.ada)) == ([25, 50], 1.25)


@pytest.mark.parametrize("who", ["omar", "ada", "vera"])
def test_nobody_but_the_lead_sets_a_members_extra_time(staff_sets: None, cast: Cast, cohort: str, who: str) -> None:
    before = everything()

    with pytest.raises(NotFound):
        members.set_extra_time(
            cohort, member_id=cast.ada, lead_id=getattr(cast, who), percent=50, reason="Mine.", now=NOON
        )

    assert everything() == before


def test_a_lead_of_another_cohort_sets_nothing_even_through_their_own(
    staff_sets: None, cast: Cast, cohort: str
) -> None:
    own = cohorts.create_cohort("Omar's", lead_id=cast.omar, now=NOON).public_id

    for public_id in (cohort, own):
        with pytest.raises(NotFound):
            members.set_extra_time(public_id, member_id=cast.ada, lead_id=cast.omar, percent=50, reason="x", now=NOON)

    assert accommodations.list_accommodations(cast.ada) == []


def test_a_lead_sets_no_other_leads_time(staff_sets: None, cast: Cast, cohort: str) -> None:
    with pytest.raises(NotFound):
        members.set_extra_time(cohort, member_id=cast.lena, lead_id=cast.lena, percent=50, reason="x", now=NOON)


def test_who_runs_the_service_sets_it_by_address(cast: Cast) -> None:
    accommodations.set_by_command("Ada@Example.org ", percent=25, reason="A letter.", now=NOON)

    (known,) = accommodations.list_accommodations(cast.ada)
    assert (known.percent, known.set_by, known.setter) == (25, None, None)
    with pytest.raises(NotFound):
        accommodations.set_by_command("nobody@example.org", percent=25, reason="A letter.", now=NOON)
