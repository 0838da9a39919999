"""Signing up over HTTP: with mails that leave the machine, and without."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import travel

from tests.browser import Browser
from tests.conftest import PASSWORD, Cast
from tests.web.mailing import link_to, mailing, texts_to
from tests.web.stored import everything
from tracker import clock
from tracker.config import Config
from tracker.storage import sql
from tracker.storage.tables import User

EVE = {"email": "eve@example.org", "name": "Eve", "zone": "Europe/Berlin", "password": "four words make one"}
WORDS = "Your account is ready if this address was new"
SIGN_IN = {"email": EVE["email"], "password": EVE["password"]}
ADDRESS = {"email": EVE["email"]}
CHOSEN = {name: typed for name, typed in EVE.items() if name != "email"}
MINUTE = timedelta(minutes=1)

Browsers = Callable[[int | None], Browser]


@pytest.fixture
def by_mail(app: Flask, config: Config) -> Iterator[None]:
    """Mails leave the machine."""
    with mailing(app, config):
        yield


def user(email: str) -> User | None:
    sql.session().rollback()
    sql.session().expire_all()
    return sql.session().scalar(select(User).where(User.email == email))


# without a mail server


def test_without_mails_an_account_is_there_at_once_and_its_owner_signs_in(app: Flask, browser: Browsers) -> None:
    eve = browser(None)
    assert eve.post("/sign-up", EVE).location == "/sign-in"
    page = eve.get("/sign-in").text
    assert WORDS in page
    assert 'value="eve@example.org"' in page
    assert eve.get("/account").status_code == 302

    assert eve.post("/sign-in", SIGN_IN).location == "/"
    page = eve.get("/account").text
    assert "eve@example.org" in page
    assert "Europe/Berlin" in page
    assert "Show that this address is yours" in page


def test_an_unknown_time_zone_at_sign_up_becomes_utc(browser: Browsers) -> None:
    eve = browser(None)
    eve.post("/sign-up", {**EVE, "zone": "Middle/Earth"})
    eve.post("/sign-in", SIGN_IN)
    assert '<option selected value="UTC">' in eve.get("/account").text


def test_an_address_has_one_account_however_it_is_written_and_nobody_is_told(cast: Cast, browser: Browsers) -> None:
    before = everything()
    visitor = browser(None)
    assert visitor.post("/sign-up", {**EVE, "email": " ADA@Example.org "}).location == "/sign-in"
    assert WORDS in visitor.get("/sign-in").text
    after = everything()
    assert [event[3] for event in after.pop("audit_events")] == ["account.asked-again"]
    assert {**after, "audit_events": []} == before
    assert visitor.post("/sign-in", {"email": "ada@example.org", "password": EVE["password"]}).status_code == 401


def test_the_page_that_was_asked_for_comes_after_signing_in(browser: Browsers) -> None:
    eve = browser(None)
    assert eve.post("/sign-up?next=/radar/tools", EVE).location == "/sign-in?next=/radar/tools"
    assert eve.post("/sign-in?next=/radar/tools", SIGN_IN).location == "/radar/tools"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "/\n/evil.example"])
def test_signing_up_never_leads_to_another_site(app: Flask, browser: Browsers, elsewhere: str) -> None:
    assert browser(None).post(f"/sign-up?{urlencode({'next': elsewhere})}", EVE).location == "/sign-in"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "nobody"),
        ("email", "e\u0301ve@example.org"),
        ("email", "ma\u017fon@example.org"),
        ("email", f"{'a' * 250}@example.org"),
        ("name", ""),
        ("name", "  "),
        ("name", "a" * 81),
        ("name", "two\nlines"),
        ("name", "right\u202eto left"),
        ("password", "too short"),
        ("password", "a" * 257),
        ("password", "aaaaaaaaaaaaa"),
        ("password", "Password2026!"),
        ("password", "eve@example.org"),
    ],
)
def test_a_faulty_sign_up_says_what_to_change_keeps_what_was_typed_and_changes_nothing(
    browser: Browsers, field: str, value: str
) -> None:
    before = everything()
    response = browser(None).post("/sign-up", {**EVE, field: value})
    assert response.status_code == 400
    assert f'id="{field}-error"' in response.text
    kept = {name: typed for name, typed in EVE.items() if name not in {field, "password", "zone"}}
    assert all(f'value="{typed}"' in response.text for typed in kept.values())
    assert EVE["password"] not in response.text
    assert everything() == before


def test_the_sixth_sign_up_of_an_hour_from_one_place_has_to_wait_but_mistakes_are_not_counted(
    app: Flask, browser: Browsers
) -> None:
    visitor = browser(None)
    faulty = [visitor.post("/sign-up", {**EVE, "name": ""}).status_code for _ in range(6)]
    taken = [visitor.post("/sign-up", {**EVE, "email": f"eve{n}@example.org"}).status_code for n in range(5)]
    refused = visitor.post("/sign-up", {**EVE, "email": "eve5@example.org"})
    assert faulty == [400] * 6
    assert taken == [302] * 5
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3601
    assert user("eve5@example.org") is None


# with a mail server


@pytest.mark.usefixtures("by_mail")
def test_by_mail_the_account_begins_when_the_link_is_opened_and_a_password_chosen_there(
    app: Flask, browser: Browsers
) -> None:
    visitor = browser(None)
    assert 'name="password"' not in visitor.get("/sign-up").text
    assert visitor.post("/sign-up", ADDRESS).location == "/sign-up/asked"
    assert "Look at your mail" in visitor.get("/sign-up/asked").text
    assert user(EVE["email"]) is None

    eve, link = browser(None), link_to(EVE["email"])
    before = everything()
    assert "eve@example.org" in eve.get(link).text
    assert everything() == before
    assert eve.post(link, CHOSEN).location == "/"
    made = user(EVE["email"])
    assert made
    assert made.verified_at
    assert (made.name, made.zone) == ("Eve", "Europe/Berlin")
    assert eve.get("/account").status_code == 200
    assert visitor.get("/account").status_code == 302
    assert browser(None).post("/sign-in", SIGN_IN).status_code == 302


@pytest.mark.usefixtures("by_mail")
def test_whoever_asks_first_leaves_neither_name_nor_password_and_keeps_nobody_out(browser: Browsers) -> None:
    now = clock.now().replace(minute=0, second=0)
    with travel(now, tick=False):
        browser(None).post("/sign-up", {**EVE, "name": "Mallory", "password": "quite other words now"})
        eve = browser(None)
        eve.post("/sign-up", ADDRESS)
        assert eve.post(link_to(EVE["email"]), CHOSEN).location == "/"
    assert "Mallory" not in str(everything())
    assert browser(None).post("/sign-in", {**SIGN_IN, "password": "quite other words now"}).status_code == 401


@pytest.mark.usefixtures("by_mail")
@pytest.mark.parametrize(
    ("field", "value"),
    [("password", ""), ("password", "Password2026!"), ("password", "eve@example.org"), ("name", " ")],
)
def test_a_link_whose_form_does_not_fit_makes_no_account_and_goes_on_working(
    browser: Browsers, field: str, value: str
) -> None:
    eve = browser(None)
    eve.post("/sign-up", ADDRESS)
    link = link_to(EVE["email"])
    before = everything()

    refused = eve.post(link, {**CHOSEN, field: value})

    assert refused.status_code == 400
    assert f'id="{field}-error"' in refused.text
    assert everything() == before
    assert eve.post(link, CHOSEN).status_code == 302


@pytest.mark.usefixtures("by_mail")
def test_by_mail_a_faulty_address_is_refused_and_changes_nothing(browser: Browsers) -> None:
    before = everything()
    refused = browser(None).post("/sign-up", {"email": "nobody"})
    assert refused.status_code == 400
    assert 'id="email-error"' in refused.text
    assert everything() == before


@pytest.mark.usefixtures("by_mail")
def test_a_link_works_once_and_for_a_day(browser: Browsers) -> None:
    now = clock.now()
    with travel(now):
        browser(None).post("/sign-up", ADDRESS)
    link = link_to(EVE["email"])
    with travel(now + timedelta(days=1) + MINUTE):
        assert browser(None).get(link).status_code == 404
        assert browser(None).post(link, CHOSEN).status_code == 404
    with travel(now + timedelta(days=1) - MINUTE):
        assert browser(None).post(link, CHOSEN).status_code == 302
        assert browser(None).get(link).status_code == 404
        assert browser(None).post(link, CHOSEN).status_code == 404
    assert link not in "".join(texts_to(EVE["email"]))


@pytest.mark.usefixtures("by_mail")
def test_who_has_an_account_is_told_so_by_mail_and_nothing_is_made(cast: Cast, browser: Browsers) -> None:
    visitor = browser(None)
    assert visitor.post("/sign-up?next=/radar", {**EVE, "email": "Ada@example.org"}).location == "/sign-up/asked"
    (text,) = texts_to("ada@example.org")
    assert "You have one already" in text
    assert link_to("ada@example.org") == "/sign-in?next=/radar"
    assert "/confirm/" not in text
    assert browser(None).post("/sign-in", {"email": "ada@example.org", "password": PASSWORD}).status_code == 302


@pytest.mark.usefixtures("by_mail")
def test_the_page_that_was_asked_for_comes_after_the_link(browser: Browsers) -> None:
    eve = browser(None)
    eve.post("/sign-up?next=/radar/tools%3Ffrom%3Da", ADDRESS)
    link = link_to(EVE["email"])
    assert eve.post(link, CHOSEN).location == "/radar/tools?from=a"


@pytest.mark.usefixtures("by_mail")
@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", f"/{'a' * 200}"])
def test_no_mail_holds_another_site_or_a_long_text_of_whoever_asked(
    app: Flask, browser: Browsers, elsewhere: str
) -> None:
    browser(None).post(f"/sign-up?{urlencode({'next': elsewhere})}", ADDRESS)
    assert "next" not in texts_to(EVE["email"])[0]
    assert "evil" not in texts_to(EVE["email"])[0]


@pytest.mark.usefixtures("by_mail")
def test_an_address_gets_one_such_mail_in_twenty_minutes_whoever_asks(app: Flask, browser: Browsers) -> None:
    now = clock.now().replace(minute=0, second=0)
    with travel(now, tick=False):
        for _ in range(3):
            assert browser(None).post("/sign-up", ADDRESS).status_code == 302
    assert len(texts_to(EVE["email"])) == 1
    with travel(now + 20 * MINUTE):
        browser(None).post("/sign-up", ADDRESS)
    assert len(texts_to(EVE["email"])) == 2


@pytest.mark.usefixtures("by_mail")
def test_of_two_links_to_one_address_the_one_that_is_opened_first_counts(browser: Browsers) -> None:
    now = clock.now().replace(minute=0, second=0)
    with travel(now):
        browser(None).post("/sign-up", ADDRESS)
    first = link_to(EVE["email"])
    with travel(now + 20 * MINUTE):
        browser(None).post("/sign-up", ADDRESS)
        second = link_to(EVE["email"])
        assert browser(None).post(first, CHOSEN).status_code == 302
        assert browser(None).post(second, {**CHOSEN, "name": "Mallory"}).status_code == 404
    made = user(EVE["email"])
    assert made
    assert made.name == "Eve"


@pytest.mark.usefixtures("by_mail")
def test_the_link_is_not_stored_as_it_is(browser: Browsers) -> None:
    browser(None).post("/sign-up", ADDRESS)
    token = link_to(EVE["email"]).rpartition("/")[2]
    stored = {name: rows for name, rows in everything().items() if name != "mails"}
    assert len(token) == 43
    assert token not in str(stored)
