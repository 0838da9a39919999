"""A member's page for the lead, extra time, and how an attempt's time is told to its learner."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.browser import Browser
from tests.conftest import Cast
from tests.web.forms import form
from tests.web.stored import everything
from tracker import clock
from tracker.app import create_app
from tracker.assessment.attempt import Attempt
from tracker.config import Config
from tracker.services import accommodations, attempts, cohorts
from tracker.storage import sql

Browsers = Callable[[int | None], Browser]


@pytest.fixture
def cohort(cast: Cast) -> str:
    """The address of Lena's cohort with Ada in it since yesterday."""
    now = clock.now() - timedelta(days=1)
    made = cohorts.create_cohort("Team", lead_id=cast.lena, now=now)
    cohorts.join(cohorts.invite(made.public_id, lead_id=cast.lena, now=now), user_id=cast.ada, now=now)
    return f"/cohorts/{made.public_id}"


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's open attempt at the language quiz."""
    return attempts.start_attempt("language", learner_id=cast.ada, now=clock.now())


@pytest.fixture(scope="module")
def whole_staff_app(config: Config, whole_app: Flask) -> Flask:
    """The app as set up where leads and admins set extra time, on the same stores."""
    return create_app(replace(config, is_extra_time_self_set=False))


@pytest.fixture
def staff_app(app: Flask, whole_staff_app: Flask) -> Iterator[Flask]:
    """The app where leads and admins set extra time, with empty stores."""
    with whole_staff_app.app_context():
        yield whole_staff_app


def test_a_lead_adds_time_from_the_members_page_and_the_learner_reads_who_and_why(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt
) -> None:
    lena, ada = browser(cast.lena), browser(cast.ada)
    page = lena.get(f"{cohort}/members/{cast.ada}").text
    adding = form(page, "/credits")

    answer = lena.post_bare(adding.action, adding.sent(minutes="5", reason="The alarm rang."))

    assert answer.location == f"{cohort}/members/{cast.ada}"
    assert "Time was added" in lena.get(answer.location).text
    assert "Lena added 5 minutes: The alarm rang." in ada.get(f"/attempts/{attempt.id}").text
    assert "How this time comes about" in ada.get(f"/attempts/{attempt.id}").text


def test_the_same_form_sent_again_adds_nothing(cast: Cast, browser: Browsers, cohort: str, attempt: Attempt) -> None:
    lena = browser(cast.lena)
    adding = form(lena.get(f"{cohort}/members/{cast.ada}").text, "/credits")
    sent = adding.sent(minutes="5", reason="The alarm rang.")
    lena.post_bare(adding.action, sent)

    before = everything()
    assert lena.post_bare(adding.action, sent).status_code == 302

    assert everything() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": "0"},
        {"minutes": "121"},
        {"minutes": "five"},
        {"reason": ""},
        {"reason": "x" * 301},
        {"credit": "outage 1"},
        {"credit": ""},
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt, wrong: dict[str, str]
) -> None:
    lena = browser(cast.lena)
    adding = form(lena.get(f"{cohort}/members/{cast.ada}").text, "/credits")
    before = everything()

    answer = lena.post_bare(adding.action, adding.sent(**{"minutes": "5", "reason": "x", **wrong}))

    assert answer.status_code == 400
    assert everything() == before


def test_after_the_end_the_lead_is_told_so(cast: Cast, browser: Browsers, cohort: str, attempt: Attempt) -> None:
    lena = browser(cast.lena)
    adding = form(lena.get(f"{cohort}/members/{cast.ada}").text, "/credits")
    attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=1, now=clock.now())

    answer = lena.post_bare(adding.action, adding.sent(minutes="5", reason="x"))

    assert answer.status_code == 409
    assert "This attempt is over, so no time can be added any more." in answer.text


def test_a_lead_sees_of_an_attempt_only_what_it_is_and_when_it_ends(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt
) -> None:
    page = browser(cast.lena).get(f"{cohort}/members/{cast.ada}").text

    assert attempt.assessment_name in page
    assert f"{attempt.deadline:%Y-%m-%dT%H:%M:%SZ}" in page
    assert f"{attempt.started_at:%Y-%m-%dT%H:%M:%SZ}" not in page
    assert not any(place.item_version in page or place.item_id in page for place in attempt.form)
    assert "Question" not in page


def test_what_the_members_page_says_a_member_is_told_before_joining_and_after(
    cast: Cast, browser: Browsers, cohort: str
) -> None:
    token = cohorts.invite(cohort.rpartition("/")[2], lead_id=cast.lena, now=clock.now())

    for person, page in ((cast.omar, f"/invitations/{token}"), (cast.ada, cohort), (cast.ada, "/assessments/tools")):
        assert "its name and when its" in " ".join(browser(person).get(page).text.split())


def test_somebody_sets_their_extra_time_and_sees_it_before_the_start(cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    assert "with your extra time" not in ada.get("/assessments/language").text
    setting = form(ada.get("/account").text, "/account/extra-time")

    ada.post_bare(setting.action, setting.sent(percent="100"))

    page = " ".join(ada.get("/assessments/language").text.split())
    assert "15 minutes, 30 minutes with your extra time" in page
    assert "Start the 30 minutes" in page
    assert "by you" in ada.get("/account").text


def test_other_extra_time_than_is_offered_is_refused(cast: Cast, browser: Browsers) -> None:
    assert browser(cast.ada).post("/account/extra-time", {"percent": "1000"}).status_code == 400
    assert accommodations.list_accommodations(cast.ada) == []


def test_where_people_set_their_own_a_leads_page_says_nothing_of_it(cast: Cast, browser: Browsers, cohort: str) -> None:
    accommodations.set_own(cast.ada, percent=100, now=clock.now())

    page = browser(cast.lena).get(f"{cohort}/members/{cast.ada}").text

    assert "100" not in page
    assert "Extra time" not in page


def test_where_staff_sets_it_a_lead_does_and_the_member_reads_who_when_and_why(
    staff_app: Flask, cast: Cast, cohort: str
) -> None:
    lena, ada = Browser(staff_app, cast.lena), Browser(staff_app, cast.ada)
    setting = form(lena.get(f"{cohort}/members/{cast.ada}").text, "/extra-time")

    answer = lena.post_bare(setting.action, setting.sent(percent="50", reason="Agreed with the office."))

    assert answer.status_code == 302
    page = " ".join(ada.get("/account").text.split())
    assert "50 % more" in page
    assert "by Lena: Agreed with the office." in page
    assert 'name="percent"' not in page
    assert ada.post("/account/extra-time", {"percent": "200"}).status_code == 409
    sql.session().rollback()  # joining read before the factor was set, and what is read stays as it was
    assert accommodations.get_factor(cast.ada) == 1.5


def test_a_result_says_how_its_time_came_about(cast: Cast, browser: Browsers, attempt: Attempt) -> None:
    attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=1, now=clock.now())

    assert "The time limit is 15 minutes." in browser(cast.ada).get(f"/attempts/{attempt.id}/result").text
