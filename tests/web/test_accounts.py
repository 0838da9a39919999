"""Sign in and out, and one's own account, over HTTP."""

from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from time_machine import travel
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.conftest import PASSWORD, Cast
from tests.web.forms import forms
from tests.web.stored import everything
from tracker import clock
from tracker.app import create_app
from tracker.config import Config
from tracker.services import accounts

EVE = {"email": "eve@example.org", "name": "Eve", "zone": "Europe/Berlin", "password": "four words make one"}
OUR_PAGE = {"Referer": "https://localhost/sign-in"}
ADA = {"email": "ada@example.org", "password": PASSWORD}

Browsers = Callable[[int | None], Browser]


def test_signing_in_leads_to_the_page_that_was_asked_for(cast: Cast, browser: Browsers) -> None:
    visitor = browser(None)
    asked = visitor.get("/radar/tools?from=a&to=b").location
    assert asked
    assert visitor.post(asked, {**ADA, "email": "Ada@Example.org"}).location == "/radar/tools?from=a&to=b"


@pytest.mark.parametrize("sent", [{"password": "not her password"}, {"email": "nobody@example.org"}])
def test_a_refused_sign_in_does_not_say_why_and_changes_nothing(
    cast: Cast, browser: Browsers, sent: dict[str, str]
) -> None:
    before = everything()
    response = browser(None).post("/sign-in", {**ADA, **sent})
    assert response.status_code == 401
    assert "do not belong together" in response.text
    assert PASSWORD not in response.text
    assert everything() == before


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "HTTPS://evil.example",
        "javascript:alert(1)",
        "data:text/html,evil",
        "evil.example",
        "@evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "\x00//evil.example",
        "/\t\\evil.example",
        "\u2028//evil.example",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(cast: Cast, browser: Browsers, elsewhere: str) -> None:
    response = _post_with_query(browser(None), "/sign-in", {"next": elsewhere}, ADA)
    assert response.status_code == 302
    assert response.location == "/"


def test_what_looks_like_another_site_inside_our_path_stays_ours(cast: Cast, browser: Browsers) -> None:
    response = _post_with_query(browser(None), "/sign-in", {"next": "/radar?at=https://evil.example"}, ADA)
    assert response.location == "/radar?at=https://evil.example"


def test_signing_in_replaces_the_session_and_its_form_token(cast: Cast, app: Flask) -> None:
    client = app.test_client()
    page = Context().run(client.get, "/sign-in")
    before = _cookie(client)
    (token,) = forms(page.text)[0].values["csrf_token"]

    assert Context().run(client.post, "/sign-in", data={**ADA, "csrf_token": token}).status_code == 302

    assert _cookie(client) != before
    assert Context().run(client.post, "/sign-out", data={"csrf_token": token}).status_code == 400
    stranger = app.test_client()
    stranger.set_cookie("skillmark", before)
    assert Context().run(stranger.get, "/account").status_code == 302


def test_signing_out_ends_the_session_on_the_server(cast: Cast, app: Flask) -> None:
    client = app.test_client()
    _sign_in(client)
    copied = _cookie(client)
    Context().run(client.post, "/sign-out", data={"csrf_token": _token(client, "/account")})
    client.set_cookie("skillmark", copied)
    assert Context().run(client.get, "/account").status_code == 302


def test_the_cookie_cannot_be_read_by_scripts_or_sent_along_by_other_sites(cast: Cast, app: Flask) -> None:
    cookie = _sign_in(app.test_client()).headers["Set-Cookie"]
    assert cookie.startswith("skillmark=")
    assert _flags(cookie) >= {"HttpOnly", "SameSite=Lax", "Path=/"}


def test_under_tls_the_cookie_is_bound_to_the_host_and_to_tls(cast: Cast, config: Config) -> None:
    secure = create_app(replace(config, is_https=True))
    client = secure.test_client()
    cookie = _sign_in(client, base_url="https://localhost", headers=OUR_PAGE).headers["Set-Cookie"]
    assert cookie.startswith("__Host-skillmark=")
    assert _flags(cookie) >= {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}
    assert "Domain" not in cookie
    assert Context().run(client.get, "/account", base_url="https://localhost").status_code == 200


def test_the_session_token_is_stored_only_as_its_hash(cast: Cast) -> None:
    token = accounts.open_session(cast.ada, now=clock.now())
    assert token not in str(everything())


def test_a_session_idles_out_after_two_hours(cast: Cast, browser: Browsers) -> None:
    now = clock.now()
    with travel(now):
        ada = browser(cast.ada)
    with travel(now + timedelta(minutes=119)):
        assert ada.get("/account").status_code == 200
    with travel(now + timedelta(minutes=119 + 120, seconds=1)):
        assert ada.get("/account").location == "/sign-in?next=/account"
        assert ada.post("/cohorts", {"name": "Team"}).status_code == 401


