"""Forgotten passwords over HTTP: asking, the link, and what it does."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import travel

from tests.browser import Browser
from tests.conftest import NOON, PASSWORD, Cast, verify
from tests.services.test_second_factor import set_up
from tests.web.mailing import link_to, mailing, texts_to
from tests.web.stored import everything
from tracker import clock
from tracker.config import Config
from tracker.services import tokens
from tracker.services.tokens import Scope
from tracker.storage import sql
from tracker.storage.identity_tables import Identity, Ticket
from tracker.storage.tables import User

ADA = {"email": "ada@example.org", "password": PASSWORD}
NEW = "a staple of another kind"
MINUTE = timedelta(minutes=1)

Browsers = Callable[[int | None], Browser]


@pytest.fixture(autouse=True)
def by_mail(app: Flask, config: Config) -> Iterator[None]:
    """Mails leave the machine."""
    with mailing(app, config):
        yield


def ask(browser: Browsers, email: str = "ada@example.org") -> str:
    """Ask for a new password, the address written in another way. Gives where the link in the mail leads."""
    assert browser(None).post("/password/forgotten", {"email": f" {email.upper()}"}).location == "/password/asked"
    return link_to(email)


def verified(user_id: int) -> bool:
    sql.session().rollback()
    return sql.session().scalar(select(User.verified_at).where(User.id == user_id)) is not None


def test_who_forgot_a_password_sets_a_new_one_by_the_link_in_a_mail(cast: Cast, browser: Browsers) -> None:
    link = ask(browser)
    elsewhere = browser(None)
    before = everything()
    page = elsewhere.get(link)
    assert page.status_code == 200
    assert everything() == before

    assert elsewhere.post(link, {"password": NEW}).location == "/sign-in"
    assert 'value="ada@example.org"' in elsewhere.get("/sign-in").text
    assert browser(None).post("/sign-in", ADA).status_code == 401
    assert elsewhere.post("/sign-in", {**ADA, "password": NEW}).location == "/"
    assert verified(cast.ada)
    assert not verified(cast.omar)


def test_a_new_password_ends_all_sessions_and_pauses_of_its_owner_only(cast: Cast, browser: Browsers) -> None:
    ada, omar = browser(cast.ada), browser(cast.omar)
    for _ in range(6):
        browser(None).post("/sign-in", {**ADA, "password": "not the password"})
    assert browser(None).post("/sign-in", ADA).status_code == 429

    browser(None).post(ask(browser), {"password": NEW})

    assert ada.get("/account").status_code == 302
    assert omar.get("/account").status_code == 200
    assert browser(None).post("/sign-in", {**ADA, "password": NEW}).location == "/"


def prepare(user_id: int) -> str:
    """Give an account a token, a second factor and an account elsewhere. Gives the token."""
    set_up(user_id)
    with sql.writing() as session:
        session.add(Identity(user_id=user_id, issuer="https://id.example.org", subject="mallory", linked_at=NOON))
    return tokens.make_token(user_id, name="Bot", scopes=[Scope.PROFILE_READ], days=30, now=clock.now()).secret


def ways_in() -> dict[str, int]:
    """How many rows let somebody in beside a password."""
    return {name: len(everything()[name]) for name in ("api_tokens", "identities", "second_factors", "recovery_codes")}


def test_a_new_password_by_mail_leaves_no_way_in_to_who_prepared_the_account(cast: Cast, browser: Browsers) -> None:
    token = prepare(cast.ada)

    browser(None).post(ask(browser), {"password": NEW})

    assert set(ways_in().values()) == {0}
    assert browser(None).get("/api/v1/me", Authorization=f"Bearer {token}").status_code == 401
    assert browser(None).post("/sign-in", {**ADA, "password": NEW}).location == "/"


def test_who_had_shown_that_the_address_is_theirs_keeps_their_ways_in_and_is_told_of_them(
    cast: Cast, browser: Browsers
) -> None:
    verify(cast.ada)
    prepare(cast.ada)
    before = ways_in()
    visitor = browser(None)

    visitor.post(ask(browser), {"password": NEW})

    assert "linked accounts" in visitor.get("/sign-in").text
    assert ways_in() == before


def test_a_link_works_once_and_for_an_hour(cast: Cast, browser: Browsers) -> None:
    now = clock.now()
    with travel(now):
        link = ask(browser)
    with travel(now + 61 * MINUTE):
        assert browser(None).get(link).status_code == 404
        assert browser(None).post(link, {"password": NEW}).status_code == 404
    with travel(now + 59 * MINUTE):
        assert browser(None).post(link, {"password": NEW}).status_code == 302
        used = browser(None).get(link)
        assert used.status_code == 404
        assert "This link does not work any more. Such a link works once, for an hour." in used.text
        assert all(f'href="{way_on}">' in used.text for way_on in ("/password/forgotten", "/sign-in"))
        assert browser(None).post(link, {"password": "yet other words here"}).status_code == 404
        assert browser(None).post("/sign-in", {**ADA, "password": NEW}).status_code == 302
    assert link not in "".join(texts_to("ada@example.org"))


def test_only_the_newest_link_works(cast: Cast, browser: Browsers) -> None:
    now = clock.now().replace(minute=0, second=0)
    with travel(now):
        older = ask(browser)
    with travel(now + 20 * MINUTE):
        newer = ask(browser)
        assert browser(None).get(older).status_code == 404
        assert browser(None).get(newer).status_code == 200


def test_an_address_gets_one_such_mail_in_twenty_minutes_and_its_link_goes_on_working(
    cast: Cast, browser: Browsers
) -> None:
    with travel(clock.now().replace(minute=0, second=0), tick=False):
        first = ask(browser)
        assert ask(browser) == first
        assert browser(None).get(first).status_code == 200
    assert len(texts_to("ada@example.org")) == 1


def test_the_fourth_asking_of_an_hour_from_one_place_has_to_wait_but_mistakes_are_not_counted(
    cast: Cast, browser: Browsers
) -> None:
    visitor = browser(None)
    assert {visitor.post("/password/forgotten", {"email": "nobody"}).status_code for _ in range(4)} == {400}
    statuses = [visitor.post("/password/forgotten", {"email": f"x{n}@example.org"}).status_code for n in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert texts_to("x3@example.org") == []


def test_who_has_no_account_is_told_so_by_mail_and_gets_no_link_to_one(cast: Cast, browser: Browsers) -> None:
    assert ask(browser, "nobody@example.org") == "/password/forgotten"
    (text,) = texts_to("nobody@example.org")
    assert "There is no account with this address." in text
    assert "/password/new/" not in text
    assert everything()["tickets"] == []


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Choose a password."),
        ("short", "12 to 256"),
        ("Password2026!", "Many people"),
        ("ada@example.org", "address"),
    ],
)
def test_a_weak_new_password_is_refused_and_changes_nothing(
    cast: Cast, browser: Browsers, password: str, words: str
) -> None:
    link = ask(browser)
    before = everything()
    refused = browser(None).post(link, {"password": password})
    assert refused.status_code == 400
    assert words in refused.text
    assert everything() == before


def test_a_made_up_link_is_not_there(cast: Cast, browser: Browsers) -> None:
    ask(browser)
    before = everything()
    assert browser(None).get("/password/new/unknown").status_code == 404
    assert browser(None).post("/password/new/unknown", {"password": NEW}).status_code == 404
    assert everything() == before


def test_only_the_hash_of_a_links_secret_is_stored(cast: Cast, browser: Browsers) -> None:
    token = ask(browser).rpartition("/")[2]
    stored = everything()
    del stored["mails"]
    assert len(token) == 43
    assert token not in str(stored)
    sql.session().rollback()
    assert len(sql.session().scalars(select(Ticket)).all()) == 1


def test_without_a_mail_server_the_pages_say_whom_to_ask(app: Flask, config: Config, browser: Browsers) -> None:
    with mailing(app, config):
        assert "Whoever runs" not in browser(None).get("/sign-in").text
        assert "Look at your mail" in browser(None).get("/password/asked").text
    assert "Whoever runs Skillmark here helps you to a new one." in browser(None).get("/sign-in").text
    assert "Please ask them." in browser(None).get("/password/forgotten").text
    assert "Whoever runs Skillmark here" in browser(None).get("/password/asked").text
