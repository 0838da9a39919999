"""The page of one's own tokens."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from time_machine import travel

from tests.browser import Browser
from tests.conftest import NOON, PASSWORD, PASSWORD_HASH, Cast
from tests.services.test_second_factor import STEP, set_up
from tests.web.forms import form
from tests.web.stored import everything
from tracker import clock
from tracker.services import tokens
from tracker.services.tokens import MOST_WORKING, Made, Scope
from tracker.storage import accounts

PAGE = "/account/tokens"
NEW = {"name": "Nightly report", "scopes": ["profile:read", "attempts:read"], "days": "30", "password": PASSWORD}
SECRET = re.compile("skm_[0-9a-f]{72}")


def make(user_id: int, name: str = "Mine") -> Made:
    return tokens.make_token(user_id, name=name, scopes=[Scope.PROFILE_READ], days=7, now=clock.now())


def test_the_account_page_leads_to_the_tokens(cast: Cast, browser: Callable[[int | None], Browser]) -> None:
    assert f'href="{PAGE}"' in browser(cast.ada).get("/account").text


def test_a_new_token_is_on_the_page_that_made_it_and_on_no_other(
    cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)

    made = ada.post(PAGE, NEW)

    (secret,) = SECRET.findall(made.text)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    assert secret not in repr(made.headers)
    bearer = tokens.find_bearer(secret, now=clock.now())
    assert bearer
    assert (bearer.person.id, bearer.scopes) == (cast.ada, {Scope.PROFILE_READ, Scope.ATTEMPTS_READ})
    later = ada.get(PAGE).text
    assert not SECRET.search(later)
    assert f"{secret[:12]}…" in later
    assert "Nightly report" in later


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Say what it is for."),
        ({"name": "a\tb"}, "Use plain characters on one line."),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["everything"]}, "is not a valid choice"),
        ({"days": "8"}, "Not a valid choice"),
        ({"password": ""}, "Type your password."),
        ({"password": "wrong password!"}, "This is not your password."),
    ],
)
def test_a_form_that_does_not_fit_says_so_keeps_what_was_typed_and_makes_nothing(
    cast: Cast, browser: Callable[[int | None], Browser], fields: dict[str, Any], said: str
) -> None:
    ada = browser(cast.ada)
    before = everything()

    refused = ada.post(PAGE, {**NEW, **fields})

    assert refused.status_code == 400
    assert said in refused.text
    if "name" not in fields:
        assert form(refused.text, PAGE).values["name"] == ["Nightly report"]
    assert not SECRET.search(refused.text)
    assert everything()["api_tokens"] == before["api_tokens"]


def test_whoever_has_a_second_factor_makes_a_token_with_its_code_only(
    cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    with travel(NOON, tick=False) as time:
        app, _ = set_up(cast.ada)
        ada = browser(cast.ada)
        time.shift(STEP)

        assert "Type the code." in ada.post(PAGE, NEW).text
        assert "This code is not right" in ada.post(PAGE, {**NEW, "code": "000000"}).text
        assert tokens.list_tokens(cast.ada, now=clock.now()) == []
        assert SECRET.search(ada.post(PAGE, {**NEW, "code": app.at(clock.now())}).text)


def test_whoever_has_no_password_and_no_second_factor_is_asked_for_none(
    cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    accounts.renew_password_hash(cast.ada, "", instead_of=PASSWORD_HASH)

    assert SECRET.search(browser(cast.ada).post(PAGE, {**NEW, "password": ""}).text)


def test_tokens_are_made_so_often_an_hour_and_no_more(cast: Cast, browser: Callable[[int | None], Browser]) -> None:
    ada = browser(cast.ada)

    statuses = [ada.post(PAGE, {}).status_code for _ in range(21)]

    assert statuses == [400] * 20 + [429]
    assert browser(cast.omar).post(PAGE, NEW).status_code == 200


def test_whoever_has_twenty_tokens_is_told_to_revoke_one_first(
    cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    for _ in range(MOST_WORKING):
        make(cast.ada)

    refused = browser(cast.ada).post(PAGE, NEW)

    assert refused.status_code == 409
    assert "Revoke one first." in refused.text
    assert not SECRET.search(refused.text)


def test_a_revoked_token_is_gone_from_the_page_and_works_no_more(
    cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada, made = browser(cast.ada), make(cast.ada, "Old laptop")

    revoked = ada.post(f"{PAGE}/{made.token.public_id}/revoke")

    assert (revoked.status_code, revoked.location) == (302, PAGE)
    assert "The token Old laptop does not work any more." in ada.get(PAGE).text
    assert made.token.hint not in ada.get(PAGE).text
    assert tokens.find_bearer(made.secret, now=clock.now()) is None


def test_omar_neither_sees_nor_revokes_a_token_of_ada(cast: Cast, browser: Callable[[int | None], Browser]) -> None:
    omar, made = browser(cast.omar), make(cast.ada)
    before = everything()

    assert made.token.hint not in omar.get(PAGE).text
    assert omar.post(f"{PAGE}/{made.token.public_id}/revoke").status_code == 404
    assert everything() == before


def test_a_token_signs_nobody_in_on_pages(cast: Cast, browser: Callable[[int | None], Browser]) -> None:
    made = make(cast.ada)

    page = browser(None).get("/account", Authorization=f"Bearer {made.secret}")

    assert page.status_code == 302
    assert page.location.startswith("/sign-in")
