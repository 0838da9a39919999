"""Taking an assessment by program."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.builders import a_place, an_attempt, right_answer, some_terms
from tests.conftest import Cast
from tests.web.api.client import Client
from tracker import clock
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import REVIEW
from tracker.assessment.item import Item
from tracker.assessment.item_types import REGISTRY
from tracker.services import attempts
from tracker.storage import attempts as stored_attempts
from tracker.storage.question_bank import get_bank


@pytest.fixture
def omar(app: Flask, cast: Cast) -> Client:
    return Client(app, cast.omar)


def an_answer(client: Client, path: str, **fields: Any) -> dict[str, Any]:
    """The right answer to what is asked now, as the API takes it."""
    place = client.read(f"{path}/item")
    item = get_bank().find_item(place["item_version"])
    assert item is not None
    sent = {name: place[name] for name in ("seq", "position", "item_version", "then")}
    return {**sent, "answer": right_answer(item), **fields}


def test_a_quiz_is_taken_from_its_start_to_its_result(ada: Client) -> None:
    started = ada.post("/assessments/language/attempts")
    path = started.location
    count = started.json["item_count"]  # type: ignore[index]

    seen = []
    while (state := ada.read(path))["position"] != REVIEW:
        seen.append(state["position"])
        assert ada.post(f"{path}/answers", an_answer(ada, path)).status_code == 200
    finished = ada.post(f"{path}/finish", {"seq": state["seq"]})
    result = ada.read(f"{path}/result")

    assert (started.status_code, finished.status_code) == (201, 200)
    assert seen == list(range(count))
    assert finished.json["finished_at"] is not None  # type: ignore[index]
    assert [item["mark"] for item in result["items"]] == [1.0] * count
    assert result["areas"][0]["score"]["value"] > 500


def test_an_adaptive_quiz_goes_on_without_being_told_where(ada: Client) -> None:
    path = ada.post("/assessments/topic-tools-git/attempts").location

    while ada.read(path)["finished_at"] is None:
        answer = an_answer(ada, path)
        assert answer["then"] is None
        assert ada.post(f"{path}/answers", answer).status_code == 200

    assert ada.read(path)["stopped_by"] is not None
    assert ada.get(f"{path}/result").status_code == 200


@pytest.mark.parametrize("name", list(REGISTRY))
def test_an_answer_of_every_type_is_sent_as_json_and_given_back(app: Flask, ada: Client, cast: Cast, name: str) -> None:
    item = next(_items_of_type(name))
    attempt = replace(an_attempt(learner_id=cast.ada, started_at=clock.now()), form=(a_place(item), a_place(item)))
    stored_attempts.add(attempt)
    path = f"/attempts/{attempt.id}"
    answer = an_answer(ada, path, then=0)

    assert ada.post(f"{path}/answers", answer).status_code == 200

    shown = ada.read(f"{path}/item")["item"]
    assert shown["type"] == name
    assert sorted(shown["answer"]) == sorted(answer["answer"])


def test_starting_again_with_the_same_key_gives_the_same_attempt(ada: Client) -> None:
    first = ada.post("/assessments/language/attempts", key="mine-1")
    ada.post(f"{first.location}/finish", {"seq": 1})

    again = ada.post("/assessments/language/attempts", key="mine-1")

    assert (again.status_code, again.location) == (201, first.location)
    assert len(ada.read("/attempts")["attempts"]) == 1


def test_starting_with_another_key_goes_on_with_the_open_attempt(ada: Client, started: str) -> None:
    again = ada.post("/assessments/language/attempts")
    assert (again.status_code, again.location) == (200, started)


def test_the_key_of_a_start_cannot_start_anything_else(ada: Client) -> None:
    ada.post("/assessments/language/attempts", key="mine-1")
    other = ada.post("/assessments/tools/attempts", key="mine-1")
    assert (other.status_code, other.json["code"]) == (422, "key-reused")  # type: ignore[index]
    assert len(ada.read("/attempts")["attempts"]) == 1


def test_somebody_elses_key_is_not_known(ada: Client, omar: Client) -> None:
    adas = ada.post("/assessments/language/attempts", key="mine-1")
    omars = omar.post("/assessments/language/attempts", key="mine-1")
    assert omars.status_code == 201
    assert omars.location != adas.location


def test_the_same_answer_with_the_same_key_is_saved_once(ada: Client, started: str) -> None:
    answer = an_answer(ada, started)
    first = ada.post(f"{started}/answers", answer, key="one")
    ada.post(f"{started}/answers", an_answer(ada, started), key="two")

    again = ada.post(f"{started}/answers", answer, key="one")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json["seq"] == 3  # type: ignore[index]


def test_another_answer_with_the_same_key_is_refused(ada: Client, started: str) -> None:
    answer = an_answer(ada, started)
    ada.post(f"{started}/answers", answer, key="one")

    other = ada.post(f"{started}/answers", {**answer, "answer": []}, key="one")

    assert (other.status_code, other.json["code"]) == (422, "key-reused")  # type: ignore[index]
    assert ada.read(f"{started}/item?position=0")["item"]["answer"] == answer["answer"]


def test_an_answer_to_an_attempt_that_has_moved_on_is_told_its_newest_number(ada: Client, started: str) -> None:
    answer = an_answer(ada, started)
    ada.post(f"{started}/answers", answer)

    late = ada.post(f"{started}/answers", {**answer, "answer": []})

    assert late.status_code == 409
    assert (late.json["code"], late.json["seq"]) == ("stale", 2)  # type: ignore[index]


def test_an_answer_after_the_end_is_refused_and_kept_as_late(ada: Client, started: str) -> None:
    answer = an_answer(ada, started)
    ended = ada.post(f"{started}/finish", {"seq": 1}).json["finished_at"]  # type: ignore[index]

    late = ada.post(f"{started}/answers", answer).json

    assert late is not None
    assert (late["status"], late["code"], late["closed_at"], late["is_kept"]) == (409, "closed", ended, True)
    assert ada.read(f"{started}/result")["late"] == [0]


def test_a_finished_attempt_asks_nothing_and_an_open_one_has_no_result(ada: Client, started: str) -> None:
    open_ = ada.get(f"{started}/result")
    ada.post(f"{started}/finish", {"seq": 1})
    over = ada.get(f"{started}/item")
    assert (open_.status_code, open_.json["code"]) == (409, "open")  # type: ignore[index]
    assert (over.status_code, over.json["code"]) == (409, "closed")  # type: ignore[index]


def test_finishing_again_changes_nothing(ada: Client, started: str) -> None:
    first = ada.post(f"{started}/finish", {"seq": 1}).json
    again = ada.post(f"{started}/finish", {"seq": 1}).json
    assert first is not None
    assert again is not None
    assert again["finished_at"] == first["finished_at"]


def test_any_place_of_a_fixed_form_can_be_seen_and_answered(ada: Client, started: str) -> None:
    place = ada.read(f"{started}/item?position=4")
    item = get_bank().find_item(place["item_version"])
    assert item is not None

    sent = {name: place[name] for name in ("seq", "position", "item_version")}
    ada.post(f"{started}/answers", {**sent, "answer": right_answer(item), "then": 4})

    assert ada.read(started)["answered"] == [4]
    assert ada.read(f"{started}/item?position=4")["item"]["answer"] != []
    assert ada.get(f"{started}/item?position=99").status_code == 404


def test_an_adaptive_attempt_shows_only_what_it_asks_now(ada: Client) -> None:
    path = ada.post("/assessments/language-adaptive/attempts").location
    ada.post(f"{path}/answers", an_answer(ada, path))
    assert ada.get(f"{path}/item?position=1").status_code == 200
    assert ada.get(f"{path}/item?position=0").status_code == 404


def test_at_the_review_nothing_is_asked(ada: Client, started: str) -> None:
    ada.post(f"{started}/answers", an_answer(ada, started, then=REVIEW))
    assert ada.read(started)["position"] == REVIEW
    assert ada.get(f"{started}/item").status_code == 404


def test_attempts_are_listed_newest_first_some_at_a_time(ada: Client) -> None:
    paths = [ada.post(f"/assessments/{slug}/attempts").location for slug in ("language", "tools", "apis")]

    first = ada.read("/attempts?limit=2")
    second = ada.read(first["next"])

    listed = [attempt["id"] for attempt in (*first["attempts"], *second["attempts"])]
    assert listed == [path.rpartition("/")[2] for path in reversed(paths)]
    assert (len(first["attempts"]), second["next"]) == (2, None)


def test_what_is_assigned_tells_only_scores_until_it_is_released(app: Flask, ada: Client, cast: Cast) -> None:
    now = clock.now()
    terms = some_terms(closes_at=now + timedelta(hours=1), release=Release.NEVER)
    attempt = replace(an_attempt(learner_id=cast.ada, started_at=now), assignment=terms)
    stored_attempts.add(attempt)
    attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=1, now=now)

    result = ada.read(f"/attempts/{attempt.id}/result")

    assert (result["is_released"], result["items"]) == (False, [])
    assert result["areas"] != []


def _items_of_type(name: str) -> Iterator[Item]:
    return (item for item in get_bank().items.values() if item.body.name == name)