def test_a_session_in_use_ends_after_twelve_hours(cast: Cast, browser: Browsers) -> None:
    now = clock.now()
    with travel(now):
        ada = browser(cast.ada)
    for hours in range(1, 12):
        with travel(now + timedelta(hours=hours)):
            assert ada.get("/account").status_code == 200
    with travel(now + timedelta(hours=12, seconds=1)):
        assert ada.get("/account").location == "/sign-in?next=/account"


def test_a_changed_password_signs_out_the_other_browsers_and_only_those(cast: Cast, browser: Browsers) -> None:
    here, there, omar = browser(cast.ada), browser(cast.ada), browser(cast.omar)
    new = "another four words"
    assert here.post("/account/password", {"current": PASSWORD, "password": new}).location == "/account"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert omar.get("/account").status_code == 200
    assert browser(None).post("/sign-in", ADA).status_code == 401
    assert browser(None).post("/sign-in", {**ADA, "password": new}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"current": "not her password", "password": "another four words"}, "current"),
        ({"current": "", "password": "another four words"}, "current"),
        ({"current": PASSWORD, "password": "too short"}, "password"),
        ({"current": PASSWORD, "password": "ada@example.org"}, "password"),
    ],
)
def test_a_refused_change_of_password_names_the_field_and_changes_nothing(
    cast: Cast, browser: Browsers, sent: dict[str, str], field: str
) -> None:
    ada = browser(cast.ada)
    before = everything()
    response = ada.post("/account/password", sent)
    assert response.status_code == 400
    assert f'id="{field}-error"' in response.text
    assert "another four words" not in response.text
    assert everything() == before


def test_name_and_zone_can_be_changed(cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    assert ada.post("/account/profile", {"name": " Ada L. ", "zone": "Asia/Tokyo"}).location == "/account"
    page = ada.get("/account").text
    assert 'value="Ada L."' in page
    assert '<option selected value="Asia/Tokyo">' in page


@pytest.mark.parametrize("sent", [{"name": "", "zone": "UTC"}, {"name": "Ada", "zone": "Middle/Earth"}])
def test_a_faulty_profile_changes_nothing(cast: Cast, browser: Browsers, sent: dict[str, str]) -> None:
    ada = browser(cast.ada)
    before = everything()
    assert ada.post("/account/profile", sent).status_code == 400
    assert everything() == before


def test_a_name_is_shown_as_text_whatever_is_in_it(cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    ada.post("/account/profile", {"name": "<script>alert(1)</script>{{ 7 * 7 }}", "zone": "UTC"})
    page = ada.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page


def test_the_thirty_first_sign_in_of_a_minute_has_to_wait_on_every_instance(
    cast: Cast, browser: Browsers, config: Config
) -> None:
    visitor = browser(None)
    statuses = [visitor.post("/sign-in", {"email": "", "password": ""}).status_code for _ in range(30)]
    assert statuses == [400] * 30

    another_instance = Browser(create_app(config), None)
    for refused in (visitor.post("/sign-in", ADA), another_instance.post("/sign-in", ADA)):
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 61
        assert "Set-Cookie" not in refused.headers or "_user_id" not in refused.headers["Set-Cookie"]
    assert visitor.get("/account").status_code == 302


def test_the_limit_leaves_other_addresses_and_other_pages_alone(cast: Cast, app: Flask, browser: Browsers) -> None:
    visitor = browser(None)
    for _ in range(31):
        visitor.post("/sign-in", {"email": "", "password": ""})
    elsewhere = app.test_client()
    assert _sign_in(elsewhere, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 302
    assert visitor.post("/sign-up", EVE).status_code == 302


def test_only_too_many_requests_are_told_to_wait(cast: Cast, browser: Browsers) -> None:
    for sent in (ADA, {**ADA, "password": "not her password"}, {"email": "", "password": ""}):
        assert "Retry-After" not in browser(None).post("/sign-in", sent).headers


def _post_with_query(visitor: Browser, page: str, query: dict[str, str], sent: dict[str, str]) -> TestResponse:
    return visitor.post(f"{page}?{urlencode(query)}", sent)


def _sign_in(client: FlaskClient, **options: Any) -> TestResponse:
    sent = {**ADA, "csrf_token": _token(client, "/sign-in", **options)}
    return Context().run(client.post, "/sign-in", data=sent, **options)


def _token(client: FlaskClient, page: str, **options: Any) -> str:
    shown = Context().run(client.get, page, **options)
    return forms(shown.text)[0].values["csrf_token"][0]


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("skillmark")
    assert cookie
    return cookie.value


def _flags(cookie: str) -> set[str]:
    return {flag.strip() for flag in cookie.split(";")}


@pytest.mark.parametrize("part", ["sessions", "second-factor", "tokens", "data", "address"])
def test_pages_of_the_account_are_marked_in_the_header_and_lead_back_to_it(
    cast: Cast, browser: Browsers, part: str
) -> None:
    page = browser(cast.ada).get(f"/account/{part}").text

    assert '<a href="/account" aria-current="page">Account</a>' in page
    assert '<p class="crumbs"><a href="/account">Account</a></p>' in page
