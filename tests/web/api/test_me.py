"""Whoever asks, by the API."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.api.client import Client
from tracker import clock
from tracker.services import attempts, radar

DAY = timedelta(days=1)


@pytest.fixture
def measured(cast: Cast) -> None:
    """Ada has taken the language quiz twice and the tools quiz once."""
    for days, slug in enumerate(("language", "tools", "language")):
        take(slug, learner_id=cast.ada, now=NOON + days * DAY)


def test_the_profile_is_that_of_whom_the_token_acts_for(ada: Client, cast: Cast) -> None:
    assert ada.read("/me") == {
        "id": cast.ada,
        "name": "Ada",
        "email": "ada@example.org",
        "zone": "UTC",
        "is_author": False,
        "is_admin": False,
    }


@pytest.mark.usefixtures("measured")
def test_skills_are_those_of_the_radar(ada: Client, cast: Cast) -> None:
    skills = ada.read("/me/skills")

    view = radar.get_radar(cast.ada, now=clock.now())
    language = next(area for area in skills["areas"] if area["area"] == "language")
    assert skills["overall"]["value"] == view.overall.value
    assert [area["score"]["value"] for area in skills["areas"]] == [area.score.value for area in view.areas]
    assert sum(topic["told"] for topic in language["topics"]) == language["score"]["responses"]
    assert language["score"]["low"] < language["score"]["value"] < language["score"]["high"]


@pytest.mark.usefixtures("measured")
def test_the_history_is_told_newest_first_some_at_a_time(ada: Client) -> None:
    first = ada.read("/me/history?limit=2")
    second = ada.read(first["next"])

    scores = [*first["scores"], *second["scores"]]
    assert [score["area"] for score in scores] == ["language", "tools", "language"]
    assert [score["finished_at"] for score in scores] == sorted((s["finished_at"] for s in scores), reverse=True)
    assert scores[0]["change"] is None
    assert scores[2]["change"]["claim"] in ("risen", "fallen", "not sure")
    assert second["next"] is None


def test_somebody_unknown_is_told_to_take_the_placement(ada: Client) -> None:
    steps = ada.read("/me/next-steps")["steps"]
    assert [(step["kind"], step["evidence"]) for step in steps] == [("start", None)]


@pytest.mark.usefixtures("measured")
def test_next_steps_name_the_answers_they_rest_on(ada: Client) -> None:
    steps = ada.read("/me/next-steps")["steps"]
    records = [answer for step in steps for answer in step["evidence"]["answers"]]
    assert steps
    assert all(step["evidence"]["resource"]["url"].startswith("https://") for step in steps)
    assert all(ada.get(f"/attempts/{record['attempt']}").status_code == 200 for record in records)


@pytest.mark.usefixtures("measured")
def test_next_steps_do_not_tell_what_an_open_attempt_asks(ada: Client, cast: Cast) -> None:
    attempts.start_attempt("language", learner_id=cast.ada, now=clock.now())
    attempts.start_attempt("language-adaptive", learner_id=cast.ada, now=clock.now())

    steps = ada.read("/me/next-steps")["steps"]

    told = [record for step in steps for record in (step["evidence"] or {"answers": []})["answers"]]
    assert [one for one in told if one["item"].startswith("language/") and one["is_right"] is not None] == []


def test_omar_sees_nothing_of_ada(app: Flask, cast: Cast, measured: None) -> None:
    omar = Client(app, cast.omar)
    assert omar.read("/me/history")["scores"] == []
    assert omar.read("/me/skills")["overall"]["responses"] == 0
    assert omar.read("/attempts")["attempts"] == []
