"""Assigning something and taking it, page by page."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.browser import Browser
from tests.builders import answer, item_at, wrong_answer
from tests.conftest import NOON, Cast, add_person
from tests.web.forms import form, forms
from tests.web.stored import everything
from tracker import clock
from tracker.app import create_app
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import REVIEW
from tracker.config import Config
from tracker.services import accommodations, accounts, assignments, attempts, cohorts
from tracker.storage import sql
from tracker.storage.cohort_tables import Assignment, Cohort

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

Browsers = Callable[[int | None], Browser]


@pytest.fixture
def team(cast: Cast) -> str:
    """Lena's cohort with Ada in it, by its public id."""
    now = clock.now()
    cohort = cohorts.create_cohort("Team", lead_id=cast.lena, now=now)
    cohorts.join(cohorts.invite(cohort.public_id, lead_id=cast.lena, now=now), user_id=cast.ada, now=now)
    return cohort.public_id


def assign(team: str, cast: Cast, **terms: Any) -> Assignment:
    """The tools quiz until tomorrow, one attempt, answers after the deadline; a test names what differs."""
    now = clock.now()
    usual: dict[str, Any] = {
        "assessment_slug": "tools",
        "opens_at": None,
        "closes_at": now + DAY,
        "attempts_allowed": 1,
        "release": Release.AFTER_DEADLINE,
        "now": now,
    }
    return assignments.make_assignment(team, lead_id=cast.lena, **{**usual, **terms})


