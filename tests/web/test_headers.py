from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient

from tracker.config import Config
from tracker.web import headers

SAFETY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)
SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


def an_app(folder: Path, *, is_https: bool = False) -> Flask:
    app = Flask(__name__)
    config = Config(secret_key="s" * 32, database_url="", mongodb_uri="", instance=folder, is_https=is_https)
    headers.init(app, config)
    app.add_url_rule("/page", view_func=lambda: "<p>Hello</p>", endpoint="page")
    app.add_url_rule("/json", view_func=lambda: jsonify(ok=True), endpoint="json")
    app.add_url_rule("/csv", view_func=lambda: Response("a,b", mimetype="text/csv"), endpoint="csv")
    app.add_url_rule("/download", view_func=download)
    app.add_url_rule("/careless", view_func=careless)
    app.add_url_rule("/broken", view_func=broken)
    return app


def download() -> Response:
    return Response("<p>Mine</p>", headers={"Content-Disposition": "attachment; filename=mine.html"})


def careless() -> Response:
    return Response("kept", headers={"Cache-Control": "public, max-age=60"})


def broken() -> Response:
    raise RuntimeError


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[FlaskClient]:
    with an_app(tmp_path).test_client() as client:
        yield client


def test_a_page_gets_exactly_the_policy_of_the_baseline(browser: FlaskClient) -> None:
    assert browser.get("/page").headers["Content-Security-Policy"] == SAFETY_POLICY


@pytest.mark.parametrize("path", ["/json", "/csv", "/download"])
def test_what_is_not_a_page_is_sandboxed(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).headers["Content-Security-Policy"] == SANDBOX


@pytest.mark.parametrize("path", ["/page", "/json", "/csv", "/download", "/nowhere", "/broken"])
def test_every_answer_has_the_baseline_errors_too(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_view_can_allow_its_answer_to_be_kept(browser: FlaskClient) -> None:
    assert browser.get("/careless").headers["Cache-Control"] == "no-store"


def test_the_permissions_policy_opens_nothing(browser: FlaskClient) -> None:
    features = browser.get("/page").headers["Permissions-Policy"].split(", ")
    assert features
    assert all(feature.endswith("=()") for feature in features)


def test_hsts_is_sent_only_under_tls(tmp_path: Path, browser: FlaskClient) -> None:
    under_tls = an_app(tmp_path, is_https=True).test_client()
    assert under_tls.get("/page").headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in browser.get("/page").headers
