"""Showing that an address is one's own."""

from collections.abc import Callable
from datetime import timedelta

from time_machine import travel

from tests.browser import Browser
from tests.conftest import Cast
from tests.web.mailing import link_to, texts_to
from tests.web.stored import everything
from tracker import clock

UNKNOWN_YET = "Show that this address is yours"

Browsers = Callable[[int | None], Browser]


def test_the_link_in_a_mail_shows_that_an_address_is_ones_own(cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    assert UNKNOWN_YET in ada.get("/account").text
    assert ada.post("/account/address").location == "/account/address"
    link = link_to("ada@example.org")
    before = everything()
    assert "Is this your address?" in ada.get(link).text
    assert everything() == before

    assert "You have not shown yet" in ada.get("/account/address").text
    assert ada.post(link).location == "/account"
    assert "You have shown" in ada.get("/account/address").text
    assert UNKNOWN_YET not in ada.get("/account").text
    used = ada.post(link)
    assert used.status_code == 404
    assert 'href="/account/address">Ask for a new link</a>' in used.text
    assert UNKNOWN_YET in browser(cast.omar).get("/account").text


def test_nobody_shows_it_for_another_account(cast: Cast, browser: Browsers) -> None:
    browser(cast.ada).post("/account/address")
    link = link_to("ada@example.org")
    assert browser(None).get(link).location == f"/sign-in?next={link}"
    assert browser(None).post(link).status_code == 401
    omar = browser(cast.omar)
    before = everything()
    assert omar.post(link).status_code == 404
    assert everything() == before
    assert browser(cast.ada).post(link).status_code == 302


def test_the_link_works_for_a_day_and_only_for_this(cast: Cast, browser: Browsers) -> None:
    now = clock.now()
    with travel(now):
        browser(cast.ada).post("/account/address")
    link = link_to("ada@example.org")
    token = link.rpartition("/")[2]
    assert browser(None).get(f"/password/new/{token}").status_code == 404
    assert browser(None).get(f"/sign-up/confirm/{token}").status_code == 404
    with travel(now + timedelta(days=1, minutes=1)):
        assert browser(cast.ada).post(link).status_code == 404


def test_one_address_gets_one_such_mail_in_twenty_minutes(cast: Cast, browser: Browsers) -> None:
    with travel(clock.now().replace(minute=0, second=0), tick=False):
        ada = browser(cast.ada)
        for _ in range(3):
            assert ada.post("/account/address").status_code == 302
    assert len(texts_to("ada@example.org")) == 1
