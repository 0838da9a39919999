"""Who asks the API: tokens, scopes and how often."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.browser import Browser
from tests.conftest import Cast
from tests.services.watching import watched_statements
from tests.web.api.client import API, Client
from tests.web.stored import everything
from tracker import clock
from tracker.services import tokens
from tracker.services.tokens import Scope
from tracker.storage import documents
from tracker.web.limits import API_GUESSES, API_REQUESTS


def use_up(user_id: int, *, but: int) -> None:
    """Let somebody's programs have made so many requests in the last seconds that only these are left."""
    ends_at = datetime.now(UTC) + timedelta(seconds=30)
    documents.collection("counters").insert_one(
        {"_id": f"api/{user_id}", "count": API_REQUESTS - but, "expireAt": ends_at}
    )


def test_a_token_says_who_asks(app: Flask, cast: Cast) -> None:
    assert Client(app, cast.ada).read("/me")["email"] == "ada@example.org"
    assert Client(app, cast.omar).read("/me")["email"] == "omar@example.org"


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        ("", "Bearer"),
        ("Basic YWRhOng=", "Bearer"),
        ("Bearer", 'Bearer error="invalid_token"'),
        ("Bearer wrong", 'Bearer error="invalid_token"'),
        ("Bearer skm_" + "0" * 72, 'Bearer error="invalid_token"'),
        ("Bearer skm_\xff", 'Bearer error="invalid_token"'),
        ("Digest realm=x", "Bearer"),
    ],
)
def test_without_a_token_that_works_nobody_is_told_anything(
    app: Flask, cast: Cast, header: str, challenge: str
) -> None:
    for path in ("/me", "/roadmap", "/attempts/unknown", "/cohorts"):
        refused = Client(app, None).get(path, **({"Authorization": header} if header else {}))

        assert refused.status_code == 401
        assert refused.mimetype == "application/problem+json"
        assert refused.headers["WWW-Authenticate"] == challenge
        assert refused.get_json()["code"] == "token-needed"


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Bearer skm_" + "0" * 72])
def test_whoever_guesses_too_often_is_told_when_to_come_back(app: Flask, cast: Cast, header: str) -> None:
    guesser = Client(app, None)
    sent = {"Authorization": header} if header else {}
    documents.collection("counters").insert_one(
        {"_id": "api guess/127.0.0.1", "count": API_GUESSES - 1, "expireAt": datetime.now(UTC) + timedelta(seconds=30)}
    )

    last, refused = guesser.get("/me", **sent), guesser.get("/roadmap", **sent)

    assert (last.status_code, last.headers["RateLimit-Remaining"]) == (401, "0")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.get_json()["code"] == "too-fast"
    assert 0 < int(refused.headers["Retry-After"]) <= 30
    assert refused.headers["RateLimit-Limit"] == str(API_GUESSES)


def test_somebody_who_guesses_holds_up_nobody_at_their_place_whose_token_works(app: Flask, cast: Cast) -> None:
    ada, nobody = Client(app, cast.ada), Client(app, None)
    guesses = [nobody.get("/me").status_code for _ in range(API_GUESSES + 1)]

    assert guesses == [401] * API_GUESSES + [429]
    assert ada.get("/me").status_code == 200
    assert ada.get("/me").headers["RateLimit-Remaining"] == str(API_REQUESTS - 2)


def test_a_token_that_is_over_or_revoked_works_no_more(app: Flask, cast: Cast) -> None:
    long_ago = clock.now() - timedelta(days=8)
    over = tokens.make_token(cast.ada, name="Old", scopes=list(Scope), days=7, now=long_ago)
    revoked = tokens.make_token(cast.ada, name="Lost", scopes=list(Scope), days=7, now=clock.now())
    tokens.revoke(revoked.token.public_id, user_id=cast.ada, now=clock.now())

    for secret in (over.secret, revoked.secret):
        assert Client(app, None).get("/me", Authorization=f"Bearer {secret}").status_code == 401


