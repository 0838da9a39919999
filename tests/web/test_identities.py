"""Signing in with a provider that really runs, linking and unlinking."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import update
from time_machine import travel

from tests.browser import Browser
from tests.conftest import PASSWORD, Cast, add_person, empty_stores
from tests.oidc_provider import RunningProvider, a_provider
from tests.services.test_second_factor import set_up
from tests.web.stored import everything
from tracker import clock
from tracker.app import create_app
from tracker.config import Config
from tracker.services import identities as services
from tracker.services.identities import Vouched
from tracker.storage import accounts, identities, sql
from tracker.storage.tables import User

BEGIN = "/sign-in/oidc"
PAGE = "/account/identities"
NEWCOMER = {"email": "New@Example.org", "email_verified": True, "name": " Nell\u202e  Newcomer "}
ADA = {"email": "ada@example.org", "email_verified": True}
PROOF = {"password": PASSWORD}


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    """A provider, in a process of its own."""
    with a_provider() as running:
        yield running


@pytest.fixture(scope="module")
def whole_linked_app(config: Config, whole_app: Flask, provider: RunningProvider) -> Flask:
    """The app with this provider, on the same stores."""
    return create_app(replace(config, provider=provider.settings))


@pytest.fixture
def linked_app(app: Flask, whole_linked_app: Flask) -> Iterator[Flask]:
    """The app with this provider and empty stores, in an app context."""
    with whole_linked_app.app_context():
        empty_stores()
        yield whole_linked_app


@pytest.fixture
def ada(linked_app: Flask) -> int:
    """Ada, whose address is verified."""
    return add_verified("ada@example.org", "Ada")


@pytest.fixture
def visitor(linked_app: Flask) -> Browser:
    """A visitor's browser."""
    return Browser(linked_app, None)


def add_verified(email: str, name: str) -> int:
    """Add a person whose address is verified. Returns: their id."""
    user_id = add_person(email, name)
    with sql.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(verified_at=clock.now()))
    return user_id


def come_back(browser: Browser, provider: RunningProvider, subject: str, *, begin: str = BEGIN) -> Any:
    """Begin, say yes at the provider, and come back. Gives the answer to that."""
    away = browser.get(begin)
    assert away.location.startswith(f"{provider.issuer}/"), away.text
    return browser.get(provider.approve(away.location, subject))


def told(browser: Browser, answer: Any) -> str:
    """The page that an answer leads to."""
    assert answer.status_code == 302
    return browser.get(answer.location).text


def find(email: str) -> User | None:
    """The account with this address."""
    return accounts.find_user_by_email(email)


def test_a_newcomer_gets_an_account_and_has_it_again_later(linked_app: Flask, provider: RunningProvider) -> None:
    provider.knows("nell", **NEWCOMER)

    for _ in range(2):
        browser = Browser(linked_app, None)
        assert come_back(browser, provider, "nell", begin=f"{BEGIN}?next=/radar").location == "/radar"
        assert browser.get("/account").status_code == 200

    user = find("new@example.org")
    assert user
    assert (user.name, user.zone, user.password_hash) == ("Nell Newcomer", "UTC", "")
    assert user.verified_at
    assert (user.is_admin, user.is_author) == (False, False)


def test_who_went_there_is_known_by_their_account_there_even_with_another_address_now(
    linked_app: Flask, provider: RunningProvider
) -> None:
    provider.knows("nell", **NEWCOMER)
    come_back(Browser(linked_app, None), provider, "nell")
    provider.knows("nell", email="married@example.org", email_verified=False)

    assert come_back(Browser(linked_app, None), provider, "nell").location == "/"

    assert find("married@example.org") is None


def test_a_verified_address_there_and_here_links_the_accounts(
    ada: int, visitor: Browser, provider: RunningProvider
) -> None:
    provider.knows("ada-there", **ADA)

    assert come_back(visitor, provider, "ada-there").location == "/"

    assert "ada@example.org" in visitor.get("/account").text
    user = identities.find_user(issuer=provider.issuer, subject="ada-there")
    assert user
    assert user.id == ada


