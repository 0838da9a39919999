"""Who gets what: a row for every route and method, a column for everybody.

Ada owns the attempt and is a member of the cohort, Lena leads the cohort, Omar has nothing to do with either, Vera
writes items.
"""

import re
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.conftest import PASSWORD, Cast
from tests.web.forms import forms, neutral
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.assignment import Release
from tracker.assessment.item import Item
from tracker.services import assignments, attempts, cohorts, item_reports, practice
from tracker.storage.question_bank import get_bank

ACTORS = ("visitor", "ada", "lena", "omar", "vera")
UNKNOWN = {
    "slug": "unknown",
    "area_slug": "unknown",
    "topic_slug": "unknown",
    "attempt_id": "0" * 32,
    "cohort_id": "0" * 32,
    "assignment_id": "0" * 32,
    "invitation_id": "0" * 32,
    "member_id": "987654321",
    "scope_slug": "unknown",
    "item_version": "unknown",
    "report_id": "0" * 32,
    "token": "unknown",
    "item_id": "language/syntax/unknown",
}


@dataclass(frozen=True)
class Row:
    """One route and method: the status that each of the cast gets, and what is sent."""

    method: str
    rule: str
    visitor: int
    ada: int
    lena: int
    omar: int
    vera: int
    data: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    def expected(self, actor: str) -> int:
        """The status that this person gets."""
        return int(getattr(self, actor))

    def path(self, names: dict[str, str]) -> str:
        """Where the request goes."""
        return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: names[found[1]], self.rule)


SIGN_UP = {"email": "eve@example.org", "name": "Eve", "zone": "UTC", "password": "four words make one"}
SIGN_IN = {"email": "ada@example.org", "password": PASSWORD}
PROFILE = {"name": "Eve", "zone": "UTC"}
RENEWAL = {"current": PASSWORD, "password": "another four words"}
ANSWER = {"seq": "1", "position": "0", "item": "{item}", "then": "1"}
MOVE = {"seq": "1", "then": "3"}
FLAG = {"seq": "1", "position": "3", "is_on": "y"}
SIGNAL = {"type": "left", "position": "0", "seconds": "5"}
FINISH = {"seq": "1"}
TRY = {"item": "{tried}", "seq": "0", "shown_at": "0"}
COHORT = {"name": "New"}
ASSIGN = {"assessment": "tools", "closes_at": "{tomorrow}", "attempts": "1", "release": "never"}
EXTRA = {"percent": "50"}
SET = {"percent": "50", "reason": "Agreed with the office."}
CREDIT = {"minutes": "5", "reason": "The alarm rang.", "credit": "c" * 32}
MEMBER = "/cohorts/<cohort_id>/members/<int(max=2147483647):member_id>"
CONSENT = {"consent": "y"}
REPORT = {"kind": "typo", "text": "A letter is missing."}
REPLY = {"text": "It is mended."}
REVIEW = {"state": "under review", "because": "It may have got out."}