def words(html: str) -> str:
    """What a page says, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# the lead


def test_a_lead_assigns_in_their_own_zone_and_reads_what_they_set(team: str, cast: Cast, browser: Browsers) -> None:
    accounts.update_profile(cast.lena, name="Lena", zone="Asia/Kolkata")
    lena = browser(cast.lena)
    page = lena.get(f"/cohorts/{team}/assignments").text
    opens, closes = (f"{clock.now() + days * DAY:%Y-%m-%d}T18:30" for days in (2, 9))

    made = lena.post(
        f"/cohorts/{team}/assignments",
        form(page, "/assignments/preview").sent(assessment="tools", opens_at=opens, closes_at=closes, attempts="2"),
    )

    assert made.status_code == 302
    [stored] = assignments.review(team, lead_id=cast.lena, now=NOON).assignments
    assert stored.assignment.opens_at == datetime.fromisoformat(opens).replace(hour=13, minute=0, tzinfo=UTC)
    assert stored.assignment.closes_at == datetime.fromisoformat(closes).replace(hour=13, minute=0, tzinfo=UTC)
    shown = words(lena.get(made.location).text)
    assert ", 18:30" in shown
    assert "2 attempts a member" in shown
    assert "Every member of Team sees it" in shown


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"closes_at": ""}, "Give the deadline."),
        ({"closes_at": "tomorrow"}, "Give day and time"),
        ({"closes_at": "2026-02-30T12:00"}, "Give day and time"),
        ({"closes_at": "2020-01-01T12:00"}, "The deadline must lie ahead"),
        ({"closes_at": "2999-01-01T12:00"}, "a year ahead at most"),
        ({"closes_at": "9999-12-31T23:59"}, "a year ahead at most"),
        ({"closes_at": "0001-01-01T00:00"}, ""),
        ({"opens_at": "soon"}, "Give day and time"),
        ({"assessment": "unknown"}, "Not a valid choice"),
        ({"attempts": "6"}, "Not a valid choice"),
        ({"attempts": "many"}, "Not a valid choice"),
        ({"release": "tomorrow"}, "Not a valid choice"),
    ],
)
def test_bad_input_is_told_beside_what_was_typed_and_assigns_nothing(
    team: str, cast: Cast, browser: Browsers, changed: dict[str, str], told: str
) -> None:
    lena = browser(cast.lena)
    page = lena.get(f"/cohorts/{team}/assignments").text
    tomorrow = f"{clock.now() + DAY:%Y-%m-%dT%H:%M}"
    before = everything()

    refused = lena.post(
        f"/cohorts/{team}/assignments", form(page, "/assignments/preview").sent(**{"closes_at": tomorrow, **changed})
    )

    assert refused.status_code == 400
    assert told in unescape(refused.text)
    if "closes_at" not in changed:
        assert f'value="{tomorrow}"' in refused.text
    assert everything() == before


@pytest.mark.parametrize(
    ("zone", "typed"), [("Asia/Kolkata", "0001-01-01T00:00"), ("America/Lima", "9999-12-31T23:59")]
)
def test_a_time_beyond_all_calendars_is_refused(
    team: str, cast: Cast, browser: Browsers, zone: str, typed: str
) -> None:
    accounts.update_profile(cast.lena, name="Lena", zone=zone)

    refused = browser(cast.lena).post(
        f"/cohorts/{team}/assignments",
        {"assessment": "tools", "closes_at": typed, "attempts": "1", "release": "never"},
    )

    assert refused.status_code == 400
    assert "too far away" in refused.text


def test_a_time_that_the_clocks_leave_out_is_refused(team: str, cast: Cast, browser: Browsers) -> None:
    accounts.update_profile(cast.lena, name="Lena", zone="Europe/Berlin")
    gap = next(day for day in (clock.now() + number * DAY for number in range(366)) if _springs_forward(day))

    refused = browser(cast.lena).post(
        f"/cohorts/{team}/assignments",
        {"assessment": "tools", "closes_at": f"{gap:%Y-%m-%d}T02:30", "attempts": "1", "release": "never"},
    )

    assert refused.status_code == 400
    assert "Clocks are put forward then" in refused.text


def _springs_forward(day: datetime) -> bool:
    """Whether summer time begins in Berlin on this day: the last Sunday of March."""
    return (day.month, day.weekday()) == (3, 6) and day.day > 24


def test_a_lead_withdraws_and_it_is_gone_from_the_members_pages(team: str, cast: Cast, browser: Browsers) -> None:
    path = f"/assignments/{assign(team, cast).public_id}"
    lena, ada = browser(cast.lena), browser(cast.ada)
    assert "Assigned to you" in ada.get("/").text

    lena.post(f"{path}/withdraw")

    assert "Assigned to you" not in ada.get("/").text
    assert "Assigned to you" not in ada.get("/assessments").text
    assert "has withdrawn it" in words(ada.get(path).text)
    assert "You withdrew it" in words(lena.get(path).text)
    assert [one.action for one in forms(lena.get(path).text) if one.action.endswith("withdraw")] == []
    assert ada.post(f"{path}/attempts").status_code == 409


# the member


def test_what_is_assigned_is_on_home_and_among_the_assessments_of_members_only(
    team: str, cast: Cast, browser: Browsers
) -> None:
    accounts.update_profile(cast.ada, name="Ada", zone="Asia/Kolkata")
    closes_at = clock.now().replace(hour=13, minute=0, second=0, microsecond=0) + 5 * DAY
    assign(team, cast, closes_at=closes_at, attempts_allowed=3)

    for page in ("/", "/assessments"):
        shown = words(browser(cast.ada).get(page).text)
        assert "Assigned to you" in shown
        assert ", 18:30" in shown
        assert "3 attempts left" in shown
        assert "Assigned to you" not in browser(cast.omar).get(page).text
        assert "Assigned to you" not in browser(cast.lena).get(page).text


def test_all_rules_are_told_before_the_start(team: str, cast: Cast, browser: Browsers) -> None:
    path = f"/assignments/{assign(team, cast, attempts_allowed=2).public_id}"

    page = words(browser(cast.ada).get(path).text)

    for rule in (
        "Assigned to you in Team.",
        "an attempt that is still open ends with what is saved",
        "2 attempts until it closes",
        "You see your scores with their intervals at once.",
        "is shown after the deadline",
        "No question of your last two attempts",
        "2 attempts left.",
        "Start the 15 minutes",
    ):
        assert rule in page
    assert "until it closes: you will have that" not in page


@pytest.mark.parametrize(
    ("release", "told"),
    [
        (Release.AT_ONCE, "So you do every question with its answer"),
        (Release.NEVER, "Which answers were right is not shown"),
    ],
)
def test_the_release_is_told_before_the_start(
    team: str, cast: Cast, browser: Browsers, release: Release, told: str
) -> None:
    path = f"/assignments/{assign(team, cast, release=release).public_id}"

    assert told in words(browser(cast.ada).get(path).text)


def test_little_time_left_is_told_before_the_start(team: str, cast: Cast, browser: Browsers) -> None:
    made = assign(team, cast, closes_at=clock.now() + 12 * MINUTE)

    page = words(browser(cast.ada).get(f"/assignments/{made.public_id}").text)

    assert "Only 11 minutes remain until it closes: you will have that, not the 15 minutes." in page
    assert "Start the 11 minutes" in page


def test_ada_starts_goes_on_finishes_and_has_no_attempt_left(team: str, cast: Cast, browser: Browsers) -> None:
    ada, path = browser(cast.ada), f"/assignments/{assign(team, cast).public_id}"
    start = form(ada.get(path).text, f"{path}/attempts")

    taken = ada.post(start.action, start.sent()).location
    again = ada.post(start.action, start.sent()).location
    assert taken == again
    assert "Started: your time ends" in words(ada.get("/").text)
    assert taken in ada.get(path).text
    ada.post(f"{taken}/finish", {"seq": str(attempts.list_attempts(cast.ada, now=clock.now())[0].seq)})

    assert "You have taken it." in words(ada.get(path).text)
    assert f"{taken}/result" in ada.get(path).text
    refused = ada.post(start.action, start.sent())
    assert refused.status_code == 409
    assert "You have used every attempt" in refused.text


def test_an_assignment_that_opens_later_says_when(team: str, cast: Cast, browser: Browsers) -> None:
    ada, made = browser(cast.ada), assign(team, cast, opens_at=clock.now() + DAY / 2)

    assert "Not yet open" in words(ada.get("/").text)
    assert "You can start it from" in words(ada.get(f"/assignments/{made.public_id}").text)
    refused = ada.post(f"/assignments/{made.public_id}/attempts")
    assert refused.status_code == 409
    assert "It opens on" in words(refused.text)


def test_ones_own_open_attempt_and_an_assigned_one_are_told_apart(team: str, cast: Cast, browser: Browsers) -> None:
    ada, made = browser(cast.ada), assign(team, cast)
    assigned = ada.post(f"/assignments/{made.public_id}/attempts").location

    own_page = ada.get("/assessments/tools").text
    assert assigned not in own_page
    own = ada.post("/assessments/tools/attempts").location

    assert own != assigned
    assert own in ada.get("/assessments/tools").text
    assert own not in ada.get(f"/assignments/{made.public_id}").text


def test_who_was_taken_out_finds_nothing_any_more(team: str, cast: Cast, browser: Browsers) -> None:
    path = f"/assignments/{assign(team, cast).public_id}"
    cohorts.remove_member(team, member_id=cast.ada, lead_id=cast.lena, now=NOON)
    ada = browser(cast.ada)

    assert ada.get(path).status_code == ada.post(f"{path}/attempts").status_code == 404
    assert "Assigned to you" not in ada.get("/").text


def test_the_result_says_when_its_answers_are_shown(team: str, cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    for release, told in (
        (Release.AFTER_DEADLINE, "is shown here after the deadline of the assignment"),
        (Release.NEVER, "which of your answers were right is not shown"),
    ):
        made = assign(team, cast, release=release)
        attempt = assignments.start_assigned(made.public_id, learner_id=cast.ada, now=clock.now())
        while attempt.position != REVIEW:
            attempt = answer(attempt, wrong_answer(item_at(attempt, attempt.position)))
        attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=attempt.seq, now=clock.now())

        page = words(ada.get(f"/attempts/{attempt.id}/result").text)

        assert told in page
        assert "right." not in page.partition("What to do next")[0]
        assert "right in this attempt" not in page
        assert "Where you stand" in ada.get("/").text
        assert "Your scores after it" in page


# what would be assigned


def fields(**changed: str | list[str]) -> dict[str, str | list[str]]:
    """What the form sends: the tools quiz until tomorrow."""
    usual = {"assessment": "tools", "closes_at": f"{clock.now() + DAY:%Y-%m-%dT%H:%M}", "attempts": "1"}
    return {**usual, "release": "after the deadline", "answers": "20", "extra_minutes": "0", **changed}


def add_member(team: str, cast: Cast, name: str) -> int:
    """Let somebody join the team. Gives their id."""
    now = clock.now()
    learner_id = add_person(f"{name.casefold()}@example.org", name)
    cohorts.join(cohorts.invite(team, lead_id=cast.lena, now=now), user_id=learner_id, now=now)
    return learner_id


def test_the_preview_stores_nothing_and_its_button_assigns_what_it_said(
    team: str, cast: Cast, browser: Browsers
) -> None:
    lena, ben = browser(cast.lena), add_member(team, cast, "Ben")
    add_member(team, cast, "Cora")
    before = everything()

    page = lena.post(
        f"/cohorts/{team}/assignments/preview",
        fields(who="some", member=[str(ben), str(cast.ada)], extra_minutes="10", attempts="2"),
    ).text

    assert everything() == before
    for said in ("2 of 3 members: Ada, Ben.", "which is at once", "25 minutes, 10 minutes of it extra", "2 attempts"):
        assert said in words(page)
    confirmed = form(page, f"/cohorts/{team}/assignments")
    made = lena.post(confirmed.action, confirmed.sent())
    assert made.status_code == 302
    agreed = words(lena.get(made.location).text)
    for said in ("2 members of Team see it", "25 minutes, 10 of them extra", "2 attempts a member"):
        assert said in agreed
    assert browser(ben).get(made.location).status_code == 200


def test_what_was_previewed_can_be_changed_and_nothing_typed_is_lost(team: str, cast: Cast, browser: Browsers) -> None:
    lena = browser(cast.lena)
    sent = fields(who="some", member=str(cast.ada), assessment="practice/tools", answers="30")
    page = lena.post(f"/cohorts/{team}/assignments/preview", sent).text

    again = lena.post(
        f"/cohorts/{team}/assignments/preview", form(page, f"/cohorts/{team}/assignments").sent(("change", "y"))
    )

    assert again.status_code == 200
    back = form(again.text, "/assignments/preview").sent()
    assert {name: back[name] for name in ("assessment", "answers", "closes_at")} == {
        "assessment": ["practice/tools"],
        "answers": ["30"],
        "closes_at": [sent["closes_at"]],
    }
    assert re.search(rf'name="member" value="{cast.ada}"\s+checked', again.text)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"who": "some"}, "Tick at least one member"),
        ({"who": "all", "member": "1"}, "Choose one of both"),
        ({"member": "987654321"}, "is no member any more"),
        ({"member": str(2**80)}, "is no member any more"),
        ({"member": "Ada"}, "could not be coerced"),
        ({"who": "nobody"}, "Not a valid choice"),
        ({"extra_minutes": "241"}, "between 0 and 240"),
        ({"extra_minutes": "many"}, "Not a valid integer"),
        ({"assessment": "practice/tools", "answers": "4"}, "between 5 and 100"),
        ({"assessment": "practice/tools", "answers": ""}, "Ask for 5 to 100 answers."),
        ({"assessment": "practice/due"}, "Not a valid choice"),
        ({"assessment": "practice/"}, "Not a valid choice"),
    ],
)
def test_bad_input_is_told_before_anything_is_previewed(
    team: str, cast: Cast, browser: Browsers, changed: dict[str, str], told: str
) -> None:
    lena = browser(cast.lena)
    before = everything()

    refused = lena.post(f"/cohorts/{team}/assignments/preview", fields(**changed))

    assert refused.status_code == 400
    assert told in unescape(refused.text)
    assert everything() == before


def test_a_member_who_left_between_the_preview_and_its_button_is_told_and_nothing_is_assigned(
    team: str, cast: Cast, browser: Browsers
) -> None:
    lena, ben = browser(cast.lena), add_member(team, cast, "Ben")
    page = lena.post(f"/cohorts/{team}/assignments/preview", fields(member=[str(ben), str(cast.ada)])).text
    cohorts.leave(team, user_id=ben, now=NOON)
    before = everything()

    refused = lena.post(f"/cohorts/{team}/assignments", form(page, f"/cohorts/{team}/assignments").sent())

    assert refused.status_code == 400
    assert "Nothing was assigned; please tick again." in refused.text
    assert everything() == before


def test_a_cell_of_the_matrix_fills_in_what_and_who(team: str, cast: Cast, browser: Browsers) -> None:
    page = browser(cast.lena).get(f"/cohorts/{team}/assignments?assessment=tools&member={cast.ada}&member=x").text

    filled = form(page, "/assignments/preview").sent()
    assert filled["assessment"] == ["tools"]
    assert re.search(rf'name="member" value="{cast.ada}"\s+checked', page)
    assert re.search(r'value="some" checked', page)


def test_it_can_be_assigned_again_with_new_dates(team: str, cast: Cast, browser: Browsers) -> None:
    made = assign(team, cast, learner_ids=[cast.ada], extra_minutes=15, attempts_allowed=3)
    lena = browser(cast.lena)
    link = re.search(r'href="([^"]*copy=[^"]*)"', lena.get(f"/assignments/{made.public_id}").text)
    assert link

    page = lena.get(unescape(link[1]).partition("#")[0]).text

    filled = form(page, "/assignments/preview").sent()
    assert [filled[name] for name in ("assessment", "extra_minutes", "attempts", "release")] == [
        ["tools"],
        ["15"],
        ["3"],
        ["after the deadline"],
    ]
    assert filled["closes_at"] == [""]
    assert re.search(rf'name="member" value="{cast.ada}"\s+checked', page)
    omar = browser(cast.omar)
    own = omar.post("/cohorts", {"name": "Omar's"}).location
    assert omar.get(f"{own}/assignments?copy={made.public_id}").status_code == 404


def test_an_archived_cohort_has_no_form_and_takes_nothing_new(team: str, cast: Cast, browser: Browsers) -> None:
    with sql.writing() as session:
        session.execute(update(Cohort).values(archived_at=clock.now()))
    lena = browser(cast.lena)

    page = lena.get(f"/cohorts/{team}/assignments").text

    assert "Nothing new can be assigned here." in words(page)
    assert [one for one in forms(page) if "assignments" in one.action] == []
    assert lena.post(f"/cohorts/{team}/assignments", fields()).status_code == 409


# clocks


def test_the_preview_says_when_it_closes_on_other_clocks(team: str, cast: Cast, browser: Browsers) -> None:
    accounts.update_profile(cast.lena, name="Lena", zone="UTC")
    accounts.update_profile(cast.ada, name="Ada", zone="Asia/Kolkata")
    tomorrow = clock.now() + DAY

    page = words(
        browser(cast.lena)
        .post(f"/cohorts/{team}/assignments/preview", fields(closes_at=f"{tomorrow:%Y-%m-%d}T18:00"))
        .text
    )

    assert ", 18:00 in your time, UTC. 1 of them lives by another clock: it is then" in page
    assert ", 23:30 there." in page


def test_a_time_that_occurs_twice_is_the_first_and_the_preview_says_so(
    team: str, cast: Cast, browser: Browsers
) -> None:
    accounts.update_profile(cast.lena, name="Lena", zone="Europe/Berlin")
    night = next(day for day in (clock.now() + number * DAY for number in range(1, 366)) if _falls_back(day))
    lena = browser(cast.lena)

    page = lena.post(f"/cohorts/{team}/assignments/preview", fields(closes_at=f"{night:%Y-%m-%d}T02:30")).text

    assert "Clocks show this time twice that night; the first is meant." in words(page)
    assert f'<time datetime="{night:%Y-%m-%d}T00:30:00Z">' in page
    confirmed = form(page, f"/cohorts/{team}/assignments")
    assert (
        f'<time datetime="{night:%Y-%m-%d}T00:30:00Z">'
        in lena.get(lena.post(confirmed.action, confirmed.sent()).location).text
    )
    usual = lena.post(f"/cohorts/{team}/assignments/preview", fields(closes_at=f"{night:%Y-%m-%d}T03:30")).text
    assert "twice" not in words(usual)


def _falls_back(day: datetime) -> bool:
    """Whether summer time ends in Berlin on this day: the last Sunday of October."""
    return (day.month, day.weekday()) == (10, 6) and day.day > 24


# practice


def test_practice_is_on_the_members_pages_with_the_way_into_it(team: str, cast: Cast, browser: Browsers) -> None:
    made = assign(team, cast, assessment_slug="tools", practice_items=5)
    ada = browser(cast.ada)

    for page in ("/", "/assessments"):
        assert "0 of 5 answers given, until" in words(ada.get(page).text)
        assert 'href="/practice/tools"' in ada.get(page).text
    rules = ada.get(f"/assignments/{made.public_id}").text
    assert "0 of 5 answers given." in words(rules)
    assert "never which, nor whether they were right" in words(rules)
    assert 'href="/practice/tools"' in rules
    assert ada.post(f"/assignments/{made.public_id}/attempts").status_code == 404


def test_the_lead_reads_how_far_everybody_is_with_practice(team: str, cast: Cast, browser: Browsers) -> None:
    made = assign(team, cast, assessment_slug="topic-tools-git", practice_items=5)

    page = words(browser(cast.lena).get(f"/assignments/{made.public_id}").text)

    assert "Of 1 member 1 not opened." in page
    assert "0 of 5" in page
    assert "5 answers in practice. No time limit, no score." in page
    assert "Noticed" not in page


# how far everybody is


def test_the_lead_reads_how_far_everybody_is_and_nothing_of_answers(team: str, cast: Cast, browser: Browsers) -> None:
    made = assign(team, cast, attempts_allowed=2)
    ben = add_member(team, cast, "Ben")
    attempt = assignments.start_assigned(made.public_id, learner_id=cast.ada, now=clock.now())
    attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=attempt.seq, now=clock.now())
    assignments.start_assigned(made.public_id, learner_id=ben, now=clock.now())
    lena = browser(cast.lena)

    page = words(lena.get(f"/assignments/{made.public_id}").text)

    assert "Of 2 members 1 finished, 1 open." in page
    assert re.search(r"Ben Open: time ends on [^:]*:\d\d 1 of 2", page)
    assert re.search(r"Ada Finished on [^:]*:\d\d 1 of 2", page)
    assert "Of 2 members 1 finished, 1 open." in words(lena.get(f"/cohorts/{team}/assignments").text)
    assert "Remind 1 member by mail" in page


def test_a_reminder_goes_to_who_has_not_finished_and_once_a_day(team: str, cast: Cast, browser: Browsers) -> None:
    made = assign(team, cast)
    lena, path = browser(cast.lena), f"/assignments/{made.public_id}"

    assert "Remind 1 member by mail" in lena.get(path).text
    lena.post(f"{path}/reminders")
    page = lena.get(path).text
    assert "1 reminder is written, not sent" in page
    assert f'<a href="/cohorts/{team}/mails">Pass it on from Mails</a>' in page
    assert "Remind 1 member by mail" not in page
    assert "Everybody who has not finished was reminded within the last day." in page
    lena.post(f"{path}/reminders")
    assert "Nobody was reminded" in lena.get(path).text


def test_extra_minutes_are_said_before_the_start(team: str, cast: Cast, browser: Browsers) -> None:
    made = assign(team, cast, extra_minutes=10)
    accommodations.set_own(cast.ada, percent=100, now=clock.now())

    page = words(browser(cast.ada).get(f"/assignments/{made.public_id}").text)

    assert "25 minutes, 10 minutes of it added for everybody, 50 minutes with your extra time" in page
    assert "Start the 50 minutes" in page
    assert "whether, when and in how many attempts you took this" in page


# retakes


@pytest.fixture
def resting(config: Config, app: Flask) -> Flask:
    """The app with the default rest before an assessment can be taken again."""
    return create_app(Config(config.secret_key, config.database_url, config.mongodb_uri, config.instance))


def test_by_default_an_assessment_opens_again_a_day_after_it_ended(resting: Flask, cast: Cast) -> None:
    ada = Browser(resting, cast.ada)
    rules = words(ada.get("/assessments/tools").text)
    assert "but only 1 day after your last attempt at it has ended" in rules
    taken = ada.post("/assessments/tools/attempts").location
    assert ada.post("/assessments/tools/attempts").location == taken
    ada.post(f"{taken}/finish", {"seq": "1"})
    before = everything()

    refused = ada.post("/assessments/tools/attempts")

    assert refused.status_code == 409
    assert "not open to you yet" in refused.text
    assert "It opens on" in words(refused.text)
    assert everything() == before
    page = ada.get("/assessments/tools").text
    assert "Opens again on" in page
    assert [one for one in forms(page) if one.action.endswith("/attempts")] == []
    assert words(ada.get("/assessments").text).count("Opens again on") == 1


def test_without_a_rest_nothing_is_said_of_it(cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    taken = ada.post("/assessments/tools/attempts").location
    ada.post(f"{taken}/finish", {"seq": "1"})

    assert "As often as you like. Questions" in words(ada.get("/assessments/tools").text)
    assert "Opens again" not in ada.get("/assessments").text
    assert ada.post("/assessments/tools/attempts").location != taken
