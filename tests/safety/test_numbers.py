"""Numbers and texts that no page sends get a refusal, whatever the stores think of them."""

import json
import re
from dataclasses import replace
from itertools import cycle, islice

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.safety.test_text_from_people import READERS
from tests.web.api.client import Client
from tests.web.test_access_matrix import MATRIX, Scene
from tests.web.test_access_matrix import scene as scene  # a fixture

NUMBERS = ("-1", "0", str(2**31), str(2**63), "9" * 400, "1" * 5000, "nan", "\u00b2")
QUERY = (
    "page",
    "before",
    "after",
    "cursor",
    "limit",
    "place",
    "type",
    "level",
    "sort",
    "order",
    "action",
    "person",
    "next",
)
BOMBS = {
    "deep lists": b"[" * 100_000,
    "deep tables": b'{"a":' * 100_000,
    "a huge number": b'{"seq": ' + b"9" * 100_000 + b"}",
    "no number": b'{"seq": NaN}',
    "half a character": b'{"answer": ["\\ud800"], "seq": 1, "place": 1, "item": "\\udfff"}',
    "a zero character": b'{"answer": ["\\u0000"], "seq": 1, "place": 1, "item": "\\u0000"}',
    "the same name twice": b'{"seq": 1, "seq": 2}',
    "another alphabet": '{"seq": 1}'.encode("utf-16"),
}


def test_an_id_beyond_any_number_is_not_there(scene: Scene) -> None:
    for row in (row for row in MATRIX if "<int" in row.rule):
        actor = next((actor for actor in READERS if row.expected(actor) < 400), "ada")
        for number in NUMBERS:
            path = replace(row, rule=re.sub(r"<int[^>]*>", number, row.rule)).path(scene.names)
            browser = scene.browsers[actor]
            answer = browser.get(path) if row.method == "GET" else browser.post(path)
            assert answer.status_code in {302, 308, 400, 404, 405, 409}, (path[:80], actor)


def test_odd_questions_in_an_address_break_no_page(scene: Scene) -> None:
    for row in (row for row in MATRIX if row.method == "GET"):
        actor = next((actor for actor in READERS if row.expected(actor) == 200), "visitor")
        for first in range(3):
            numbers = islice(cycle(NUMBERS), first, None)
            query = "&".join(f"{name}={number[:500]}" for name, number in zip(QUERY, numbers, strict=False))
            answer = scene.browsers[actor].get(f"{row.path(scene.names)}?{query}&q=%00")
            assert answer.status_code in {row.expected(actor), 302, 400, 404, 429}, (row, query)


@pytest.mark.parametrize("sent", BOMBS.values(), ids=BOMBS)
def test_json_made_to_break_its_reader_is_refused(app: Flask, cast: Cast, sent: bytes) -> None:
    ada = Client(app, cast.ada)
    started = ada.post("/assessments/language/attempts").location
    answer = ada.send(
        "POST", f"{started}/answers", data=sent, **{"Content-Type": "application/json", "Idempotency-Key": "a" * 32}
    )
    assert answer.status_code == 400
    assert json.loads(answer.data)["status"] == 400
