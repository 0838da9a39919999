"""Backups: all of both stores in a file, whole or not at all, and back into empty stores."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import delete, text

from tests.builders import an_attempt, an_item_report, take
from tests.conftest import NOON, Cast, add_person, empty_stores, forget_sources
from tests.services.full_life import live
from tests.web.stored import everything
from tracker.errors import Conflict
from tracker.services import audit_trail, backups, cohorts, erasing, profiles, stores
from tracker.storage import attempts, backup_documents, backup_file, backup_tables, documents, sql
from tracker.storage.tables import SignIn, User

LEFT_OUT = {*backup_tables.LEFT_OUT, *backup_documents.DERIVED}


@pytest.fixture
def full(app: Flask) -> None:
    """Stores of which every table and collection holds something."""
    live(friend_id=add_person("lena@example.org", "Lena"), learner_id=add_person("ada@example.org", "Ada"))
    attempts.add(an_attempt(learner_id=1))


def kept() -> dict[str, list[object]]:
    """What a backup is to bring back, all types as they are."""
    found = everything() | {
        name: list(documents.collection(name).find().sort("_id"))
        for name in ("late_answers", "next_steps", "group_figures", "group_tellings", "group_people", "exposures")
    }
    return {name: rows for name, rows in found.items() if name not in LEFT_OUT}


def forged(file: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The same backup with something changed by somebody who knows how to seal one."""
    with ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    other = file.with_name("forged.zip")
    with ZipFile(other, "w") as archive:
        archive.comment = b"0" * backup_file.HASH_LENGTH
        for name, content in members.items():
            archive.writestr(name, content)
    content = other.read_bytes()[: -backup_file.HASH_LENGTH]
    other.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    return other


def said(members: dict[str, bytes], **changed: object) -> None:
    """Let the manifest say something else."""
    members[backup_file.MANIFEST] = json.dumps({**json.loads(members[backup_file.MANIFEST]), **changed}).encode()


def test_everything_comes_back_as_it_was(full: None, tmp_path: Path) -> None:
    before = kept()
    made = backups.make(tmp_path, now=NOON)
    empty_stores()

    erased = backups.restore(made.file, now=NOON)

    after = kept()
    trail = after.pop("audit_events")
    assert trail[: len(before["audit_events"])] == before.pop("audit_events")
    assert after == before
    assert erased == 0
    assert not audit_trail.verify().fault
    assert backups.compare(made.file) == []


def test_a_backup_is_its_owners_alone_and_bears_the_moment(full: None, tmp_path: Path) -> None:
    made = backups.make(tmp_path, now=NOON)

    assert [*tmp_path.iterdir()] == [made.file]
    assert made.file.name == "skillmark-20261102T120000Z.zip"
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.file.read_bytes().endswith(made.hash.encode())
    assert made.contents == backups.read_contents(made.file)


def test_what_lets_somebody_in_or_is_derived_is_not_in_it(full: None, tmp_path: Path) -> None:
    made = backups.make(tmp_path, now=NOON)

    with ZipFile(made.file) as archive:
        names = {Path(name).stem for name in archive.namelist()}
    assert not names & {*LEFT_OUT, *backup_documents.PASSING}
    assert {"users", "attempts", "audit_events", "erasures", "item_sources"} <= names


def test_nobody_is_signed_in_after_a_restore_and_no_id_is_given_again(full: None, tmp_path: Path) -> None:
    newest = add_person("gone@example.org", "Gone")
    with sql.writing() as session:
        session.execute(delete(User).where(User.id == newest))
    made = backups.make(tmp_path, now=NOON)
    empty_stores()

    backups.restore(made.file, now=NOON)

    assert sql.session().query(SignIn).count() == 0
    assert add_person("omar@example.org", "Omar") > newest


def test_profiles_are_the_same_again_once_they_are_folded(cast: Cast, tmp_path: Path) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    before = everything()["profiles"]
    made = backups.make(tmp_path, now=NOON)
    empty_stores()
    backups.restore(made.file, now=NOON)

    profiles.repair_profiles()

    assert everything()["profiles"] == before


def test_whoever_was_erased_is_erased_again(cast: Cast, tmp_path: Path) -> None:
    erasing.erase(cast.omar, actor_id=None, now=NOON)
    attempts.add(an_attempt(learner_id=cast.omar))
    made = backups.make(tmp_path, now=NOON)
    empty_stores()

    assert backups.restore(made.file, now=NOON) == 1
    assert attempts.list_of(cast.omar) == []


