"""Looking through both stores for what must not be."""

import os
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from tests.builders import a_late_answer, an_attempt, an_item_report, take
from tests.conftest import NOON, Cast, add_person
from tests.open_trail import open_trail
from tests.services.full_life import live
from tests.web.stored import everything
from tracker.config import Config
from tracker.services import audit, doctor, profiles
from tracker.storage import attempts, documents, export_files, exports, late_answers, shapes, sql
from tracker.storage.audit_tables import AuditEvent, Erasure
from tracker.storage.tables import User

LATER = NOON + timedelta(days=1)


def examined(*, sample: int | None = None) -> list[str]:
    return list(doctor.examine(learner_ids=doctor.list_learners(sample=sample), now=LATER))


@pytest.fixture
def attempt_id(cast: Cast) -> str:
    """Ada's finished attempt."""
    return take("language", learner_id=cast.ada, now=NOON + timedelta(microseconds=123_456)).id


def change(attempt_id: str, **changed: Any) -> None:
    """Set something in an attempt as no code of ours would."""
    documents.command({"collMod": "attempts", "validator": {}})
    documents.collection("attempts").update_one({"_id": attempt_id}, {"$set": changed})
    shapes.declare()


def test_sound_stores_have_nothing_wrong_and_are_not_changed(cast: Cast, attempt_id: str) -> None:
    attempts.add(an_attempt(learner_id=cast.lena))
    before = everything()

    assert examined() == []
    assert everything() == before


def test_documents_of_somebody_whom_the_tables_do_not_know_are_told(cast: Cast, attempt_id: str) -> None:
    with sql.writing() as session:
        session.execute(delete(User).where(User.id == cast.ada))

    found = examined()

    assert {line.partition(" ")[0] for line in found} == {"attempts", "profiles", "standings"}
    assert all(f"person {cast.ada}, whom the tables do not know. Restore both stores." in line for line in found)


def test_documents_of_somebody_who_was_erased_say_what_to_do(cast: Cast) -> None:
    attempts.add(an_attempt(learner_id=cast.ada))
    with sql.writing() as session:
        session.add(Erasure(user_id=cast.ada, asked_at=NOON, done_at=NOON))
        session.execute(delete(User).where(User.id == cast.ada))

    assert examined() == [
        f"attempts hold something of person {cast.ada}, who was erased. Run `flask people erase --again`."
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"events.1.seq": 1}, "lacks an event, or has one twice"),
        ({"seq": 1}, "does not end with its newest event"),
        ({"events.0.key": "k", "events.1.key": "k"}, "has taken the same request twice"),
        ({"finished_at": None}, "is not as finished as its events say"),
        ({"open_key": "1/language"}, "does not say rightly whether it is open"),
        ({"deadline": NOON}, "has a deadline that does not follow from its time"),
        ({"events.0.colour": "red"}, "cannot be read (TypeError"),
    ],
)
def test_an_attempt_that_is_broken_in_itself_is_told(attempt_id: str, changed: dict[str, Any], words: str) -> None:
    change(attempt_id, **changed)

    told = [line for line in examined() if line.startswith(f"Attempt {attempt_id} {words}")]
    assert len(told) == 1
    assert told[0].endswith("Restore it from a backup.")


def test_an_attempt_that_something_refers_to_and_that_is_gone_is_told(cast: Cast) -> None:
    with sql.writing() as session:
        session.add(an_item_report(user_id=cast.ada, attempt_id="reported"))
    late_answers.add(a_late_answer(), attempt_id="gone", learner_id=cast.ada)

    found = "\n".join(examined())

    assert "Late answers are kept of attempt gone, which is not there." in found
    assert "is about attempt reported, which is not there." in found


def test_an_item_that_nobody_has_any_more_is_told(attempt_id: str) -> None:
    change(attempt_id, **{"form.0.item_version": "f" * 64})

    (found,) = examined()
    assert found == f"An item was served from file {'f' * 64}, which nobody has. Restore item_sources from a backup."


def test_a_profile_that_is_not_what_the_attempts_add_up_to_is_told(cast: Cast, attempt_id: str) -> None:
    documents.collection("profiles").update_one({}, {"$inc": {"values.areas.0.ability.theta": 0.01}})

    assert examined() == [
        f"The profile of person {cast.ada} is not what their attempts add up to. Run `flask profiles rebuild`."
    ]
    assert examined(sample=0) == []


def test_a_profile_of_more_attempts_and_a_missing_one_are_told(cast: Cast, attempt_id: str) -> None:
    documents.collection("profiles").update_one({}, {"$inc": {"attempts": 1}})
    of_more = examined()
    documents.collection("profiles").delete_many({})
    missing = examined()

    assert of_more[0].startswith(f"Person {cast.ada} has finished 1 attempts; profile and standing are of [2, 1].")
    assert missing[0].startswith(f"Person {cast.ada} has finished 1 attempts; profile and standing are of [0, 1].")
    assert list(doctor.examine(learner_ids=[cast.ada], now=NOON)) == []


def test_a_standing_that_is_not_the_profiles_is_told_and_mended_as_it_says(cast: Cast, attempt_id: str) -> None:
    documents.collection("standings").update_one({}, {"$set": {"skills": "language"}})
    found = examined()

    profiles.update_profile(cast.ada)

    assert found == [f"The standing of person {cast.ada} is not that of their profile. Run `flask profiles rebuild`."]
    assert examined() == []


def test_a_trail_that_was_tampered_with_is_told(app: Flask) -> None:
    audit.record("cohort.made", actor_id=1, subject="cohort:1", now=NOON)
    with open_trail() as session:
        session.execute(update(AuditEvent).values(action="cohort.archived"))

    (found,) = examined()

    assert found.startswith("The audit trail is not sound: Event 1 was changed.")


def test_files_that_are_gone_or_half_written_are_told(app: Flask, config: Config) -> None:
    live(friend_id=add_person("lena@example.org", "Lena"), learner_id=add_person("ada@example.org", "Ada"))
    export_files.remove_all_of(export_files.list_ids())
    draft = config.instance / ".draft-of-a-crash"
    draft.touch()
    os.utime(draft, (NOON.timestamp(), NOON.timestamp()))

    found = "\n".join(examined())
    draft.unlink()

    (lost,) = exports.list_lost()
    assert f"The file of export {lost} is not there." in found
    assert f"{draft} was left half written by a crash. Delete it." in found


def test_a_shape_that_the_store_does_not_hold_is_told(app: Flask) -> None:
    documents.command({"collMod": "practice", "validator": {}})

    found = examined()
    shapes.declare()

    assert found == ["The document store does not hold practice to their shape. Run `flask stores prepare`."]