def test_the_cookie_of_a_browser_lets_nobody_into_the_api(cast: Cast, browser: Callable[[int | None], Browser]) -> None:
    assert browser(cast.ada).get(f"{API}/me").status_code == 401


def test_a_token_in_the_address_is_none(app: Flask, cast: Cast) -> None:
    secret = tokens.make_token(cast.ada, name="Mine", scopes=list(Scope), days=7, now=clock.now()).secret

    assert Client(app, None).get(f"/me?token={secret}&access_token={secret}").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/me", Scope.PROFILE_READ),
        ("GET", "/attempts", Scope.ATTEMPTS_READ),
        ("POST", "/assessments/language/attempts", Scope.ATTEMPTS_WRITE),
        ("GET", "/cohorts", Scope.COHORTS_READ),
    ],
)
def test_a_token_without_the_scope_is_told_which_it_lacks_and_changes_nothing(
    app: Flask, cast: Cast, method: str, path: str, needed: Scope
) -> None:
    lacking = Client(app, cast.ada, *(scope for scope in Scope if scope is not needed))
    lacking.get("/roadmap")  # that it was used is noted now
    before = everything()

    refused = lacking.send(method, path, **{"Idempotency-Key": "one"})

    assert refused.status_code == 403
    assert refused.get_json()["code"] == "scope-missing"
    assert needed in refused.get_json()["detail"]
    assert refused.headers["WWW-Authenticate"] == f'Bearer error="insufficient_scope", scope="{needed}"'
    assert everything() == before


def test_every_answer_says_how_many_requests_are_left(ada: Client) -> None:
    answers = [ada.get("/roadmap"), ada.get("/me"), ada.get("/attempts/unknown")]

    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["119", "118", "117"]
    for answer in answers:
        assert answer.headers["RateLimit-Limit"] == "120"
        assert 0 < int(answer.headers["RateLimit-Reset"]) <= 60


def test_whoever_asks_too_often_is_told_when_to_come_back_whichever_token_they_use_and_others_are_not_held_up(
    app: Flask, cast: Cast, ada: Client
) -> None:
    use_up(cast.ada, but=1)

    last, refused = ada.get("/roadmap"), ada.get("/roadmap")

    assert (last.status_code, last.headers["RateLimit-Remaining"]) == (200, "0")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.get_json()["code"] == "too-fast"
    assert 0 < int(refused.headers["Retry-After"]) <= 30
    assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert Client(app, cast.ada).get("/roadmap").status_code == 429
    assert Client(app, cast.omar).get("/roadmap").status_code == 200


def test_an_answer_that_came_too_fast_changes_nothing_and_is_taken_when_it_comes_again(
    cast: Cast, ada: Client, started: str
) -> None:
    place = ada.read(f"{started}/item")
    body = {
        "seq": place["seq"],
        "position": 0,
        "item_version": place["item_version"],
        "answer": [],
        "then": place["then"],
    }
    documents.collection("counters").delete_many({})
    use_up(cast.ada, but=0)
    before = everything()

    refused = ada.post(f"{started}/answers", body, key="answer")
    assert refused.status_code == 429
    assert everything() == before

    documents.collection("counters").delete_many({})
    saved = ada.post(f"{started}/answers", body, key="answer")
    assert (saved.status_code, saved.get_json()["answered"]) == (200, [0])


def test_counting_begins_anew_when_the_window_is_over(cast: Cast, ada: Client) -> None:
    use_up(cast.ada, but=-5)
    over = datetime.now(UTC) - timedelta(milliseconds=1)
    documents.collection("counters").update_many({}, {"$set": {"expireAt": over}})

    assert ada.get("/roadmap").headers["RateLimit-Remaining"] == "119"


def test_finding_out_who_asks_costs_one_question(ada: Client) -> None:
    ada.read("/roadmap")  # that the token was used is noted now

    with watched_statements() as statements:
        ada.read("/roadmap")

    assert len([one for one in statements if one != "BEGIN"]) == 1
