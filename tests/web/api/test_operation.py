"""How the API reads requests and answers them, whatever the operation."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.launcher import eventually
from tests.paused import paused
from tests.web.api.client import API, Client
from tests.web.stored import everything
from tracker.storage.embedded import EmbeddedStore

PROBLEM = "application/problem+json"
SOUND = {"seq": 1, "position": 0, "item_version": "unknown", "answer": [], "then": 1}


def told(response: TestResponse) -> tuple[int, str, str]:
    """Status, kind and problem of a refusal."""
    assert response.json is not None
    assert response.json["status"] == response.status_code
    assert response.json["type"].endswith(response.json["code"])
    return response.status_code, response.mimetype, response.json["code"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**SOUND, "seq": "1"}, "seq"),
        ({**SOUND, "seq": 0}, "seq"),
        ({**SOUND, "seq": 10**30}, "seq"),
        ({**SOUND, "then": -2}, "then"),
        ({**SOUND, "answer": "b"}, "answer"),
        ({**SOUND, "answer": [7]}, "answer.0"),
        ({**SOUND, "answer": ["x" * 1001]}, "answer.0"),
        ({**SOUND, "answer": [""] * 51}, "answer"),
        ({**SOUND, "mark": 1}, "mark"),
        ({"seq": 1}, "item_version"),
        ([], "body"),
        ("{}", "body"),
    ],
)
def test_a_malformed_body_is_refused_naming_the_field(ada: Client, started: str, body: Any, field: str) -> None:
    before = everything()

    refused = ada.send("POST", f"{started}/answers", json=body, **{"Idempotency-Key": "one"})

    assert told(refused) == (400, PROBLEM, "bad-input")
    assert field in refused.get_json()["fields"]
    assert everything() == before


@pytest.mark.parametrize(
    "body", [b"", b"nope", b"\xff", b'{"seq": 1', b"[" * 100_000, b'{"answer": ["\\ud800"]}', b"NaN"]
)
def test_what_is_no_json_is_refused(ada: Client, started: str, body: bytes) -> None:
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    assert told(ada.send("POST", f"{started}/answers", data=body, **headers)) == (400, PROBLEM, "bad-input")


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_that_does_not_say_it_is_json_is_refused(ada: Client, started: str, media_type: str) -> None:
    headers = {"Idempotency-Key": "one", "Content-Type": media_type}
    refused = ada.send("POST", f"{started}/answers", data=b"{}", **headers)
    assert told(refused) == (415, PROBLEM, "not-json")


def test_a_body_that_is_too_large_is_refused(ada: Client, started: str) -> None:
    body = b'{"seq": 1, "item": "%s"}' % (b"x" * 1024 * 1024)
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    assert told(ada.send("POST", f"{started}/answers", data=body, **headers)) == (413, PROBLEM, "too-large")


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 65, "a\tb"])
def test_a_request_without_a_key_that_is_one_is_refused(ada: Client, key: str) -> None:
    refused = ada.send("POST", "/assessments/language/attempts", **({"Idempotency-Key": key} if key else {}))
    assert told(refused) == (400, PROBLEM, "bad-input")
    assert list(refused.get_json()["fields"]) == ["Idempotency-Key"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "cursor=%FF", "cursor=bm93aGVyZQ", "cursor=", "page=2"],
)
def test_a_malformed_query_is_refused_naming_the_field(ada: Client, query: str) -> None:
    refused = ada.get(f"/attempts?{query}")
    assert told(refused) == (400, PROBLEM, "bad-input")
    assert list(refused.get_json()["fields"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("path", [f"{API}/nowhere", API, f"{API}/", f"{API}/attempts/unknown", f"{API}/roadmap/"])
def test_what_is_not_there_is_a_problem_whatever_the_request_accepts(ada: Client, path: str) -> None:
    for accept in ("application/json", "text/html", "*/*", "image/png"):
        assert told(ada.get(path, Accept=accept)) == (404, PROBLEM, "not-found")


def test_pages_beside_the_api_keep_their_own_errors(ada: Client) -> None:
    refused = ada.send("GET", f"{API}0/roadmap")
    assert (refused.status_code, refused.mimetype) == (404, "text/html")


def test_another_method_is_a_problem_that_names_the_right_ones(ada: Client) -> None:
    refused = ada.send("DELETE", "/roadmap")
    assert told(refused) == (405, PROBLEM, "method-not-allowed")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_store_that_does_not_answer_is_a_problem_that_says_when_to_try_again(
    ada: Client, started: str, store: EmbeddedStore
) -> None:
    with paused(store):
        refused = ada.get(started)
    assert told(refused) == (503, PROBLEM, "unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert eventually(lambda: ada.get(started).status_code == 200, seconds=5)


def test_what_has_not_changed_is_not_sent_again(ada: Client, started: str) -> None:
    once = ("/roadmap", "/me", "/me/skills", "/me/next-steps", "/assessments", "/attempts")
    for path in (*once, started, f"{started}/item"):
        first = ada.get(path)
        etag = first.headers["ETag"]

        again = ada.get(path, **{"If-None-Match": etag})

        assert etag.startswith('W/"')
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag


def test_what_has_changed_is_sent_although_an_older_one_is_known(ada: Client, started: str) -> None:
    etag = ada.get(started).headers["ETag"]
    ada.post(f"{started}/finish", {"seq": 1})
    assert ada.get(started, **{"If-None-Match": etag}).status_code == 200


def test_two_people_have_different_etags(app: Flask, ada: Client, cast: Cast) -> None:
    assert ada.get("/me").headers["ETag"] != Client(app, cast.omar).get("/me").headers["ETag"]


def test_an_answer_of_the_api_is_kept_by_nobody_and_opens_nothing(ada: Client) -> None:
    for response in (ada.get("/me"), ada.get("/nowhere"), ada.get("/openapi.json")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Set-Cookie" not in response.headers
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_head_request_gets_the_headers_alone(ada: Client) -> None:
    response = ada.send("HEAD", "/roadmap")
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["ETag"] == ada.get("/roadmap").headers["ETag"]
