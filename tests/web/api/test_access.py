"""Who gets what of the API: a row for every operation, a column for every token.

Ada owns the attempt and is a member of the cohort, Ben is another member, Lena and Cora lead the cohort, Omar leads
another, Adam is the admin.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.conftest import Cast, add_admin, add_person
from tests.web.api.client import API, Client
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.export_format import ExportFormat
from tracker.services import attempts, cohorts, exports, leads
from tracker.services.tokens import Scope
from tracker.web.api.operation import OPERATIONS

PROBLEM = "application/problem+json"
ACTORS = ("ada", "ben", "lena", "cora", "omar", "adam")


@dataclass(frozen=True)
class Row:
    """One operation: the status that each token gets, and what is sent."""

    method: str
    rule: str
    ada: int
    ben: int
    lena: int
    cora: int
    omar: int
    adam: int
    body: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    def expected(self, actor: str) -> int:
        """The status that this person gets."""
        return int(getattr(self, actor))


ANSWER = {"seq": 1, "position": 0, "item_version": "{item}", "answer": [], "then": 1}
ATTEMPT = "/attempts/<attempt_id>"
COHORT = "/cohorts/<cohort_id>"

# fmt: off
#   method  rule                                             ada  ben lena cora omar adam  what is sent
MATRIX = (
    Row("GET",  "/roadmap",                               200, 200, 200, 200, 200, 200),
    Row("GET",  "/roadmap/topics/<area_slug>/<topic_slug>", 200, 200, 200, 200, 200, 200),
    Row("GET",  "/assessments",                           200, 200, 200, 200, 200, 200),
    Row("GET",  "/assessments/<slug>",                    200, 200, 200, 200, 200, 200),
    Row("POST", "/assessments/<slug>/attempts",           200, 201, 201, 201, 201, 201),
    Row("GET",  "/attempts",                              200, 200, 200, 200, 200, 200),
    Row("GET",  ATTEMPT,                                  200, 404, 404, 404, 404, 404),
    Row("GET",  f"{ATTEMPT}/item",                        200, 404, 404, 404, 404, 404),
    Row("POST", f"{ATTEMPT}/answers",                     200, 404, 404, 404, 404, 404, ANSWER),
    Row("POST", f"{ATTEMPT}/finish",                      200, 404, 404, 404, 404, 404, {"seq": 1}),
    Row("GET",  f"{ATTEMPT}/result",                      409, 404, 404, 404, 404, 404),
    Row("GET",  "/me",                                    200, 200, 200, 200, 200, 200),
    Row("GET",  "/me/skills",                             200, 200, 200, 200, 200, 200),
    Row("GET",  "/me/history",                            200, 200, 200, 200, 200, 200),
    Row("GET",  "/me/next-steps",                         200, 200, 200, 200, 200, 200),
    Row("GET",  "/cohorts",                               200, 200, 200, 200, 200, 200),
    Row("GET",  COHORT,                                   404, 404, 200, 200, 404, 404),
    Row("GET",  f"{COHORT}/members",                      404, 404, 200, 200, 404, 404),
    Row("GET",  f"{COHORT}/matrix",                       404, 404, 200, 200, 404, 404),
    Row("GET",  f"{COHORT}/export",                       404, 404, 200, 200, 404, 404),
    Row("POST", f"{COHORT}/exports",                      404, 404, 201, 201, 404, 404),
    Row("GET",  f"{COHORT}/exports/<export_id>",          404, 404, 200, 200, 404, 404),
    Row("GET",  f"{COHORT}/exports/<export_id>/file",     404, 404, 200, 200, 404, 404),
)
# fmt: on
FOREIGN = [row for row in MATRIX if any(row.expected(actor) == 404 for actor in ACTORS)]
UNKNOWN = {
    "attempt_id": "0" * 32,
    "cohort_id": "0" * 32,
    "export_id": "0" * 32,
    "slug": "unknown",
    "area_slug": "unknown",
}


@dataclass
class Scene:
    """Ada's attempt, Lena's cohort with Ada in it, and the programs of all who may ask."""

    app: Flask
    people: dict[str, int]
    names: dict[str, str]
    clients: dict[tuple[str, tuple[Scope, ...]], Client] = field(default_factory=dict)

    def send(self, row: Row, actor: str, *scopes: Scope, **names: str) -> TestResponse:
        """Send a row's request with a token of this person's, of every scope unless told."""
        if (actor, scopes) not in self.clients:
            self.clients[actor, scopes] = Client(self.app, self.people[actor], *scopes)
        return self._send(self.clients[actor, scopes], row, names)

    def send_bare(self, row: Row) -> TestResponse:
        """Send a row's request without a token."""
        return self._send(Client(self.app, None), row, {})

    def path(self, row: Row, **names: str) -> str:
        """Where a row's request goes."""
        return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: {**self.names, **names}[found[1]], row.rule)

    def _send(self, client: Client, row: Row, names: dict[str, str]) -> TestResponse:
        path = self.path(row, **names)
        if row.method == "GET":
            return client.get(path)
        body = {name: self.names["item"] if value == "{item}" else value for name, value in row.body.items()}
        return client.post(path, body or None)


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """All that is somebody's."""
    now = clock.now()
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=now)
    cohort = cohorts.create_cohort("Team", lead_id=cast.lena, now=now)
    people = {
        "ada": cast.ada,
        "ben": add_person("ben@example.org", "Ben"),
        "lena": cast.lena,
        "cora": add_person("cora@example.org", "Cora"),
        "omar": cast.omar,
        "adam": add_admin("adam@example.org", "Adam"),
    }
    invitation = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=now)
    for member in ("ada", "ben", "cora"):
        cohorts.join(invitation, user_id=people[member], now=now)
    leads.make_lead(cohort.public_id, member_id=people["cora"], lead_id=cast.lena, now=now)
    made = exports.ask_for(cohort.public_id, ExportFormat.JSON, lead_id=cast.lena, now=now)
    cohorts.create_cohort("Another team", lead_id=cast.omar, now=now)
    return Scene(
        app=app,
        people=people,
        names={
            "attempt_id": attempt.id,
            "item": attempt.form[0].item_version,
            "cohort_id": cohort.public_id,
            "export_id": made.export.public_id,
            "slug": "language",
            "area_slug": "language",
            "topic_slug": "syntax",
        },
    )


