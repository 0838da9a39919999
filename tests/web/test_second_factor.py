"""The second factor over HTTP: set up, asked for at every way in, switched off."""

import re
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import text
from time_machine import Traveller, travel

from tests.browser import Browser
from tests.conftest import NOON, PASSWORD, Cast, add_admin
from tests.services.test_second_factor import set_up
from tests.web.stored import everything
from tracker.services import second_factor
from tracker.storage import sql

Browsers = Callable[[int | None], Browser]

PAGE = "/account/second-factor"
ADA = {"email": "ada@example.org", "password": PASSWORD}


@pytest.fixture
def time() -> Iterator[Traveller]:
    """The clock, at noon."""
    with travel(NOON, tick=False) as time:
        yield time


def key_on(page: str) -> str:
    """The key that the page shows."""
    found = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


def codes_on(page: str) -> list[str]:
    """The recovery codes that the page shows."""
    return re.findall(r"<li><code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code></li>", page)


def test_it_is_set_up_with_an_app_and_gives_recovery_codes_once(time: Traveller, cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    assert "It is off." in ada.get(PAGE).text
    assert ada.post(f"{PAGE}/key").location == PAGE
    page = ada.get(PAGE).text
    app = TOTP(key_on(page))
    assert "<svg" in page

    switched = ada.post(f"{PAGE}/confirm", {"password": PASSWORD, "code": app.now()})

    assert switched.status_code == 200
    assert switched.headers["Cache-Control"] == "no-store"
    assert len(codes_on(switched.text)) == 10
    later = ada.get(PAGE).text
    assert "10 recovery codes left" in later
    assert codes_on(later) == []
    assert app.secret not in later


def test_not_now_forgets_a_key_and_no_second_factor_that_is_on(cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    ada.post(f"{PAGE}/key")
    assert "It is not on yet" in ada.get(PAGE).text

    assert ada.post(f"{PAGE}/drop").location == PAGE
    assert "It is off." in ada.get(PAGE).text

    set_up(cast.ada)
    ada.post(f"{PAGE}/drop")
    assert second_factor.is_on(cast.ada)


@pytest.mark.parametrize("sent", [{}, {"password": PASSWORD}, {"password": PASSWORD, "code": "1" * 41}])
def test_a_form_that_says_too_little_or_too_much_changes_nothing(
    cast: Cast, browser: Browsers, sent: dict[str, str]
) -> None:
    set_up(cast.ada)
    ada = browser(cast.ada)
    before = everything()

    for deed in ("confirm", "codes", "switch-off"):
        assert ada.post(f"{PAGE}/{deed}", sent).status_code == 400

    assert everything() == before


def test_a_wrong_code_is_said_at_its_field_and_the_key_stays(cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    ada.post(f"{PAGE}/key")
    key = key_on(ada.get(PAGE).text)

    refused = ada.post(f"{PAGE}/confirm", {"password": PASSWORD, "code": "000000"})

    assert refused.status_code == 400
    assert "This code is not right" in refused.text
    assert key_on(refused.text) == key


def test_after_the_password_a_code_is_asked_for_and_nobody_is_signed_in_before_it(
    time: Traveller, cast: Cast, browser: Browsers
) -> None:
    app, _ = set_up(cast.ada)
    time.shift(timedelta(minutes=5))
    visitor = browser(None)

    asked = visitor.post("/sign-in?next=/radar", ADA)

    assert asked.location == "/sign-in/code?next=/radar"
    assert "Your code" in visitor.get(asked.location).text
    assert visitor.get("/radar").status_code == 302
    assert sql.session().execute(text("SELECT count(*) FROM sessions")).scalar() == 0
    assert visitor.post(asked.location, {"code": app.now()}).location == "/radar"
    assert visitor.get("/radar").status_code == 200


def test_a_wrong_code_signs_nobody_in_and_can_be_mended(time: Traveller, cast: Cast, browser: Browsers) -> None:
    _, codes = set_up(cast.ada)
    visitor = browser(None)
    asked = visitor.post("/sign-in", ADA).location or ""

    refused = visitor.post(asked, {"code": "000000"})
    assert refused.status_code == 401
    assert "This code is not right" in refused.text
    assert visitor.post(asked, {"code": ""}).status_code == 400

    assert visitor.post(asked, {"code": codes[0]}).location == "/"
    assert visitor.get("/account").status_code == 200


def test_after_five_minutes_or_five_wrong_codes_the_password_is_asked_for_again(
    time: Traveller, cast: Cast, browser: Browsers
) -> None:
    app, _ = set_up(cast.ada)
    late, wrong = browser(None), browser(None)
    asked = late.post("/sign-in", ADA).location or ""
    wrong.post("/sign-in", ADA)
    for _ in range(5):
        assert wrong.post(asked, {"code": "000000"}).status_code == 401
    time.shift(timedelta(minutes=5))

    for visitor in (late, wrong):
        refused = visitor.post(asked, {"code": app.now()})
        assert refused.location == "/sign-in?next=/"
        assert "Please sign in once more" in visitor.get(refused.location).text
        assert visitor.get("/account").status_code == 302


def test_without_a_ticket_there_is_no_code_to_give(cast: Cast, browser: Browsers) -> None:
    visitor = browser(None)

    assert visitor.get("/sign-in/code?next=/radar").location == "/sign-in?next=/radar"
    assert visitor.post("/sign-in/code", {"code": "123456"}).location == "/sign-in"
    assert browser(cast.ada).get("/sign-in/code").location == "/"


def test_a_person_disabled_between_password_and_code_gets_no_session(
    time: Traveller, cast: Cast, browser: Browsers
) -> None:
    _, codes = set_up(cast.ada)
    visitor = browser(None)
    asked = visitor.post("/sign-in", ADA).location or ""
    with sql.writing() as session:
        session.execute(text("UPDATE users SET disabled_at = created_at"))

    assert visitor.post(asked, {"code": codes[0]}).status_code == 401
    assert visitor.get("/account").status_code == 302


def test_the_cookie_between_password_and_code_holds_a_ticket_and_nothing_else(
    app: Flask, time: Traveller, cast: Cast
) -> None:
    set_up(cast.ada)
    client = app.test_client()
    page = Context().run(client.get, "/sign-in").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found

    Context().run(partial(client.post, "/sign-in", data={**ADA, "csrf_token": found[1]}))

    with client.session_transaction() as session:
        assert set(session) == {"ticket"}
        assert len(session["ticket"]) == 43
        assert session["ticket"] not in repr(everything())


def test_it_is_switched_off_and_new_codes_are_made_from_one_form(
    time: Traveller, cast: Cast, browser: Browsers
) -> None:
    app, old = set_up(cast.ada)
    ada = browser(cast.ada)
    time.shift(timedelta(minutes=5))

    renewed = ada.post(f"{PAGE}/codes", {"password": PASSWORD, "code": app.now()})
    assert len(codes_on(renewed.text)) == 10
    assert not set(codes_on(renewed.text)) & set(old)

    time.shift(timedelta(minutes=5))
    assert ada.post(f"{PAGE}/switch-off", {"password": PASSWORD, "code": app.now()}).location == PAGE
    assert "It is off." in ada.get(PAGE).text
    assert browser(None).post("/sign-in", ADA).location == "/"


def test_who_has_no_password_is_asked_for_none(time: Traveller, cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    with sql.writing() as session:
        session.execute(text("UPDATE users SET password_hash = ''"))
    ada.post(f"{PAGE}/key")
    page = ada.get(PAGE).text
    assert 'type="password"' not in page

    assert ada.post(f"{PAGE}/confirm", {"code": TOTP(key_on(page)).now()}).status_code == 200


def test_an_admin_switches_off_somebody_elses_and_not_their_own(cast: Cast, browser: Browsers) -> None:
    adam_id = add_admin("adam@example.org", "Adam")
    adam = browser(adam_id)
    assert "Second factor" not in adam.get(f"/admin/people/{cast.ada}").text
    for person_id in (cast.ada, adam_id):
        set_up(person_id)
    assert "Second factor" in adam.get(f"/admin/people/{cast.ada}").text

    assert adam.post(f"/admin/people/{cast.ada}/second-factor").status_code == 302
    assert adam.post(f"/admin/people/{adam_id}/second-factor").status_code == 409

    assert (second_factor.is_on(cast.ada), second_factor.is_on(adam_id)) == (False, True)