# fmt: off
MATRIX = (
    Row("GET",  "/",                                                                  200, 200, 200, 200, 200),
    Row("GET",  "/livez",                                                             200, 200, 200, 200, 200),
    Row("GET",  "/sign-up",                                                           200, 302, 302, 302, 302),
    Row("POST", "/sign-up",                                                           302, 302, 302, 302, 302, SIGN_UP),
    Row("GET",  "/sign-in",                                                           200, 302, 302, 302, 302),
    Row("POST", "/sign-in",                                                           302, 302, 302, 302, 302, SIGN_IN),
    Row("POST", "/sign-out",                                                          401, 302, 302, 302, 302),
    Row("GET",  "/account",                                                           302, 200, 200, 200, 200),
    Row("POST", "/account/profile",                                                   401, 302, 302, 302, 302, PROFILE),
    Row("POST", "/account/extra-time",                                                401, 302, 302, 302, 302, EXTRA),
    Row("POST", "/account/password",                                                  401, 302, 302, 302, 302, RENEWAL),
    Row("GET",  "/assessments",                                                       302, 200, 200, 200, 200),
    Row("GET",  "/assessments/<slug>",                                                302, 200, 200, 200, 200),
    Row("POST", "/assessments/<slug>/attempts",                                       401, 302, 302, 302, 302),
    Row("GET",  "/attempts/<attempt_id>",                                             302, 200, 404, 404, 404),
    Row("POST", "/attempts/<attempt_id>/responses",                                   401, 302, 404, 404, 404, ANSWER),
    Row("POST", "/attempts/<attempt_id>/opened",                                      401, 200, 404, 404, 404),
    Row("GET",  "/attempts/<attempt_id>/clock",                                       302, 200, 404, 404, 404),
    Row("POST", "/attempts/<attempt_id>/flags",                                       401, 302, 404, 404, 404, FLAG),
    Row("POST", "/attempts/<attempt_id>/signals",                                     401, 204, 404, 404, 404, SIGNAL),
    Row("POST", "/attempts/<attempt_id>/moves",                                       401, 302, 404, 404, 404, MOVE),
    Row("POST", "/attempts/<attempt_id>/finish",                                      401, 302, 404, 404, 404, FINISH),
    Row("GET",  "/attempts/<attempt_id>/result",                                      302, 302, 404, 404, 404),
    Row("GET",  "/attempts/<attempt_id>/result.pdf",                                  302, 302, 404, 404, 404),
    Row("GET",  "/attempts/<attempt_id>/places/<int:number>/report",                  302, 409, 404, 404, 404),
    Row("POST", "/attempts/<attempt_id>/places/<int:number>/report",                  401, 409, 404, 404, 404, REPORT),
    Row("GET",  "/practice",                                                          302, 200, 200, 200, 200),
    Row("GET",  "/practice/<scope_slug>",                                             302, 200, 200, 200, 200),
    Row("POST", "/practice/<scope_slug>/answers",                                     401, 302, 302, 302, 302, TRY),
    Row("GET",  "/practice/<scope_slug>/answers/<item_version>/<int:number>",         302, 200, 404, 404, 404),
    Row("GET",  "/practice/<scope_slug>/answers/<item_version>/<int:number>/report",  302, 200, 404, 404, 404),
    Row("POST", "/practice/<scope_slug>/answers/<item_version>/<int:number>/report",  401, 302, 404, 404, 404, REPORT),
    Row("GET",  "/radar",                                                             302, 200, 200, 200, 200),
    Row("GET",  "/radar/<area_slug>",                                                 302, 200, 200, 200, 200),
    Row("GET",  "/radar/<area_slug>/<topic_slug>",                                    302, 200, 200, 200, 200),
    Row("GET",  "/cohorts",                                                           302, 200, 200, 200, 200),
    Row("POST", "/cohorts",                                                           401, 302, 302, 302, 302, COHORT),
    Row("GET",  "/cohorts/<cohort_id>",                                               302, 200, 200, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/results.csv",                                   302, 404, 200, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/invitations",                                   401, 404, 302, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/invitations/<invitation_id>/revoke",            401, 404, 302, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/leave",                                         401, 302, 409, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/members/<int(max=2147483647):member_id>/remove", 401, 404, 302, 404, 404),
    Row("GET",  MEMBER,                                                               302, 404, 200, 404, 404),
    Row("POST", f"{MEMBER}/extra-time",                                               401, 404, 409, 404, 404, SET),
    Row("POST", f"{MEMBER}/attempts/<attempt_id>/credits",                            401, 404, 302, 404, 404, CREDIT),
    Row("GET",  "/cohorts/<cohort_id>/assignments",                                   302, 404, 200, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/assignments",                                   401, 404, 302, 404, 404, ASSIGN),
    Row("GET",  "/assignments/<assignment_id>",                                       302, 200, 200, 404, 404),
    Row("POST", "/assignments/<assignment_id>/attempts",                              401, 302, 404, 404, 404),
    Row("POST", "/assignments/<assignment_id>/withdraw",                              401, 404, 302, 404, 404),
    Row("GET",  "/invitations/<token>",                                               200, 200, 200, 200, 200),
    Row("POST", "/invitations/<token>/join",                                          401, 302, 302, 302, 302, CONSENT),
    Row("GET",  "/bank",                                                              302, 404, 404, 404, 200),
    Row("GET",  "/bank/items/<path:item_id>",                                         302, 404, 404, 404, 200),
    Row("POST", "/bank/reviews/<path:item_id>",                                       401, 404, 404, 404, 302, REVIEW),
    Row("GET",  "/bank/reports",                                                      302, 404, 404, 404, 200),
    Row("GET",  "/bank/reports/<report_id>",                                          302, 404, 404, 404, 200),
    Row("POST", "/bank/reports/<report_id>",                                          401, 404, 404, 404, 302, REPLY),
)
# fmt: on

FOREIGN = [
    pytest.param(row, actor, id=f"{row} by {actor}") for row in MATRIX for actor in ACTORS if row.expected(actor) == 404
]
EVERYBODY = [pytest.param(row, actor, id=f"{row} by {actor}") for row in MATRIX for actor in ACTORS]
POSTS = [pytest.param(row, id=str(row)) for row in MATRIX if row.method == "POST"]


@dataclass(frozen=True)
class Scene:
    """Ada's open attempt, Lena's cohort with Ada in it, and everybody's browser."""

    names: dict[str, str]
    browsers: dict[str, Browser]

    def send(self, row: Row, actor: str, **unknown: str) -> TestResponse:
        """Do what the row says, some of its names replaced."""
        path = row.path({**self.names, **unknown})
        browser = self.browsers[actor]
        return browser.get(path) if row.method == "GET" else browser.post(path, self.data(row))

    def send_forged(self, row: Row, actor: str, **token: str) -> TestResponse:
        """Do what the row says as a foreign page would, with this form token or none."""
        return self.browsers[actor].post_bare(row.path(self.names), {**self.data(row), **token})

    def data(self, row: Row) -> dict[str, str]:
        """What the row sends."""
        return {name: value.format(**self.names) for name, value in row.data.items()}


@pytest.fixture
def scene(app: Flask, cast: Cast, browser: Callable[[int | None], Browser]) -> Scene:
    now = clock.now()
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=now)
    cohort = cohorts.create_cohort("Team", lead_id=cast.lena, now=now)
    token = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=now)
    cohorts.join(token, user_id=cast.ada, now=now)
    assignment = assignments.make_assignment(
        cohort.public_id,
        lead_id=cast.lena,
        assessment_slug="tools",
        opens_at=None,
        closes_at=now + timedelta(days=1),
        attempts_allowed=1,
        release=Release.NEVER,
        now=now,
    )
    (invitation,) = cohorts.review(cohort.public_id, lead_id=cast.lena, now=now).invitations
    practised, tried = (item.version for item in _plain_items("tools")[:2])
    practice.submit_answer(practised, learner_id=cast.ada, seq=0, sent=[], seconds=1, now=now)
    occasion = item_reports.get_practice_occasion("tools", practised, 1, learner_id=cast.ada, now=now)
    item_reports.report_item(
        occasion, learner_id=cast.ada, kind="other", text="Something else is odd.", form_id="", now=now
    )
    (report,) = item_reports.list_own(cast.ada, now=now)
    return Scene(
        names={
            "slug": "tools",
            "area_slug": "tools",
            "topic_slug": "git",
            "attempt_id": attempt.id,
            "item": attempt.form[0].item_version,
            "cohort_id": cohort.public_id,
            "assignment_id": assignment.public_id,
            "tomorrow": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}",
            "token": token,
            "invitation_id": invitation.public_id,
            "member_id": str(cast.ada),
            "item_id": attempt.form[0].item_id,
            "scope_slug": "tools",
            "item_version": practised,
            "number": "1",
            "report_id": report.report.public_id,
            "tried": tried,
        },
        browsers={
            "visitor": browser(None),
            "ada": browser(cast.ada),
            "lena": browser(cast.lena),
            "omar": browser(cast.omar),
            "vera": browser(cast.vera),
        },
    )