def test_an_address_that_nobody_verified_here_is_not_linked(visitor: Browser, provider: RunningProvider) -> None:
    add_person("ada@example.org", "Ada")
    provider.knows("ada-there", **ADA)

    page = told(visitor, come_back(visitor, provider, "ada-there"))

    assert "nobody has shown yet whose it is" in page
    assert identities.find_user(issuer=provider.issuer, subject="ada-there") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ada@example.org"},
        {"email": "ada@example.org", "email_verified": False},
        {"email": "ada@example.org", "email_verified": "true"},
        {"email": "no address", "email_verified": True},
        {"email": ["ada@example.org"], "email_verified": True},
        {"email_verified": True},
    ],
)
def test_who_nobody_vouches_for_gets_nowhere(
    ada: int, visitor: Browser, provider: RunningProvider, claims: dict[str, Any]
) -> None:
    provider.knows("somebody", **claims)
    before = everything()

    page = told(visitor, come_back(visitor, provider, "somebody"))

    assert "nobody vouched that your email address is yours" in page
    assert everything() == before


@pytest.mark.parametrize(
    "forgery",
    [
        {"aud": "another-client"},
        {"aud": ["another-client"], "azp": "skillmark"},
        {"iss": "https://other.example.org"},
        {"nonce": "of another sign-in"},
        {"exp": 1_000_000_000},
        {"forged": "unsigned"},
        {"forged": "by another"},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_is_refused_and_none_of_it_logged(
    ada: int,
    visitor: Browser,
    provider: RunningProvider,
    forgery: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    provider.knows("mallory", **ADA, **forgery)
    before = everything()

    page = told(visitor, come_back(visitor, provider, "mallory"))

    assert "what your organisation answered does not hold" in page
    assert everything() == before
    assert visitor.get("/account").status_code == 302
    assert not any(word in caplog.text for word in ("mallory", "ada@", "eyJ"))


def test_an_address_that_only_userinfo_names_counts(ada: int, visitor: Browser, provider: RunningProvider) -> None:
    provider.knows("ada-there", **ADA, forged="hiding the address")

    assert come_back(visitor, provider, "ada-there").location == "/"


def test_the_way_there_asks_for_a_code_with_pkce_and_comes_back_to_the_address_of_the_settings(
    visitor: Browser, provider: RunningProvider
) -> None:
    asked = parse_qs(urlsplit(visitor.get(BEGIN, Host="evil.example.org").location).query)

    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/oidc/callback"]
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}


def test_a_way_back_works_once_and_in_the_browser_that_left(
    ada: int, linked_app: Flask, visitor: Browser, provider: RunningProvider
) -> None:
    provider.knows("ada-there", **ADA)
    back = provider.approve(visitor.get(BEGIN).location, "ada-there")
    other = Browser(linked_app, None)
    other.get(BEGIN)

    assert "begun elsewhere" in told(other, other.get(back))
    assert other.get("/account").status_code == 302
    assert visitor.get(back).location == "/"
    assert visitor.get(back).location == PAGE


def test_a_stolen_code_is_worth_nothing_with_another_browsers_verifier(
    ada: int, linked_app: Flask, visitor: Browser, provider: RunningProvider
) -> None:
    provider.knows("ada-there", **ADA)
    stolen = parse_qs(urlsplit(provider.approve(visitor.get(BEGIN).location, "ada-there")).query)["code"][0]
    mallory = Browser(linked_app, None)
    state = parse_qs(urlsplit(mallory.get(BEGIN).location).query)["state"][0]

    page = told(mallory, mallory.get(f"{BEGIN}/callback?code={stolen}&state={state}"))

    assert "does not hold" in page


def test_who_says_no_there_is_told_so_and_can_sign_in_with_a_password(
    visitor: Browser, provider: RunningProvider
) -> None:
    back = visitor.get(provider.deny(visitor.get(f"{BEGIN}?next=/radar").location))

    assert back.location == "/sign-in?next=/radar"
    assert "it was refused or called off at your organisation" in visitor.get(back.location).text


def test_who_comes_back_after_ten_minutes_begins_anew(visitor: Browser, provider: RunningProvider) -> None:
    provider.knows("nell", **NEWCOMER)
    back = provider.approve(visitor.get(BEGIN).location, "nell")

    with travel(clock.now() + timedelta(minutes=11)):
        assert "more than ten minutes" in told(visitor, visitor.get(back))
    assert find("new@example.org") is None


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=server_error&state=%00", "?state=%C3%A9"])
def test_a_way_back_that_nobody_left_on_is_refused_in_a_sentence(visitor: Browser, query: str) -> None:
    assert "begun elsewhere" in told(visitor, visitor.get(f"{BEGIN}/callback{query}"))


def test_somebody_disabled_is_not_let_in(ada: int, visitor: Browser, provider: RunningProvider) -> None:
    provider.knows("ada-there", **ADA)
    services.keep(Vouched(provider.issuer, "ada-there"), user_id=ada, now=clock.now())
    accounts.disable(ada, now=clock.now())

    assert "cannot be signed in that way" in told(visitor, come_back(visitor, provider, "ada-there"))
    assert visitor.get("/account").status_code == 302


def test_the_second_factor_is_asked_for_here_too(ada: int, visitor: Browser, provider: RunningProvider) -> None:
    provider.knows("ada-there", **ADA)
    set_up(ada)

    assert come_back(visitor, provider, "ada-there", begin=f"{BEGIN}?next=/radar").location == (
        "/sign-in/code?next=/radar"
    )
    assert visitor.get("/account").status_code == 302


def test_nothing_is_linked_by_an_address_before_the_second_factor_is_proved(
    ada: int, linked_app: Flask, visitor: Browser, provider: RunningProvider
) -> None:
    provider.knows("ada-there", **ADA)
    _, codes = set_up(ada)
    before = everything()
    asked = come_back(visitor, provider, "ada-there")
    assert asked.location == "/sign-in/code?next=/"
    assert {name: rows for name, rows in everything().items() if name != "tickets"} == {
        name: rows for name, rows in before.items() if name != "tickets"
    }

    assert visitor.post(asked.location, {"code": codes[0]}).location == "/"

    assert visitor.get("/account").status_code == 200
    assert [one.subject for one in identities.list_identities(ada, issuer=provider.issuer)] == ["ada-there"]


def test_whoever_has_somebodys_address_there_next_does_not_get_their_account_here(
    ada: int, linked_app: Flask, visitor: Browser, provider: RunningProvider
) -> None:
    provider.knows("ada-there", **ADA)
    come_back(Browser(linked_app, None), provider, "ada-there")
    provider.knows("ada-the-next", **ADA)

    assert "another account there signs in whoever has your address" in told(
        visitor, come_back(visitor, provider, "ada-the-next")
    )

    assert visitor.get("/account").status_code == 302
    assert [one.subject for one in identities.list_identities(ada, issuer=provider.issuer)] == ["ada-there"]


def test_next_leads_nowhere_else(linked_app: Flask, provider: RunningProvider) -> None:
    provider.knows("nell", **NEWCOMER)
    for elsewhere in ("//evil.example.org", "https://evil.example.org", "/" + "x" * 2000):
        browser = Browser(linked_app, None)
        assert come_back(browser, provider, "nell", begin=f"{BEGIN}?next={elsewhere}").location == "/"


def test_linking_asks_first_and_unlinking_ends_it(ada: int, linked_app: Flask, provider: RunningProvider) -> None:
    provider.knows("private", email="private@example.net", email_verified=False)
    browser = Browser(linked_app, ada)

    asked = come_back(browser, provider, "private", begin=f"{PAGE}/link")
    assert asked.location == f"{PAGE}/new"
    assert "private@example.net" in browser.get(asked.location).text
    assert "From now on you can sign in" in told(browser, browser.post(PAGE, PROOF))

    assert come_back(Browser(linked_app, None), provider, "private").location == "/"
    [identity] = identities.list_identities(ada, issuer=provider.issuer)
    assert "does not sign you in any more" in told(browser, browser.post(f"{PAGE}/{identity.id}/unlink"))
    visitor = Browser(linked_app, None)
    assert "nobody vouched" in told(visitor, come_back(visitor, provider, "private"))
    assert visitor.get("/account").status_code == 302


def test_a_session_that_was_left_open_links_nothing(ada: int, linked_app: Flask, provider: RunningProvider) -> None:
    _, codes = set_up(ada)
    browser = Browser(linked_app, ada)
    come_back(browser, provider, "private", begin=f"{PAGE}/link")

    for sent, said in (
        ({}, "Type your password."),
        ({"password": "wrong password!", "code": codes[0]}, "This is not your password."),
        ({"password": PASSWORD}, "Type the code."),
        ({"password": PASSWORD, "code": "000000"}, "This code is not right"),
    ):
        refused = browser.post(PAGE, sent)
        assert refused.status_code == 400
        assert said in refused.text
    assert identities.list_identities(ada, issuer=provider.issuer) == []

    assert "From now on you can sign in" in told(browser, browser.post(PAGE, {"password": PASSWORD, "code": codes[0]}))


def test_without_ones_yes_nothing_is_linked(ada: int, linked_app: Flask, provider: RunningProvider) -> None:
    browser = Browser(linked_app, ada)
    assert browser.get(f"{PAGE}/new").location == PAGE
    assert browser.post(PAGE).location == PAGE
    come_back(browser, provider, "of-mallory", begin=f"{PAGE}/link")
    assert browser.post_bare(PAGE, PROOF).status_code == 400

    assert identities.list_identities(ada, issuer=provider.issuer) == []


def test_somebody_else_who_signed_in_meanwhile_links_nothing(
    ada: int, linked_app: Flask, provider: RunningProvider
) -> None:
    add_verified("omar@example.org", "Omar")
    browser = Browser(linked_app, ada)
    back = provider.approve(browser.get(f"{PAGE}/link").location, "private")
    browser.post("/sign-out")

    assert "begun elsewhere" in told(browser, browser.get(back))


def test_an_account_there_signs_in_one_person_here(ada: int, linked_app: Flask, provider: RunningProvider) -> None:
    omar = add_verified("omar@example.org", "Omar")
    services.keep(Vouched(provider.issuer, "ada-there"), user_id=ada, now=clock.now())
    browser = Browser(linked_app, omar)
    come_back(browser, provider, "ada-there", begin=f"{PAGE}/link")

    assert "signs in somebody else here" in told(browser, browser.post(PAGE, PROOF))
    [identity] = identities.list_identities(ada, issuer=provider.issuer)
    assert browser.post(f"{PAGE}/{identity.id}/unlink").status_code == 404
    assert "Unlink" in Browser(linked_app, ada).get(PAGE).text


def test_no_stranger_gets_a_way_into_an_account_whose_address_is_not_shown_to_be_theirs(
    linked_app: Flask, provider: RunningProvider
) -> None:
    mallory = add_person("ada@example.org", "Mallory")
    browser = Browser(linked_app, mallory)
    provider.knows("of-mallory", email="mallory@example.org", email_verified=True)
    come_back(browser, provider, "of-mallory", begin=f"{PAGE}/link")

    assert "first show that the address" in told(browser, browser.post(PAGE, PROOF))
    assert identities.list_identities(mallory, issuer=provider.issuer) == []


def test_who_has_no_password_keeps_the_only_way_in(
    linked_app: Flask, visitor: Browser, provider: RunningProvider
) -> None:
    provider.knows("nell", **NEWCOMER)
    come_back(visitor, provider, "nell")
    user = find("new@example.org")
    assert user
    [identity] = identities.list_identities(user.id, issuer=provider.issuer)
    assert "Current password" not in visitor.get("/account").text

    assert visitor.post(f"{PAGE}/{identity.id}/unlink").status_code == 409
    assert "linked" in visitor.get(PAGE).text
    assert come_back(Browser(linked_app, None), provider, "nell").location == "/"


def test_no_password_opens_an_account_without_one(linked_app: Flask, provider: RunningProvider) -> None:
    provider.knows("nell", **NEWCOMER)
    come_back(Browser(linked_app, None), provider, "nell")

    for password in ("", PASSWORD):
        sent = {"email": "new@example.org", "password": password}
        assert Browser(linked_app, None).post("/sign-in", sent).status_code in {400, 401}


def test_a_provider_that_is_away_or_another_leaves_the_way_with_a_password(
    config: Config, app: Flask, provider: RunningProvider
) -> None:
    away = Browser(app, None)
    assert "Example Ltd does not answer as it should" in told(away, away.get(f"{BEGIN}?next=/radar"))

    renamed = replace(provider.settings, issuer=f"{provider.issuer}/")
    other = Browser(create_app(replace(config, provider=renamed)), None)
    assert "does not hold" in told(other, other.get(BEGIN))


def test_without_a_provider_there_is_nothing(config: Config, cast: Cast) -> None:
    app = create_app(replace(config, provider=None))
    ada = Browser(app, cast.ada)
    assert {ada.get(path).status_code for path in (BEGIN, f"{BEGIN}/callback", PAGE, f"{PAGE}/link")} == {404}
    assert "/oidc" not in Browser(app, None).get("/sign-in").text
    assert PAGE not in ada.get("/account").text
