"""What can be taken, by the API."""

from datetime import datetime, timedelta

from flask import Flask

from tests.conftest import Cast
from tests.web.api.client import Client
from tracker import clock
from tracker.services import accommodations, bank


def test_everything_that_can_be_taken_is_listed_some_at_a_time(ada: Client) -> None:
    listed, address = [], "/assessments?limit=10"
    while address:
        page = ada.read(address)
        listed += [one["slug"] for one in page["assessments"]]
        address = page["next"]
    assert listed == [one.slug for one in bank.list_all()]


def test_an_assessment_names_the_attempt_that_is_open(ada: Client, started: str) -> None:
    assert ada.read("/assessments/language")["open_attempt"] == started.rpartition("/")[2]
    assert ada.read("/assessments/tools")["open_attempt"] is None


def test_extra_time_is_in_the_limit(ada: Client, cast: Cast) -> None:
    before = ada.read("/assessments/language")["limit_seconds"]
    accommodations.set_own(cast.ada, percent=50, now=clock.now())
    assert ada.read("/assessments/language")["limit_seconds"] == before * 1.5


def test_an_assessment_says_when_it_opens_again_and_cannot_be_started_before(
    app: Flask, ada: Client, started: str
) -> None:
    ended = ada.post(f"{started}/finish", {"seq": 1}).get_json()["finished_at"]
    app.config["RETAKE_AFTER"] = timedelta(days=1)
    try:
        opens_at = ada.read("/assessments/language")["opens_at"]
        refused = ada.post("/assessments/language/attempts").get_json()
    finally:
        app.config["RETAKE_AFTER"] = timedelta()

    assert datetime.fromisoformat(opens_at) == datetime.fromisoformat(ended) + timedelta(days=1)
    assert (refused["status"], refused["code"], refused["opens_at"]) == (409, "not-open", opens_at)