def test_every_operation_has_a_row(app: Flask) -> None:
    rows = [(row.method, API + row.rule) for row in MATRIX]
    assert set(rows) == set(_scopes(app))
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_everybody_gets_what_the_matrix_says(scene: Scene, row: Row) -> None:
    for actor in ACTORS:
        assert (actor, scene.send(row, actor).status_code) == (actor, row.expected(actor))


@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_without_a_token_or_its_scope_nobody_gets_anything(
    scene: Scene, row: Row, browser: Callable[[int | None], Browser]
) -> None:
    needed = _scopes(scene.app)[row.method, API + row.rule]
    others = [one for one in Scope if one != needed]
    path = API + scene.path(row)
    ada = browser(scene.people["ada"])
    before = _kept()

    bare = scene.send_bare(row)
    by_cookie = ada.get(path) if row.method == "GET" else ada.post(path)
    narrow = [scene.send(row, "ada", *others)] if needed else []

    assert [bare.status_code, by_cookie.status_code] == [401, 401]
    assert [one.status_code for one in narrow] == [403] * len(narrow)
    assert {one.mimetype for one in (bare, by_cookie, *narrow)} == {PROBLEM}
    assert _kept() == before


@pytest.mark.parametrize("row", FOREIGN, ids=str)
def test_what_is_not_yours_looks_like_what_does_not_exist_and_nothing_changes(scene: Scene, row: Row) -> None:
    before = _kept()
    for actor in (actor for actor in ACTORS if row.expected(actor) == 404):
        foreign = scene.send(row, actor)
        unknown = scene.send(row, actor, **UNKNOWN)
        assert (foreign.status, foreign.text) == (unknown.status, unknown.text)
        assert sorted(foreign.headers.keys()) == sorted(unknown.headers.keys())
    assert _kept() == before


def test_other_methods_are_refused(whole_app: Flask) -> None:
    nobody = Client(whole_app, None)
    for rule in {row.rule for row in MATRIX}:
        path = re.sub(r"<(?:[^:>]+:)?(\w+)>", "1", rule)
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            refused = nobody.send(method, path)
            assert (rule, refused.status_code, refused.mimetype) == (rule, 405, PROBLEM)


def _scopes(app: Flask) -> dict[tuple[str, str], Scope | None]:
    """The scope that each operation needs, by method and rule."""
    return {
        (method, rule.rule): OPERATIONS[app.view_functions[rule.endpoint]].scope
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(API) and rule.rule != f"{API}/openapi.json"
    }


def _kept() -> dict[str, list[Any]]:
    """What both stores hold, the tokens left out: each request here has one of its own."""
    kept = everything()
    for name in ("api_tokens", "audit_events"):
        kept.pop(name)
    return kept