def _plain_items(area_slug: str) -> list[Item]:
    """The items of an area that are in use and no families."""
    items = get_bank().items.values()
    return [item for item in items if item.area_slug == area_slug and not item.retired]


def test_every_route_and_method_has_a_row(app: Flask) -> None:
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    rows = [(row.method, row.rule) for row in MATRIX]
    assert set(rows) == routes
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(("row", "actor"), EVERYBODY)
def test_everybody_gets_what_the_matrix_says_and_a_refusal_changes_nothing(scene: Scene, row: Row, actor: str) -> None:
    before = everything()

    response = scene.send(row, actor)

    assert response.status_code == row.expected(actor)
    if row.method == "GET" or response.status_code >= 400:
        assert everything() == before
    if (actor, row.method, response.status_code) == ("visitor", "GET", 302):
        assert response.location == f"/sign-in?next={quote(row.path(scene.names))}"


@pytest.mark.parametrize(("row", "actor"), FOREIGN)
def test_what_is_not_yours_looks_like_what_does_not_exist(scene: Scene, row: Row, actor: str) -> None:
    foreign = scene.send(row, actor)
    for name in set(UNKNOWN) & set(re.findall(r"(\w+)>", row.rule)):
        unknown = scene.send(row, actor, **{name: UNKNOWN[name]})
        assert unknown.status == foreign.status
        assert neutral(unknown.text) == neutral(foreign.text)
        assert sorted(unknown.headers) == sorted(foreign.headers)


