"""`flask profiles …`"""

from flask import Flask

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.storage import documents


def test_rebuilding_makes_the_same_profiles_again_from_the_attempts(app: Flask, cast: Cast) -> None:
    for learner_id in (cast.ada, cast.omar):
        take("tools", learner_id=learner_id, now=NOON)
    before = everything()
    documents.collection("profiles").delete_one({"_id": cast.ada})
    documents.collection("profiles").update_one({"_id": cast.omar}, {"$set": {"values": {"areas": [], "revision": 1}}})

    result = app.test_cli_runner().invoke(args=["profiles", "rebuild"])

    assert result.exit_code == 0
    assert result.output.endswith("2 profiles were rebuilt.\n")
    assert everything() == before


def test_with_no_attempt_there_is_nothing_to_rebuild(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["profiles", "rebuild"])

    assert result.exit_code == 0
    assert result.output.endswith("0 profiles were rebuilt.\n")
    assert everything()["profiles"] == []