def test_an_attempt_that_was_reported_while_the_backup_was_made_is_in_it(cast: Cast, tmp_path: Path) -> None:
    reported = "b" * 32
    forget_sources()  # they would be read after the attempts, too

    def report() -> None:
        nonlocal documents_left
        documents_left -= 1
        if not documents_left:
            attempts.add(an_attempt(id=reported, learner_id=cast.ada))
            with sql.writing() as session:
                session.add(an_item_report(user_id=cast.ada, attempt_id=reported))

    attempts.add(an_attempt(learner_id=cast.lena))
    documents.collection("item_parameters").insert_one({"_id": "read after all attempts"})
    before = backups.make(tmp_path, now=NOON - timedelta(days=1)).contents.rows
    documents_left = sum(rows for name, rows in before.items() if name.startswith("documents"))
    made = backups.make(tmp_path, now=NOON, on_row=report)
    empty_stores()

    backups.restore(made.file, now=NOON)

    with ZipFile(made.file) as archive:
        assert {"documents/attempts.bson", "documents/attempts-2.bson"} < {*archive.namelist()}
    assert attempts.is_there(reported)
    assert made.contents.rows["documents attempts"] == 2
    assert backups.compare(made.file) == []


def test_a_restore_into_stores_that_hold_something_changes_nothing(full: None, tmp_path: Path) -> None:
    made = backups.make(tmp_path, now=NOON)
    before = everything()

    with pytest.raises(Conflict, match=r"here already\. A backup is restored into empty stores only"):
        backups.restore(made.file, now=NOON)

    assert everything() == before


def test_a_restore_into_documents_without_people_is_refused_too(cast: Cast, tmp_path: Path) -> None:
    made = backups.make(tmp_path, now=NOON)
    empty_stores()
    attempts.add(an_attempt(learner_id=1))

    with pytest.raises(Conflict, match="There are attempts here already"):
        backups.restore(made.file, now=NOON)


@pytest.mark.parametrize("place", [40, -500, -1])
def test_one_changed_byte_is_found_and_nothing_is_restored(full: None, tmp_path: Path, place: int) -> None:
    file = backups.make(tmp_path, now=NOON).file
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    empty_stores()
    before = everything()

    with pytest.raises(Conflict, match="no whole backup"):
        backups.restore(file, now=NOON)

    assert everything() == before


@pytest.mark.parametrize("length", [0, 3000, -1])
def test_a_cut_off_backup_is_found(full: None, tmp_path: Path, length: int) -> None:
    file = backups.make(tmp_path, now=NOON).file
    file.write_bytes(file.read_bytes()[:length])

    with pytest.raises(Conflict, match="no whole backup"):
        backups.read_contents(file)


def test_a_missing_member_is_found(full: None, tmp_path: Path) -> None:
    file = forged(backups.make(tmp_path, now=NOON).file, lambda members: members.pop("documents/practice.bson"))

    with pytest.raises(Conflict, match="its members are not those of its manifest"):
        backups.read_contents(file)


def test_a_member_that_is_not_the_manifests_is_found(full: None, tmp_path: Path) -> None:
    file = forged(
        backups.make(tmp_path, now=NOON).file, lambda members: members.update({"tables/users.jsonl": b"{}\n"})
    )

    with pytest.raises(Conflict, match=r"tables/users.jsonl was changed"):
        backups.read_contents(file)


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"format": 2}, "is of a newer version"), ({"revision": "0999"}, "The backup is of a newer version")],
)
def test_a_backup_of_a_newer_version_is_refused(
    cast: Cast, tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    file = forged(backups.make(tmp_path, now=NOON).file, lambda members: said(members, **changed))
    empty_stores()

    with pytest.raises(Conflict, match=words):
        backups.restore(file, now=NOON)


def test_a_backup_of_an_older_migration_is_brought_up_to_date(app: Flask, tmp_path: Path) -> None:
    sql.session().remove()
    sql.downgrade("0006")
    try:
        with sql.db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO users (email, name, zone, password_hash, is_admin, is_author, created_at)"
                    " VALUES ('ada@example.org', 'Ada', 'UTC', 'x', false, false, '2026-11-01 12:00:00')"
                )
            )
        with backup_file.drafted(tmp_path / "old.zip") as draft:
            backup_documents.write(draft, lambda: None)
            with backup_tables.snapshot() as snapshot:
                backup_tables.write(draft, snapshot, lambda: None)
            draft.close(made_at=NOON, app="0.0.9", revision="0006", newest_ids={"users": 7})
        with sql.db.engine.begin() as connection:
            connection.execute(text("DELETE FROM users"))
    finally:
        stores.prepare_stores()

    backups.restore(tmp_path / "old.zip", now=NOON)

    assert sql.is_newest()
    assert [user.name for user in sql.session().query(User)] == ["Ada"]
    assert backups.compare(tmp_path / "old.zip") == ["The tables are at migration 0007, the backup's at 0006."]


