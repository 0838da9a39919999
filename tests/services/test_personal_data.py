"""The export: all that is kept of a person, in words they know; what is held back stays held back."""

import csv
import io
import json
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask

from tests.builders import a_card, a_practice_answer, an_attempt_at, answer, coming_from, right_answer, some_terms
from tests.conftest import NOON, Cast
from tests.services.full_life import CANARY, EMAIL, NAME, live, typed_item
from tests.services.watching import watched_commands, watched_statements
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import Attempt
from tracker.assessment.item import Item
from tracker.config import Config
from tracker.errors import NotFound
from tracker.services import accounts, attempts, audit, personal_data, profiles
from tracker.storage import attempts as stored_attempts
from tracker.storage import next_steps, practice, sql
from tracker.storage.next_steps import StoredSteps
from tracker.storage.personal_documents import PERSONAL_COLLECTIONS
from tracker.storage.personal_rows import PERSONAL_TABLES
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import ItemReport

LATER = NOON + timedelta(days=1)
CLOSES_AT = LATER + timedelta(hours=1)


def export(user_id: int, *, now: datetime = LATER) -> ZipFile:
    """What somebody downloads."""
    with closing(personal_data.write_out(user_id, now=now)) as file:
        return ZipFile(io.BytesIO(file.read()))


def finish_held(item: Item, *, learner_id: int) -> Attempt:
    """Let a learner answer this item rightly and finish, under terms that release nothing before they close."""
    terms = some_terms(release=Release.AFTER_DEADLINE, closes_at=CLOSES_AT)
    attempt = an_attempt_at(item, learner_id=learner_id, assignment=terms)
    stored_attempts.add(attempt)
    attempt = answer(attempt, right_answer(item))
    return attempts.finish_attempt(attempt.id, learner_id=learner_id, seq=attempt.seq, now=NOON + timedelta(minutes=1))


def read(archive: ZipFile, name: str) -> list[dict[str, Any]]:
    """What is in a JSON file of it."""
    entries: list[dict[str, Any]] = json.loads(archive.read(f"{name}.json"))
    return entries


