"""Who gets what: a row for every route and method, a column for everybody.

Ada owns the attempt and is a member of the cohort, Ben is another member, Lena and Cora lead the cohort, Omar leads
another, Vera writes items, Adam is the admin and waits to be let in.
"""

import re
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.conftest import PASSWORD, PROVIDER_AWAY, Cast, add_admin, add_person
from tests.links import add_links
from tests.web.api.client import API
from tests.web.forms import forms, neutral
from tests.web.stored import everything, grown
from tracker import clock
from tracker.assessment.assignment import Release
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.item import Item
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.services import (
    accounts,
    assignments,
    attempts,
    cohort_people,
    cohort_settings,
    cohorts,
    identities,
    item_reports,
    leads,
    notes,
    practice,
    sessions,
    tokens,
)
from tracker.services.identities import Vouched
from tracker.services.tokens import Scope
from tracker.storage import exports as stored_exports
from tracker.storage import notes as stored_notes
from tracker.storage.question_bank import get_bank
from tracker.web.limits import limiter

ACTORS = ("visitor", "ada", "ben", "lena", "cora", "omar", "vera", "adam")
UNKNOWN = {
    "slug": "unknown",
    "area_slug": "unknown",
    "topic_slug": "unknown",
    "attempt_id": "0" * 32,
    "cohort_id": "0" * 32,
    "assignment_id": "0" * 32,
    "invitation_id": "0" * 32,
    "member_id": "987654321",
    "person_id": "987654321",
    "scope_slug": "unknown",
    "item_version": "unknown",
    "report_id": "0" * 32,
    "note_id": "0" * 32,
    "export_id": "0" * 32,
    "token": "unknown",
    "sign_up_token": "unknown",
    "reset_token": "unknown",
    "address_token": "unknown",
    "mail_id": "987654321",
    "item_id": "language/syntax/unknown",
    "user_id": "987654321",
    "role": "author",
    "token_id": "0" * 32,
    "session_id": "0" * 32,
    "identity_id": "987654321",
}


@dataclass(frozen=True)
class Row:
    """One route and method: the status that each of the cast gets, and what is sent."""

    method: str
    rule: str
    visitor: int
    ada: int
    ben: int
    lena: int
    cora: int
    omar: int
    vera: int
    adam: int
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
CODE = {"code": "123456"}
PROOF = {"password": "wrong password!", "code": "123456"}
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
PRACTISED_AREA = "databases"  # no quiz of the scene draws from it, so none holds what is practised
PRACTISED = "/practice/<scope_slug>/answers/<item_version>/<int:number>"
PLACE = "/attempts/<attempt_id>/places/<int:number>"
EXPORT = {"format": "json"}
ERASURE = {"typed": "ada@example.org", "password": PASSWORD}
EXPORTED = "/cohorts/<cohort_id>/exports/<export_id>"
OWN_DATA = "/account/data/download"
DOWNLOADED = (EXPORTED, OWN_DATA)
"""What is written into the audit trail when somebody gets it."""

INVITATION = "/cohorts/<cohort_id>/invitations/<invitation_id>"
LINK = {"days": "7", "most_uses": "3"}
MAILED = {"pasted": "new@example.org"}
SETUP = {"name": "Guild", "sees": "scores", "joining": "approved"}
AGREED = {"agreed_to": "levels", "may_mentor": "y"}
SEES = {"sees": "levels"}
TARGETS = {"tools": "Expert"}
TAKEN = {"template": "api-developer"}
ACCOUNT = "/admin/people/<int(max=2147483647):user_id>"
ROLE = f"{ACCOUNT}/<any(admin, author):role>"
IDENTITY = "/account/identities/<int(max=2147483647):identity_id>"
REQUEST = "/cohorts/<cohort_id>/requests/<int(max=2147483647):person_id>"
MEMBER = "/cohorts/<cohort_id>/members/<int(max=2147483647):member_id>"
BETWEEN = ("/sign-in/code", "/sign-in/oidc", "/sign-in/oidc/callback")
"""What only opens on the way in: nobody comes back to it after signing in."""

