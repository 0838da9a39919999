"""The id of a request, and the line about it."""

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser import Browser
from tests.conftest import Cast
from tracker.app import create_app
from tracker.config import Config

MADE = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged from now on, requests too."""
    caplog.set_level(logging.INFO, logger="skillmark.requests")
    return caplog


def lines(logged: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """The lines about requests."""
    return [line for line in logged.records if line.name == "skillmark.requests"]


@pytest.mark.parametrize("path", ["/", "/livez", "/nowhere", "/account", "/cohorts/x/members/x"])
def test_every_answer_carries_the_id_of_its_request(app: Flask, path: str) -> None:
    client = app.test_client()

    first, second = (client.get(path).headers["X-Request-ID"] for _ in range(2))

    assert MADE.fullmatch(first)
    assert first != second


def test_a_sane_id_of_a_proxy_is_kept(app: Flask) -> None:
    answer = app.test_client().get("/livez", headers={"X-Request-ID": "from-the-proxy_42"})

    assert answer.headers["X-Request-ID"] == "from-the-proxy_42"


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "with space in it", "<script>alert</script>", 'quote"quote"', "äöüäöüäöü"]
)
def test_any_other_id_is_replaced(app: Flask, given: str) -> None:
    answer = app.test_client().get("/livez", headers={"X-Request-ID": given})

    assert MADE.fullmatch(answer.headers["X-Request-ID"])


def test_a_line_names_the_rule_the_status_and_the_person(
    cast: Cast, browser: Callable[[int | None], Browser], logged: pytest.LogCaptureFixture
) -> None:
    browser(cast.ada).get("/attempts/0123456789abcdef0123456789abcdef?q=mine")

    (line,) = lines(logged)
    assert line.message == "request"
    said = {name: getattr(line, name) for name in ("method", "rule", "status", "person")}
    assert said == {"method": "GET", "rule": "/attempts/<attempt_id>", "status": 404, "person": cast.ada}
    assert "0123456789abcdef" not in str(vars(line))


def test_a_request_that_fails_while_it_is_answered_has_one_line_too(
    app: Flask, config: Config, logged: pytest.LogCaptureFixture
) -> None:
    flawed = create_app(config)

    @flawed.after_request
    def fail(_response: object) -> None:
        raise RuntimeError("a flaw")

    answer = flawed.test_client().get("/invitations/a-token-in-the-path")

    assert answer.status_code == 503
    assert [(vars(line)["rule"], vars(line)["status"]) for line in lines(logged)] == [("/invitations/<token>", 503)]
    assert "a-token-in-the-path" not in logged.text


def test_the_page_of_an_error_of_ours_names_the_request_and_others_do_not(
    app: Flask, config: Config, cast: Cast
) -> None:
    flawed = create_app(config)
    flawed.add_url_rule("/flawed", view_func=lambda: 1 / 0)

    page = flawed.test_client().get("/flawed", headers={"X-Request-ID": "ask-about-this"})

    assert page.status_code == 503
    assert "ask-about-this" in page.text
    missing = app.test_client().get("/nowhere")
    assert missing.headers["X-Request-ID"] not in missing.text
