"""What every answer of the real app carries, whatever it answers."""

from collections.abc import Iterator
from contextvars import Context
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.web.api.client import Client
from tests.web.test_access_matrix import MATRIX, UNKNOWN
from tests.web.test_headers import SAFETY_POLICY, SANDBOX
from tracker import config
from tracker.app import BODY_LIMIT, create_app
from tracker.web.headers import CLOSED_FEATURES

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED_FEATURES),
}
TRANSPORT = "Strict-Transport-Security"
PREFLIGHT = {
    "Origin": "https://evil.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization",
}


@pytest.fixture(scope="module")
def secure_app(whole_app: Flask, config: config.Config) -> Flask:
    """The app as it is behind a proxy that speaks TLS."""
    return create_app(replace(config, is_https=True))


def answers(app: Flask, **options: str) -> Iterator[tuple[int, TestResponse]]:
    """An answer of every kind, with the status it should have."""
    file = str(app.jinja_env.globals["static_url"]("css/site.css"))  # type: ignore[operator]
    client = app.test_client()

    def ask(path: str, method: str = "GET", headers: dict[str, str] | None = None, data: bytes = b"") -> TestResponse:
        form = "application/x-www-form-urlencoded" if data else None
        return Context().run(client.open, path, method=method, headers=headers, data=data, content_type=form, **options)

    whole = ask(file)
    known = {"If-None-Match": whole.headers["ETag"], "If-Modified-Since": whole.headers["Last-Modified"]}
    yield from [
        (200, ask("/")),
        (200, ask("/", "HEAD")),
        (200, ask("/", "OPTIONS")),
        (200, ask("/livez")),
        (302, ask("/account")),
        (404, ask("/nowhere")),
        (404, ask("/static/css/nothing.css")),
        (405, ask("/sign-out")),
        (400, ask("/sign-in", "POST", data=b"email=ada%40example.org")),
        (413, ask("/sign-in", "POST", data=b"a" * (BODY_LIMIT + 1))),
        (200, whole),
        (200, ask(file, "HEAD")),
        (200, ask(file, headers=known)),
        (200, ask("/api/v1/openapi.json")),
        (401, ask("/api/v1/me")),
        (404, ask("/api/v1/nothing")),
    ]


def test_every_kind_of_answer_carries_the_baseline(app: Flask) -> None:
    for status, answer in answers(app):
        assert answer.status_code == status, answer.request.path
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, answer.request.path
        is_page = answer.mimetype == "text/html"
        assert answer.headers["Content-Security-Policy"] == (SAFETY_POLICY if is_page else SANDBOX)
        assert TRANSPORT not in answer.headers


@pytest.mark.usefixtures("app")
def test_under_tls_every_kind_of_answer_says_so(secure_app: Flask) -> None:
    for status, answer in answers(secure_app, base_url="https://localhost"):
        assert (answer.status_code, answer.headers[TRANSPORT]) == (status, "max-age=31536000")


def test_only_files_with_a_name_of_their_content_are_kept(app: Flask, cast: Cast) -> None:
    for status, answer in answers(app):
        is_file = "/static/" in answer.request.path and status != 404
        kept = "max-age=315360000, public, immutable" if is_file else "no-store"
        assert answer.headers["Cache-Control"] == kept, answer.request.path
    assert Client(app, cast.ada).get("/me").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("rule", sorted({row.rule for row in MATRIX} | {"/api/v1/me", "/api/v1/attempts"}))
def test_no_other_site_is_ever_let_in(app: Flask, rule: str) -> None:
    row = next((row for row in MATRIX if row.rule == rule), None)
    path = row.path({**UNKNOWN, "number": "1"}) if row else rule
    for method in ("OPTIONS", "GET"):
        answer = Context().run(app.test_client().open, path, method=method, headers=PREFLIGHT)
        assert [name for name, _ in answer.headers if name.startswith("Access-Control-")] == []