def table(archive: ZipFile, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of it."""
    return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"), newline="")))


def test_it_holds_a_file_for_every_table_and_collection_and_says_what_each_is(cast: Cast) -> None:
    life = live(friend_id=cast.lena, learner_id=cast.omar)

    archive = export(life.id)

    names = {kept.name for kept in PERSONAL_TABLES} | {kept.name for kept in PERSONAL_COLLECTIONS if kept.is_exported}
    assert {f"{name}.json" for name in names} <= set(archive.namelist())
    readme = archive.read("README.txt").decode()
    assert f"{NAME} <{EMAIL}>" in readme
    assert all(name == "README.txt" or f"{name}: " in readme for name in archive.namelist())
    assert archive.testzip() is None


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("account", "name"),
        ("sessions", "browser"),
        ("extra-time", "reason"),
        ("reports", "text"),
        ("notes", "text"),
        ("identities", "subject"),
        ("tokens", "name"),
        ("audit", "details"),
    ],
)
def test_it_says_what_is_kept_as_json_and_as_csv(cast: Cast, name: str, column: str) -> None:
    archive = export(live(friend_id=cast.lena, learner_id=cast.omar).id)

    told = [str(row[column]) for row in read(archive, name)]
    rows = table(archive, name)

    assert any(CANARY in text for text in told)
    assert any(CANARY in row[column] for row in rows)


def test_an_attempt_is_told_with_every_event_and_the_answers_as_they_were_given(cast: Cast) -> None:
    life = live(friend_id=cast.lena, learner_id=cast.omar)

    archive = export(life.id)

    told = {one["id"]: one for one in read(archive, "attempts")}
    assert [event["type"] for event in told[life.finished_id]["events"]] == ["started", "answered"]
    assert told[life.finished_id]["events"][1]["answer"] == [CANARY]
    assert read(archive, "practice")[0]["answers"][0]["answer"] == [CANARY]
    assert read(archive, "late_answers")[0]["answers"][0]["answer"] == [CANARY]
    (row,) = table(archive, "answers")
    assert (row["attempt"], row["answer"]) == (life.finished_id, CANARY)


def test_attempts_practice_and_late_answers_are_tables_too(cast: Cast) -> None:
    life = live(friend_id=cast.lena, learner_id=cast.omar)

    archive = export(life.id)

    told = {row["attempt"]: row for row in table(archive, "attempts")}
    assert told.keys() == {life.finished_id, life.open_id}
    finished = told[life.finished_id]
    assert (finished["started_at"], finished["finished_at"]) == (
        "2026-11-02T12:00:00+00:00",
        "2026-11-02T12:01:00+00:00",
    )
    assert (finished["questions"], finished["answers"], finished["is_assigned"]) == ("1", "1", "no")
    assert told[life.open_id]["finished_at"] == ""
    (practised,) = table(archive, "practice")
    assert (practised["answer"], practised["mark"], practised["seconds"]) == (CANARY, "", "20.0")
    (late,) = table(archive, "late_answers")
    assert (late["attempt"], late["answer"], late["late_by_seconds"]) == (life.finished_id, CANARY, "1.0")


def test_the_table_of_attempts_has_the_scores_as_they_were_told(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    for _ in range(3):
        attempt = answer(attempt)
    attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=attempt.seq, now=NOON + timedelta(minutes=1))

    archive = export(cast.ada)

    (row,) = table(archive, "attempts")
    (told,) = read(archive, "attempts")
    assert row["scores"] == f"language {told['report']['scores']['language']['value']}"
    assert row["answers"] == str(sum(1 for response in told["responses"] if response["answer"]))


def test_an_answer_of_several_parts_is_readable_text_that_no_spreadsheet_runs(cast: Cast) -> None:
    item = typed_item()
    practice.append_answer(
        a_card(item, learner_id=cast.ada), a_practice_answer(item.version, answer=("=1+1", "and more"))
    )

    archive = export(cast.ada)

    assert [row["answer"] for row in table(archive, "practice")] == ["'=1+1 | and more"]


def test_it_holds_nothing_of_others(cast: Cast) -> None:
    live(friend_id=cast.lena, learner_id=cast.omar)

    archive = export(cast.ada)

    assert not any(CANARY.encode() in archive.read(name) for name in archive.namelist())
    assert read(archive, "attempts") == []


def test_who_is_unknown_gets_nothing(app: Flask) -> None:
    with pytest.raises(NotFound):
        personal_data.write_out(987654321, now=LATER)


def test_of_an_open_attempt_no_option_has_its_telling_id_and_no_item_its_name(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    for _ in range(3):
        attempt = answer(attempt)

    archive = export(cast.ada)

    text = archive.read("attempts.json").decode()
    assert not [place.item_id for place in attempt.form if place.item_id in text]
    (told,) = read(archive, "attempts")
    assert [question.keys() for question in told["questions"][:1]] == [{"question", "item_version"}]
    assert told["responses"] == []


def test_marks_of_an_attempt_come_with_its_release(cast: Cast) -> None:
    item = typed_item()
    finish_held(item, learner_id=cast.ada)
    card = a_card(item, learner_id=cast.ada)
    practice.append_answer(card, a_practice_answer(item.version, answer=right_answer(item)))

    held = export(cast.ada)
    released = export(cast.ada, now=CLOSES_AT + timedelta(hours=1))

    for archive, is_told in ((held, False), (released, True)):
        (response,) = read(archive, "attempts")[0]["responses"]
        (practised,) = read(archive, "practice")
        assert ("mark" in response, "item_id" in response) == (is_told, is_told)
        assert ("mark" in practised["answers"][0], "stability" in practised) == (is_told, is_told)


def test_what_is_held_is_told_in_no_file_of_the_export(cast: Cast) -> None:
    item = next(one for one in get_bank().items_by_version.values() if one.body.options)
    attempt = finish_held(item, learner_id=cast.ada)
    profiles.update_profile(cast.ada)
    record = {"attempt_id": attempt.id, "item_id": item.id, "is_right": True, "answered_at": NOON}
    step = {"rule": "review-1", "evidence": {"topic_id": item.topic_id, "records": [record]}}
    next_steps.add(StoredSteps("1" * 32, cast.ada, NOON, (attempt.id,), 1, 1, "hash", [step]))
    with sql.writing() as session:
        session.add(
            ItemReport(
                public_id="1" * 32,
                user_id=cast.ada,
                item_id=item.id,
                item_version=item.version,
                answer=list(item.body.key),
                kind="wrong",
                text="Explained wrongly.",
                at=NOON,
                reply="You were right.",
                replied_by="Vera",
                replied_at=NOON,
            )
        )

    held = export(cast.ada)
    released = export(cast.ada, now=CLOSES_AT + timedelta(hours=1))

    for archive, is_told in ((held, False), (released, True)):
        for said in (f'"{item.id}"', '"mark"', '"is_right"', "Explained wrongly.", "You were right.", "Vera"):
            named = [name for name in archive.namelist() if said in archive.read(name).decode()]
            assert bool(named) == is_told, (said, named)
        assert not [name for name in archive.namelist() if '"right":' in archive.read(name).decode()]
        options = {option.plain for option in item.body.options}
        assert set(read(archive, "reports")[0]["answer"]) <= options


def test_what_others_did_to_somebody_is_told_without_who_and_where_from(cast: Cast) -> None:
    with coming_from("192.0.2.66"):
        audit.record("extra-time.set", actor_id=cast.lena, subject=f"user:{cast.ada}", now=NOON)
    with coming_from("192.0.2.1"):
        audit.record("session.opened", actor_id=cast.ada, subject=f"user:{cast.ada}", now=NOON)
        audit.record("lead.made", actor_id=cast.ada, subject=f"user:{cast.omar}", now=NOON)

    archive = export(cast.ada)

    told = [(row["actor"], row["subject"], row["details"]) for row in read(archive, "audit")]
    own = '{"address": "192.0.2.1"}'
    assert told[:3] == [("somebody else", "you", None), ("you", "you", own), ("you", "somebody else", own)]
    assert not [name for name in archive.namelist() if b"192.0.2.66" in archive.read(name)]


def test_a_cell_that_a_spreadsheet_could_run_is_plain_text(cast: Cast) -> None:
    accounts.update_profile(cast.ada, name="=1+1", zone="UTC")

    archive = export(cast.ada)

    assert "'=1+1" in archive.read("account.csv").decode("utf-8-sig")
    assert read(archive, "account")[0]["name"] == "=1+1"


def test_ten_attempts_are_read_with_no_more_statements_than_one(cast: Cast, config: Config) -> None:
    counts = []
    for number in range(10):
        stored_attempts.add(
            an_attempt_at(typed_item(), id=f"{number:032}", learner_id=cast.ada, assessment_slug=f"a{number}")
        )
        if number in (0, 9):
            with watched_statements() as statements, watched_commands(config) as commands:
                export(cast.ada)
            counts.append((len(statements), len(commands)))

    assert counts[1] <= counts[0]