def test_a_restore_that_is_broken_off_leaves_both_stores_empty(full: None, tmp_path: Path) -> None:
    made = backups.make(tmp_path, now=NOON)
    empty_stores()
    left = sum(made.contents.rows.values()) - 3

    def interrupt() -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backups.restore(made.file, now=NOON, on_row=interrupt)

    assert not any(everything().values())
    backups.restore(made.file, now=NOON)
    assert backups.compare(made.file) == []


def test_a_backup_that_is_broken_off_leaves_no_file(full: None, tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backups.make(tmp_path, now=NOON, on_row=interrupt)

    assert [*tmp_path.iterdir()] == []


def test_only_the_newest_are_kept_and_nothing_else_is_removed(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "skillmark-of-somebody.zip").touch()
    made = [backups.make(tmp_path, now=NOON + timedelta(days=day)).file for day in range(3)]

    last = backups.make(tmp_path, keep=2, now=NOON + timedelta(days=3))

    assert last.removed == (made[0], made[1])
    assert {*tmp_path.iterdir()} == {tmp_path / "skillmark-of-somebody.zip", made[2], last.file}


def test_what_a_killed_command_left_goes_a_day_later(cast: Cast, tmp_path: Path) -> None:
    left = tmp_path / "skillmark-20261031T120000Z-of-a-crash.part"
    left.touch()
    os.utime(left, (NOON.timestamp(), NOON.timestamp()))

    backups.make(tmp_path, now=NOON + timedelta(hours=1))
    assert left.exists()
    backups.make(tmp_path, now=NOON + timedelta(days=2))
    assert not left.exists()


def test_what_cannot_be_written_is_said(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="There is no folder"):
        backups.make(tmp_path / "nowhere", now=NOON)
    backups.make(tmp_path, now=NOON)
    with pytest.raises(Conflict, match="is there already"):
        backups.make(tmp_path, now=NOON)


def test_every_difference_to_a_backup_is_told(cast: Cast, tmp_path: Path) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    file = backups.make(tmp_path, now=NOON).file
    documents.collection("attempts").update_one({}, {"$set": {"seed": -1}})
    forget_sources()
    with sql.writing() as session:
        session.execute(delete(User).where(User.id == cast.omar))
    stores.prepare_stores()

    found = backups.compare(file)

    assert [line.partition(":")[0] for line in found] == ["attempts", "item_sources", "users"]
    assert found[0] == "attempts: 1 documents as in the backup, but not all the same."
    assert found[2] == "users: 3 rows, 4 in the backup."


def test_making_and_restoring_are_in_the_audit_trail(cast: Cast, tmp_path: Path) -> None:
    made = backups.make(tmp_path, now=NOON)
    trail = sql.session().execute(text("SELECT action, subject FROM audit_events ORDER BY seq")).all()
    empty_stores()
    backups.restore(made.file, now=NOON)

    assert trail[-1] == ("backup.made", f"backup:{made.hash}")
    restored = sql.session().execute(text("SELECT action, subject FROM audit_events ORDER BY seq")).all()
    assert restored[-1] == ("backup.restored", f"backup:{made.hash}")


def test_rows_go_in_the_order_of_what_they_refer_to(cast: Cast, tmp_path: Path) -> None:
    cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    file = backups.make(tmp_path, now=NOON).file

    with ZipFile(file) as archive:
        names = archive.namelist()
    assert names.index("documents/attempts.bson") < names.index("tables/users.jsonl")
    assert names.index("tables/users.jsonl") < names.index("tables/memberships.jsonl")
    assert names[-1] == backup_file.MANIFEST
