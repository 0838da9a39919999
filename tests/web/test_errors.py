"""When something is down or wrong: a calm page that says what to do, in time, and nothing changed."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask, Response, request
from pymongo.errors import AutoReconnect
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.conftest import PASSWORD, Cast
from tests.launcher import eventually
from tests.paused import paused
from tests.services.watching import watched_commands
from tests.web.forms import form
from tests.web.stored import everything
from tracker.app import create_app
from tracker.config import Config
from tracker.errors import BankError
from tracker.storage import sql
from tracker.storage.embedded import EmbeddedStore

SECONDS = 10  # the driver alone would wait for 30; the exact limits are held in storage/test_documents.py
HTMX = {"HX-Request": "true"}
ADA = {"email": "ada@example.org", "password": PASSWORD}
Request = tuple[str, dict[str, str] | None]


@pytest.fixture
def flawed_app(config: Config) -> Flask:
    """The app with pages that fail in ways nobody foresaw."""
    app = create_app(config)
    app.add_url_rule("/flawed", view_func=_fail, methods=["GET", "POST"])
    app.add_url_rule("/faulty", view_func=_find_faults)
    app.add_url_rule("/late", "late", view_func=lambda: "done")

    @app.after_request
    def fail_late(response: Response) -> Response:
        if request.path == "/late" and response.status_code == 200:
            raise AutoReconnect("the store went away")
        return response

    return app


def test_without_the_document_store_everything_that_needs_it_is_a_503_and_changes_nothing(
    without_documents: Flask, cast: Cast
) -> None:
    asked = _needing_documents()
    browsers = [Browser(without_documents, cast.ada) for _ in asked]
    before = everything()

    with ThreadPoolExecutor(len(asked)) as threads:
        answers = list(threads.map(_ask, browsers, asked))

    statuses = {path: answer.status_code for (path, _data), answer in zip(asked, answers, strict=True)}
    assert statuses == {path: 503 for path, _data in asked}
    assert all(answer.headers["Retry-After"] == "2" for answer in answers)
    assert all("Sending it again in a moment is safe" in answer.text for answer in answers)
    assert everything() == before


def test_without_the_document_store_nobody_waits_long_for_the_503(without_documents: Flask, cast: Cast) -> None:
    for needing in (("/", None), ("/sign-in", ADA)):
        ada = Browser(without_documents, cast.ada)
        started = time.monotonic()
        assert _ask(ada, needing).status_code == 503
        assert time.monotonic() - started < SECONDS


def test_without_the_document_store_the_pages_that_do_not_need_it_are_there(
    without_documents: Flask, cast: Cast
) -> None:
    ada = Browser(without_documents, cast.ada)
    for path in ("/livez", "/account", "/cohorts"):
        assert ada.get(path).status_code == 200
    for path in ("/", "/sign-in", "/sign-up"):
        assert Browser(without_documents, None).get(path).status_code == 200


def test_while_the_document_store_stands_still_answers_are_a_503_in_time_and_nothing_is_lost(
    app: Flask, cast: Cast, store: EmbeddedStore
) -> None:
    ada = Browser(app, cast.ada)
    path = ada.post("/assessments/language/attempts").location
    place = form(ada.get(path).text, f"{path}/responses")
    sent = place.sent(place.buttons[0])

    with paused(store):
        started = time.monotonic()
        refused = ada.post_bare(place.action, sent, **HTMX)
        assert time.monotonic() - started < SECONDS
        assert refused.status_code == 503

    resumed = time.monotonic()
    while ada.post_bare(place.action, sent).status_code == 503:
        assert time.monotonic() - resumed < 5
    assert form(ada.get(path).text, f"{path}/responses").values["seq"] == ["2"]


def test_after_one_waited_in_vain_for_the_document_store_the_others_are_told_at_once_for_a_moment(
    app: Flask, cast: Cast, store: EmbeddedStore, config: Config
) -> None:
    ada = Browser(app, cast.ada)
    with watched_commands(config) as asked:
        with paused(store):
            assert ada.get("/assessments").status_code == 503
            waited_for = list(asked)
            assert ada.get("/assessments").status_code == 503
            assert asked == waited_for
        assert eventually(lambda: ada.get("/assessments").status_code == 200, seconds=5)


@pytest.mark.parametrize("path", ["/", "/account", "/nowhere", "/attempts/unknown", "/livez", "/assessments"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_without_the_peoples_database_nothing_is_worse_than_a_503(
    app: Flask, cast: Cast, path: str, headers: dict[str, str]
) -> None:
    ada = Browser(app, cast.ada)
    with _broken_people():
        answer = ada.get(path, **headers)
    assert answer.status_code in {200, 404, 503}
    assert (answer.status_code == 503) == ("Retry-After" in answer.headers)
    assert "X-Content-Type-Options" in answer.headers


@pytest.mark.parametrize("path", ["/sign-in", "/account/password", "/cohorts", "/flawed", "/nowhere"])
def test_what_is_sent_without_the_peoples_database_is_not_taken(app: Flask, cast: Cast, path: str) -> None:
    ada = Browser(app, cast.ada)
    with _broken_people():
        answer = ada.post(path, {**ADA, "name": "Team", "current": PASSWORD})
    assert answer.status_code in {404, 503}


def test_the_log_of_a_failing_database_holds_nothing_personal(
    app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Browser(app, None)
    sent = {"email": "eve@example.org", "name": "Eve Example", "zone": "UTC", "password": "four words make one"}
    with _broken_people():
        assert visitor.post("/sign-up", sent).status_code == 503
        assert visitor.post("/sign-in", ADA).status_code == 503
    assert re.search("no such table|does not exist", caplog.text)
    assert not any(word in caplog.text for word in ("example.org", "Eve", "$argon2", PASSWORD, sent["password"]))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unforeseen_error_is_logged_and_answered_calmly(
    flawed_app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture, method: str, headers: dict[str, str]
) -> None:
    answer = getattr(Browser(flawed_app, cast.ada), method)("/flawed", **headers)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "hidden reason" not in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError: hidden reason" in caplog.text


def test_an_error_that_is_no_persons_doing_is_not_told_to_anybody(
    flawed_app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    answer = Browser(flawed_app, cast.ada).get("/faulty")
    assert answer.status_code == 503
    assert "hidden reason" not in answer.text
    assert "hidden reason" in caplog.text
    assert "KeyError" not in caplog.text


def test_a_failure_after_the_page_was_made_is_a_503_too(flawed_app: Flask) -> None:
    answer = Browser(flawed_app, None).get("/late")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "X-Content-Type-Options" in answer.headers


def test_every_error_page_says_what_happened_and_what_to_do(
    app: Flask, flawed_app: Flask, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada, visitor = browser(cast.ada), browser(None)
    path = ada.post("/assessments/language/attempts").location
    sent = form(ada.get(path).text, f"{path}/responses").sent(("then", "1"))
    for _ in range(31):
        too_fast = visitor.post("/sign-in")
    pages = {
        400: ada.post(f"{path}/responses", {**sent, "seq": ""}),
        401: visitor.post(f"{path}/responses", sent),
        404: ada.get("/attempts/unknown"),
        405: ada.get(f"{path}/responses"),
        409: ada.post(f"{path}/finish", {"seq": "7"}),
        413: ada.post(f"{path}/responses", {"answer": "a" * 2**20}),
        429: too_fast,
        503: Browser(flawed_app, cast.ada).get("/flawed"),
    }
    assert {status: page.status_code for status, page in pages.items()} == {status: status for status in pages}
    for status, page in pages.items():
        _title, sentence, way_on = _parts(page.text)
        assert len(sentence) > 20, status
        assert len(way_on) > 5, status
        assert "<nav" in page.text or status == 503


@pytest.mark.parametrize("path", ["/attempts/%ff", "/attempts/%00", "/cohorts/" + "a" * 5000, "/radar/..%2f..%2fetc"])
def test_odd_addresses_are_not_found(cast: Cast, browser: Callable[[int | None], Browser], path: str) -> None:
    assert browser(cast.ada).get(path).status_code == 404


def _parts(page: str) -> tuple[str, str, str]:
    """The heading of an error page, its sentence, and what to do."""
    main = page.partition('<main id="main"')[2].partition("</main>")[0]
    found = re.search(r"<h1>(.+?)</h1>\s*<p[^>]*>(.+?)</p>(.*)", main, re.DOTALL)
    assert found
    title, sentence, rest = (" ".join(re.sub("<[^>]+>", " ", part).split()) for part in found.groups())
    return title, sentence, rest


def _needing_documents() -> list[Request]:
    """Everything that needs the document store."""
    attempt = f"/attempts/{'0' * 32}"
    answer = {"seq": "1", "position": "0", "item": "unknown", "then": "1"}
    eve = {"email": "eve@example.org", "name": "Eve", "zone": "UTC", "password": "four words make one"}
    pages = ("/", "/assessments", "/assessments/tools", "/radar", "/radar/tools", attempt, f"{attempt}/result")
    sent = [(f"{attempt}/{place}", answer) for place in ("responses", "moves", "finish")]
    return [
        *((path, None) for path in pages),
        *sent,
        ("/assessments/tools/attempts", {}),
        ("/sign-in", ADA),
        ("/sign-up", eve),
    ]


def _ask(browser: Browser, request: Request) -> TestResponse:
    """Ask for a page, or send a form."""
    path, data = request
    return browser.get(path) if data is None else browser.post(path, data)


def _fail() -> str:
    raise ZeroDivisionError("hidden reason")


def _find_faults() -> str:
    raise BankError(["hidden reason"])


@contextmanager
def _broken_people() -> Iterator[None]:
    """Every look into the people's database fails."""
    with sql.db.engine.connect() as connection:
        for table in ("users", "sessions"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
        connection.commit()
        try:
            yield
        finally:
            for table in ("users", "sessions"):
                connection.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))
            connection.commit()