FIGURES = "/cohorts/<cohort_id>/figures"
LOGGED = (MEMBER,)
"""What leads open only with a look being noted."""

NOTE = {"text": "Asks good questions."}
TOKEN = {"name": "Nightly", "scopes": "profile:read", "days": "7", "password": PASSWORD}
CONSENT = {"sees": "levels", "consent": "y"}
REPORT = {"kind": "typo", "text": "A letter is missing."}
REPLY = {"text": "It is mended."}
REVIEW = {"state": "under review", "because": "It may have got out."}

# fmt: off
#   method  rule                                               visitor  ada  ben lena cora omar vera adam   what is sent
MATRIX = (
    Row("GET",  "/",                                                   200, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/livez",                                              200, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/readyz",                                             200, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/metrics",                                            404, 404, 404, 404, 404, 404, 404, 404),
    Row("GET",  "/admin/people",                                       302, 404, 404, 404, 404, 404, 404, 200),
    Row("GET",  ACCOUNT,                                               302, 404, 404, 404, 404, 404, 404, 200),
    Row("POST", f"{ROLE}/give",                                        401, 404, 404, 404, 404, 404, 404, 302),
    Row("POST", f"{ROLE}/take",                                        401, 404, 404, 404, 404, 404, 404, 302),
    Row("POST", f"{ACCOUNT}/disable",                                  401, 404, 404, 404, 404, 404, 404, 302),
    Row("POST", f"{ACCOUNT}/enable",                                   401, 404, 404, 404, 404, 404, 404, 302),
    Row("POST", f"{ACCOUNT}/sign-out",                                 401, 404, 404, 404, 404, 404, 404, 302),
    Row("POST", f"{ACCOUNT}/reset",                                    401, 404, 404, 404, 404, 404, 404, 302),
    Row("POST", f"{ACCOUNT}/second-factor",                            401, 404, 404, 404, 404, 404, 404, 302),
    Row("POST", f"{ACCOUNT}/extra-time",                               401, 404, 404, 404, 404, 404, 404, 409, SET),
    Row("GET",  "/admin/audit",                                        302, 404, 404, 404, 404, 404, 404, 200),
    Row("GET",  "/admin/health",                                       302, 404, 404, 404, 404, 404, 404, 200),
    Row("GET",  "/sign-up",                                            200, 302, 302, 302, 302, 302, 302, 302),
    Row("POST", "/sign-up",                                            302, 302, 302, 302, 302, 302, 302, 302, SIGN_UP),
    Row("GET",  "/sign-in",                                            200, 302, 302, 302, 302, 302, 302, 302),
    Row("POST", "/sign-in",                                            302, 302, 302, 302, 302, 302, 302, 302, SIGN_IN),
    Row("POST", "/sign-out",                                           401, 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "/sign-up/asked",                                      200, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/sign-up/confirm/<sign_up_token>",                    200, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/sign-up/confirm/<sign_up_token>",                    302, 302, 302, 302, 302, 302, 302, 302, SIGN_UP),
    Row("GET",  "/password/forgotten",                                 200, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/password/forgotten",                                 302, 302, 302, 302, 302, 302, 302, 302, SIGN_IN),
    Row("GET",  "/password/asked",                                     200, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/password/new/<reset_token>",                         200, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/password/new/<reset_token>",                         302, 302, 302, 302, 302, 302, 302, 302, RENEWAL),
    Row("GET",  "/account/address",                                    302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/account/address",                                    401, 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "/account/address/<address_token>",                    302, 200, 404, 404, 404, 404, 404, 404),
    Row("POST", "/account/address/<address_token>",                    401, 302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "/admin/mails",                                        302, 404, 404, 404, 404, 404, 404, 200),
    Row("GET",  "/admin/mails/<int(max=2147483647):mail_id>",          302, 404, 404, 404, 404, 404, 404, 200),
    Row("GET",  "/account",                                            302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/account/profile",                                    401, 302, 302, 302, 302, 302, 302, 302, PROFILE),
    Row("POST", "/account/extra-time",                                 401, 302, 302, 302, 302, 302, 302, 302, EXTRA),
    Row("POST", "/account/password",                                   401, 302, 302, 302, 302, 302, 302, 302, RENEWAL),
    Row("GET",  "/assessments",                                        302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/assessments/<slug>",                                 302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/assessments/<slug>/attempts",                        401, 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "/attempts/<attempt_id>",                              302, 200, 404, 404, 404, 404, 404, 404),
    Row("POST", "/attempts/<attempt_id>/responses",                    401, 302, 404, 404, 404, 404, 404, 404, ANSWER),
    Row("POST", "/attempts/<attempt_id>/opened",                       401, 200, 404, 404, 404, 404, 404, 404),
    Row("GET",  "/attempts/<attempt_id>/clock",                        302, 200, 404, 404, 404, 404, 404, 404),
    Row("POST", "/attempts/<attempt_id>/flags",                        401, 302, 404, 404, 404, 404, 404, 404, FLAG),
    Row("POST", "/attempts/<attempt_id>/signals",                      401, 204, 404, 404, 404, 404, 404, 404, SIGNAL),
    Row("POST", "/attempts/<attempt_id>/moves",                        401, 302, 404, 404, 404, 404, 404, 404, MOVE),
    Row("POST", "/attempts/<attempt_id>/finish",                       401, 302, 404, 404, 404, 404, 404, 404, FINISH),
    Row("GET",  "/attempts/<attempt_id>/result",                       302, 302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "/attempts/<attempt_id>/result.pdf",                   302, 302, 404, 404, 404, 404, 404, 404),
    Row("GET",  f"{PLACE}/report",                                     302, 409, 404, 404, 404, 404, 404, 404),
    Row("POST", f"{PLACE}/report",                                     401, 409, 404, 404, 404, 404, 404, 404, REPORT),
    Row("GET",  "/practice",                                           302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/practice/<scope_slug>",                              302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/practice/<scope_slug>/answers",                      401, 302, 302, 302, 302, 302, 302, 302, TRY),
    Row("GET",  PRACTISED,                                             302, 200, 404, 404, 404, 404, 404, 404),
    Row("GET",  f"{PRACTISED}/report",                                 302, 200, 404, 404, 404, 404, 404, 404),
    Row("POST", f"{PRACTISED}/report",                                 401, 302, 404, 404, 404, 404, 404, 404, REPORT),
    Row("GET",  "/radar",                                              302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/radar/<area_slug>",                                  302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/radar/<area_slug>/<topic_slug>",                     302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/cohorts",                                            302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/cohorts",                                            401, 302, 302, 302, 302, 302, 302, 302, COHORT),
    Row("GET",  "/cohorts/<cohort_id>",                                302, 200, 200, 200, 200, 404, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/coverage",                       302, 404, 404, 200, 200, 404, 404, 404),
    Row("GET",  FIGURES,                                               302, 404, 404, 200, 200, 404, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/figures/<area_slug>",            302, 404, 404, 200, 200, 404, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/targets",                        302, 404, 404, 200, 200, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/targets",                        401, 404, 404, 302, 302, 404, 404, 404, TARGETS),
    Row("POST", "/cohorts/<cohort_id>/targets/template",               401, 404, 404, 302, 302, 404, 404, 404, TAKEN),
    Row("GET",  "/cohorts/<cohort_id>/exports",                        302, 404, 404, 200, 200, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/exports",                        401, 404, 404, 302, 302, 404, 404, 404, EXPORT),
    Row("GET",  EXPORTED,                                              302, 404, 404, 200, 200, 404, 404, 404),
    Row("POST", f"{EXPORTED}/delete",                                  401, 404, 404, 302, 302, 404, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/people",                         302, 404, 404, 200, 200, 404, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/mails",                          302, 404, 404, 200, 200, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/invitations",                    401, 404, 404, 302, 302, 404, 404, 404, LINK),
    Row("POST", "/cohorts/<cohort_id>/invitations/mailed",             401, 404, 404, 302, 302, 404, 404, 404, MAILED),
    Row("POST", f"{INVITATION}/revoke",                                401, 404, 404, 302, 302, 404, 404, 404),
    Row("POST", f"{REQUEST}/let-in",                                   401, 404, 404, 302, 302, 404, 404, 404),
    Row("POST", f"{REQUEST}/refuse",                                   401, 404, 404, 302, 302, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/request/take-back",              401, 404, 404, 404, 404, 404, 404, 302),
    Row("GET",  "/cohorts/<cohort_id>/settings",                       302, 404, 404, 200, 200, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/settings",                       401, 404, 404, 302, 302, 404, 404, 404, SETUP),
    Row("POST", "/cohorts/<cohort_id>/archive",                        401, 404, 404, 302, 302, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/restore",                        401, 404, 404, 302, 302, 404, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/agreement",                      302, 200, 200, 404, 404, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/agreement",                      401, 302, 302, 404, 404, 404, 404, 404, AGREED),
    Row("POST", "/cohorts/<cohort_id>/step-back",                      401, 404, 404, 302, 302, 404, 404, 404, SEES),
    Row("POST", "/cohorts/<cohort_id>/leave",                          401, 302, 302, 302, 302, 404, 404, 404),
    Row("POST", f"{MEMBER}/lead",                                      401, 404, 404, 302, 302, 404, 404, 404),
    Row("POST", f"{MEMBER}/remove",                                    401, 404, 404, 302, 302, 404, 404, 404),
    Row("GET",  MEMBER,                                                302, 404, 404, 200, 200, 404, 404, 404),
    Row("GET",  f"{MEMBER}/attempts/<attempt_id>",                     302, 404, 404, 404, 404, 404, 404, 404),
    Row("POST", f"{MEMBER}/notes",                                     401, 404, 404, 302, 302, 404, 404, 404, NOTE),
    Row("POST", f"{MEMBER}/notes/<note_id>/remove",                    401, 404, 404, 302, 404, 404, 404, 404),
    Row("GET",  "/cohorts/<cohort_id>/looks",                          302, 200, 200, 404, 404, 404, 404, 404),
    Row("GET",  "/sign-in/code",                                       302, 302, 302, 302, 302, 302, 302, 302),
    Row("POST", "/sign-in/code",                                       302, 302, 302, 302, 302, 302, 302, 302, CODE),
    Row("GET",  "/sign-in/oidc",                                       302, 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "/sign-in/oidc/callback",                              302, 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "/account/identities",                                 302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/account/identities/link",                            302, 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "/account/identities/new",                             302, 302, 302, 302, 302, 302, 302, 302),
    Row("POST", "/account/identities",                                 401, 302, 302, 302, 302, 302, 302, 302),
    Row("POST", f"{IDENTITY}/unlink",                                  401, 302, 404, 404, 404, 404, 404, 404),
    Row("GET",  "/account/sessions",                                   302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/account/sessions/<session_id>/end",                  401, 302, 404, 404, 404, 404, 404, 404),
    Row("POST", "/account/sessions/end-others",                        401, 302, 302, 302, 302, 302, 302, 302),
    Row("GET",  "/account/second-factor",                              302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/account/second-factor/key",                          401, 302, 302, 302, 302, 302, 302, 302),
    Row("POST", "/account/second-factor/drop",                         401, 302, 302, 302, 302, 302, 302, 302),
    Row("POST", "/account/second-factor/confirm",                      401, 400, 400, 400, 400, 400, 400, 400, PROOF),
    Row("POST", "/account/second-factor/codes",                        401, 400, 400, 400, 400, 400, 400, 400, PROOF),
    Row("POST", "/account/second-factor/switch-off",                   401, 400, 400, 400, 400, 400, 400, 400, PROOF),
    Row("GET",  "/account/notes.txt",                                  302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  "/account/data",                                       302, 200, 200, 200, 200, 200, 200, 200),
    Row("GET",  OWN_DATA,                                              302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/account/data/erase",                                 401, 302, 400, 400, 400, 400, 400, 400, ERASURE),
    Row("GET",  "/account/tokens",                                     302, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/account/tokens",                                     401, 200, 200, 200, 200, 200, 200, 200, TOKEN),
    Row("POST", "/account/tokens/<token_id>/revoke",                   401, 302, 404, 404, 404, 404, 404, 404),
    Row("POST", f"{MEMBER}/extra-time",                                401, 404, 404, 409, 409, 404, 404, 404, SET),
    Row("POST", f"{MEMBER}/attempts/<attempt_id>/credits",             401, 404, 404, 302, 302, 404, 404, 404, CREDIT),
    Row("GET",  "/cohorts/<cohort_id>/assignments",                    302, 404, 404, 200, 200, 404, 404, 404),
    Row("POST", "/cohorts/<cohort_id>/assignments",                    401, 404, 404, 302, 302, 404, 404, 404, ASSIGN),
    Row("POST", "/cohorts/<cohort_id>/assignments/preview",            401, 404, 404, 200, 200, 404, 404, 404, ASSIGN),
    Row("GET",  "/assignments/<assignment_id>",                        302, 200, 200, 200, 200, 404, 404, 404),
    Row("POST", "/assignments/<assignment_id>/attempts",               401, 302, 302, 404, 404, 404, 404, 404),
    Row("POST", "/assignments/<assignment_id>/reminders",              401, 404, 404, 302, 302, 404, 404, 404),
    Row("POST", "/assignments/<assignment_id>/withdraw",               401, 404, 404, 302, 302, 404, 404, 404),
    Row("GET",  "/invitations/<token>",                                200, 200, 200, 200, 200, 200, 200, 200),
    Row("POST", "/invitations/<token>/join",                           401, 302, 302, 302, 302, 302, 302, 302, CONSENT),
    Row("GET",  "/bank",                                               302, 404, 404, 404, 404, 404, 200, 200),
    Row("GET",  "/bank/items/<path:item_id>",                          302, 404, 404, 404, 404, 404, 200, 200),
    Row("POST", "/bank/reviews/<path:item_id>",                        401, 404, 404, 404, 404, 404, 302, 302, REVIEW),
    Row("GET",  "/bank/reports",                                       302, 404, 404, 404, 404, 404, 200, 200),
    Row("GET",  "/bank/reports/<report_id>",                           302, 404, 404, 404, 404, 404, 200, 200),
    Row("POST", "/bank/reports/<report_id>",                           401, 404, 404, 404, 404, 404, 302, 302, REPLY),
)
# fmt: on


def _notes(row: Row, actor: str) -> dict[str, int]:
    """By table, how many more rows there are after somebody saw this page, because that itself is noted."""
    is_logged = row.rule in LOGGED or (row.rule, actor) == (EXPORTED, "cora")  # Lena was logged when she asked
    is_first_look = (row.rule, actor) == (FIGURES, "lena")  # then they are made, for a while
    grows = {"looks": is_logged, "audit_events": row.rule in DOWNLOADED, "group_figures": is_first_look}
    return {name: 1 for name, does in grows.items() if does}


def _changes(row: Row, actor: str) -> bool:
    """Whether what this person does may change what is stored."""
    return row.method == "POST" and row.expected(actor) < 400


FOREIGN = [pytest.param(row, id=str(row)) for row in MATRIX if any(row.expected(actor) == 404 for actor in ACTORS)]
UNCHANGING = [pytest.param(row, id=str(row)) for row in MATRIX if not all(_changes(row, actor) for actor in ACTORS)]
CHANGING = [
    pytest.param(row, actor, id=f"{row} by {actor}") for row in MATRIX for actor in ACTORS if _changes(row, actor)
]
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
    ben, cora, adam = (
        add_person("ben@example.org", "Ben"),
        add_person("cora@example.org", "Cora"),
        add_admin("adam@example.org", "Adam"),
    )
    for person in (cast.ada, ben, cora):
        cohorts.join(token, user_id=person, now=now)
    leads.make_lead(cohort.public_id, member_id=cora, lead_id=cast.lena, now=now)
    cohort_settings.change_settings(
        cohort.public_id, lead_id=cast.lena, name="Team", sees=Sees.LEVELS, joining=Joining.APPROVED, now=clock.now()
    )
    cohorts.join(token, user_id=adam, now=now)
    cohorts.create_cohort("Another team", lead_id=cast.omar, now=now)
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
    notes.add_note(cohort.public_id, member_id=cast.ada, lead_id=cast.lena, text="Is quick.", now=now)
    (note,) = stored_notes.list_about(cast.ada, cohort_id=cohort.id)
    export = stored_exports.add(cohort_id=cohort.id, asked_by=cast.lena, format=ExportFormat.JSON, now=now)
    begun = stored_exports.begin(export.id, now=now, silent_for=timedelta())
    assert begun
    stored_exports.finish(begun, b"{}", member_ids=[cast.ada], now=now)
    (invitation,) = cohort_people.open_people(cohort.public_id, lead_id=cast.lena, page=1, now=now).links
    practised, tried = (item.version for item in _plain_items(PRACTISED_AREA)[:2])
    practice.submit_answer(practised, learner_id=cast.ada, seq=0, sent=[], seconds=1, now=now)
    occasion = item_reports.get_practice_occasion(PRACTISED_AREA, practised, 1, learner_id=cast.ada, now=now)
    item_reports.report_item(
        occasion, learner_id=cast.ada, kind="other", text="Something else is odd.", form_id="", now=now
    )
    (report,) = item_reports.list_own(cast.ada, now=now)
    token_made = tokens.make_token(cast.ada, name="Hers", scopes=[Scope.PROFILE_READ], days=7, now=now)
    links = add_links(ada=cast.ada, ben=ben, now=now)
    identities.keep(Vouched(PROVIDER_AWAY.issuer, "ada"), user_id=cast.ada, now=now)
    (identity,) = identities.list_own(cast.ada, issuer=PROVIDER_AWAY.issuer)
    accounts.open_session(cast.ada, now=now)
    (hers,) = sessions.list_sessions(cast.ada, token="", now=now)
    return Scene(
        names={
            **links,
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
            "person_id": str(adam),
            "note_id": note.public_id,
            "export_id": export.public_id,
            "item_id": attempt.form[0].item_id,
            "user_id": str(ben),
            "role": "author",
            "scope_slug": PRACTISED_AREA,
            "item_version": practised,
            "number": "1",
            "report_id": report.report.public_id,
            "token_id": token_made.token.public_id,
            "session_id": hers.public_id,
            "identity_id": str(identity.id),
            "tried": tried,
        },
        browsers={
            "visitor": browser(None),
            "ada": browser(cast.ada),
            "ben": browser(ben),
            "lena": browser(cast.lena),
            "cora": browser(cora),
            "omar": browser(cast.omar),
            "vera": browser(cast.vera),
            "adam": browser(adam),
        },
    )


@pytest.fixture(scope="module")
def left() -> dict[str, Any]:
    """The scene of an earlier test, and what was stored with it."""
    return {}


@pytest.fixture
def standing(whole_app: Flask, left: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The scene of an earlier test while nothing has changed in it, else a new one."""
    with whole_app.app_context():
        is_as_it_was = bool(left) and everything() == left["stored"]
    if not is_as_it_was:
        left["scene"] = request.getfixturevalue("scene")
        left["stored"] = everything()
        yield left["scene"]
        return
    with whole_app.app_context():
        limiter.reset()
        yield left["scene"]


def headers_of(response: TestResponse) -> list[tuple[str, str]]:
    """The headers of an answer but its request's id, which no two have in common."""
    return sorted(header for header in response.headers if header[0] != "X-Request-ID")


def _plain_items(area_slug: str) -> list[Item]:
    """The items of an area that are in use and no families."""
    items = get_bank().items.values()
    return [item for item in items if item.area_slug == area_slug and not item.retired]


def test_every_route_and_method_has_a_row(app: Flask) -> None:
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(API)  # tests/web/api/test_access.py has a row for each of these
    }
    rows = [(row.method, row.rule) for row in MATRIX]
    assert set(rows) == routes
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(("row", "actor"), CHANGING)
def test_who_may_change_something_can(scene: Scene, row: Row, actor: str) -> None:
    assert scene.send(row, actor).status_code == row.expected(actor)


@pytest.mark.parametrize("row", UNCHANGING)
def test_everybody_gets_what_the_matrix_says_and_pages_and_refusals_change_nothing(standing: Scene, row: Row) -> None:
    before = everything()
    for actor in (actor for actor in ACTORS if not _changes(row, actor)):
        response = standing.send(row, actor)

        assert (actor, response.status_code) == (actor, row.expected(actor))
        after = everything()
        assert (actor, grown(before, after)) == (actor, _notes(row, actor) if response.status_code == 200 else {})
        before = after
        if (actor, row.method, response.status_code) == ("visitor", "GET", 302) and row.rule not in BETWEEN:
            assert response.location == f"/sign-in?next={quote(row.path(standing.names))}"


@pytest.mark.parametrize("row", FOREIGN)
def test_what_is_not_yours_looks_like_what_does_not_exist(standing: Scene, row: Row) -> None:
    for actor in (actor for actor in ACTORS if row.expected(actor) == 404):
        foreign = standing.send(row, actor)
        for name in set(UNKNOWN) & set(re.findall(r"(\w+)>", row.rule)):
            unknown = standing.send(row, actor, **{name: UNKNOWN[name]})
            assert unknown.status == foreign.status
            assert neutral(unknown.text) == neutral(foreign.text)
            assert headers_of(unknown) == headers_of(foreign)


@pytest.mark.parametrize("row", POSTS)
def test_a_form_without_our_token_or_with_somebody_elses_is_refused_and_changes_nothing(
    standing: Scene, row: Row, app: Flask
) -> None:
    actor = next(actor for actor in ACTORS if row.expected(actor) not in (401, 404))
    page = Context().run(app.test_client().get, "/sign-in")
    (token,) = forms(page.text)[0].values["csrf_token"]
    before = everything()
    assert standing.send_forged(row, actor).status_code == 400
    assert standing.send_forged(row, actor, csrf_token=token).status_code == 400
    assert everything() == before


@pytest.mark.parametrize("rule", sorted({row.rule for row in MATRIX}))
def test_other_methods_are_refused(app: Flask, rule: str) -> None:
    path = next(row for row in MATRIX if row.rule == rule).path({**UNKNOWN, "number": "1"})
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        assert app.test_client().open(path, method=method).status_code == 405


def test_a_finished_attempt_is_its_learners_alone(scene: Scene) -> None:
    path = f"/attempts/{scene.names['attempt_id']}"
    scene.browsers["ada"].post(f"{path}/finish", {"seq": "1"})
    assert scene.browsers["ada"].get(f"{path}/result").status_code == 200
    assert scene.browsers["lena"].get(f"{path}/result").status_code == 404
    assert scene.browsers["omar"].get(f"{path}/result").status_code == 404


@pytest.mark.parametrize("actor", ["ada", "lena", "omar"])
def test_the_bank_looks_to_others_like_an_address_that_is_not_there(standing: Scene, actor: str) -> None:
    nowhere = standing.browsers[actor].get("/nowhere")
    for path in ("/bank", "/bank?type=single", f"/bank/items/{standing.names['item_id']}"):
        bank = standing.browsers[actor].get(path)
        assert (bank.status, neutral(bank.text)) == (nowhere.status, neutral(nowhere.text))
        assert headers_of(bank) == headers_of(nowhere)


def test_a_lead_cannot_reach_into_another_cohort_through_their_own(scene: Scene) -> None:
    omar = scene.browsers["omar"]
    own = omar.post("/cohorts", {"name": "Omar's"}).location
    before = everything()
    assert omar.post(f"{own}/invitations/{scene.names['invitation_id']}/revoke").status_code == 404
    omar.post(f"{own}/members/{scene.names['member_id']}/remove")
    assert everything() == before