@pytest.mark.parametrize("row", POSTS)
def test_a_form_without_our_token_is_refused_and_changes_nothing(scene: Scene, row: Row) -> None:
    actor = next(actor for actor in ACTORS if row.expected(actor) not in (401, 404))
    before = everything()
    assert scene.send_forged(row, actor).status_code == 400
    assert everything() == before


@pytest.mark.parametrize("row", POSTS)
def test_a_form_with_somebody_elses_token_is_refused_and_changes_nothing(scene: Scene, row: Row, app: Flask) -> None:
    actor = next(actor for actor in ACTORS if row.expected(actor) not in (401, 404))
    page = Context().run(app.test_client().get, "/sign-in")
    (token,) = forms(page.text)[0].values["csrf_token"]
    before = everything()
    assert scene.send_forged(row, actor, csrf_token=token).status_code == 400
    assert everything() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("rule", sorted({row.rule for row in MATRIX}))
def test_other_methods_are_refused(scene: Scene, app: Flask, rule: str, method: str) -> None:
    path = next(row for row in MATRIX if row.rule == rule).path(scene.names)
    assert app.test_client().open(path, method=method).status_code == 405


def test_a_finished_attempt_is_its_learners_alone(scene: Scene) -> None:
    path = f"/attempts/{scene.names['attempt_id']}"
    scene.browsers["ada"].post(f"{path}/finish", {"seq": "1"})
    assert scene.browsers["ada"].get(f"{path}/result").status_code == 200
    assert scene.browsers["lena"].get(f"{path}/result").status_code == 404
    assert scene.browsers["omar"].get(f"{path}/result").status_code == 404


@pytest.mark.parametrize("actor", ["ada", "lena", "omar"])
def test_the_bank_looks_to_others_like_an_address_that_is_not_there(scene: Scene, actor: str) -> None:
    nowhere = scene.browsers[actor].get("/nowhere")
    for path in ("/bank", "/bank?type=single", f"/bank/items/{scene.names['item_id']}"):
        bank = scene.browsers[actor].get(path)
        assert (bank.status, neutral(bank.text)) == (nowhere.status, neutral(nowhere.text))
        assert sorted(bank.headers) == sorted(nowhere.headers)


def test_a_lead_cannot_reach_into_another_cohort_through_their_own(scene: Scene) -> None:
    omar = scene.browsers["omar"]
    own = omar.post("/cohorts", {"name": "Omar's"}).location
    before = everything()
    assert omar.post(f"{own}/invitations/{scene.names['invitation_id']}/revoke").status_code == 404
    omar.post(f"{own}/members/{scene.names['member_id']}/remove")
    assert everything() == before
