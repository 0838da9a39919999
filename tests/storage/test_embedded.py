"""The embedded document store, as a real process on a temporary folder."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern
from pymongo.errors import OperationFailure

from tests.launcher import eventually
from tracker import processes
from tracker.processes import NotStarted
from tracker.storage import rewriting
from tracker.storage.embedded import EmbeddedStore, StoreInUse, choose_engine

OWNER = """
import sys, time
from pathlib import Path
from tracker.storage.embedded import EmbeddedStore
with EmbeddedStore(Path(sys.argv[1])) as store:
    print(store.uri, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(folder) as running:
        yield running


def connect(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=5000)


def add_a_note(uri: str) -> None:
    with connect(uri) as client:
        durable = WriteConcern(w="majority", j=True)
        client.get_default_database().get_collection("notes", write_concern=durable).insert_one({"text": "kept"})


def count_notes(uri: str) -> int:
    with connect(uri) as client:
        return client.get_default_database().notes.count_documents({})


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def server_pid(folder: Path) -> int:
    return int((folder / "server.pid").read_text())


def test_it_serves_whoever_has_its_address(store: EmbeddedStore) -> None:
    add_a_note(store.uri)
    assert count_notes(store.uri) == 1


def test_a_stranger_is_refused_for_reading_and_writing(store: EmbeddedStore) -> None:
    address = store.uri.rpartition("@")[2].partition("/")[0]
    with connect(f"mongodb://{address}/skillmark?directConnection=true") as stranger:
        with pytest.raises(OperationFailure, match="requires authentication"):
            stranger.skillmark.notes.find_one()
        with pytest.raises(OperationFailure, match="requires authentication"):
            stranger.skillmark.notes.insert_one({"text": "smuggled"})
    assert count_notes(store.uri) == 0


def test_a_wrong_password_is_refused(store: EmbeddedStore) -> None:
    password = (store.folder / "password").read_text().strip()
    with connect(store.uri.replace(password, "guessed")) as stranger, pytest.raises(OperationFailure) as refusal:
        stranger.skillmark.notes.find_one()
    assert refusal.value.code == 18


def test_its_password_is_for_its_owner_only_and_on_no_command_line(store: EmbeddedStore) -> None:
    password = store.folder / "password"
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert password.read_text().strip() not in processes.command_line(server_pid(store.folder))


def test_a_second_owner_is_refused_in_one_line_that_names_the_first(store: EmbeddedStore) -> None:
    with pytest.raises(StoreInUse) as refusal:
        EmbeddedStore(store.folder).start()
    assert str(os.getpid()) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert store.is_alive


def test_a_killed_server_is_started_again_at_the_same_address_with_its_data(store: EmbeddedStore) -> None:
    address = store.uri
    add_a_note(address)
    store.kill()
    assert not store.is_alive
    store.restart()
    assert store.uri == address
    assert count_notes(address) == 1


def test_the_next_owner_finds_the_data_at_the_same_address(folder: Path) -> None:
    with EmbeddedStore(folder) as store:
        address = store.uri
        add_a_note(address)
    with EmbeddedStore(folder) as store:
        assert store.uri == address
        assert count_notes(address) == 1


def test_stopping_leaves_no_process_and_no_claim(folder: Path) -> None:
    with EmbeddedStore(folder) as store:
        pid = server_pid(folder)
    assert processes.command_line(pid) == ""
    assert not store.is_alive
    assert not (folder / "server.pid").exists()


def test_a_lost_password_is_replaced_and_the_data_stay(folder: Path) -> None:
    with EmbeddedStore(folder) as store:
        add_a_note(store.uri)
    (folder / "password").unlink()
    with EmbeddedStore(folder) as store:
        assert count_notes(store.uri) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_the_server_does_not_outlive_an_owner_who_was_killed(folder: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE)
    assert owner.stdout
    address = owner.stdout.readline().decode().strip()
    add_a_note(address)
    pid = server_pid(folder)
    owner.kill()
    owner.communicate()
    assert eventually(lambda: processes.command_line(pid) == "")
    with EmbeddedStore(folder) as store:
        assert count_notes(store.uri) == 1


def test_a_server_that_did_outlive_its_owner_is_ended_by_the_next(folder: Path) -> None:
    with EmbeddedStore(folder) as store:
        add_a_note(store.uri)
    command = choose_engine(folder, mongod=None).command(int((folder / "port").read_text()), is_open=False)
    orphan = subprocess.Popen(command, cwd=folder)
    while not processes.command_line(orphan.pid):  # the kernel tells it a moment after the process is there
        assert orphan.poll() is None
    (folder / "server.pid").write_text(str(orphan.pid))
    with EmbeddedStore(folder) as store:
        assert count_notes(store.uri) == 1
    assert orphan.wait(5) is not None


def test_an_old_process_id_that_now_belongs_to_someone_else_is_left_alone(folder: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    folder.mkdir()
    (folder / "server.pid").write_text(str(bystander.pid))
    with EmbeddedStore(folder):
        assert bystander.poll() is None
    bystander.send_signal(signal.SIGKILL)
    bystander.wait()


def test_a_server_that_cannot_start_says_so_with_the_end_of_its_log(folder: Path) -> None:
    with EmbeddedStore(folder):
        pass
    port = int((folder / "port").read_text())
    command = choose_engine(folder, mongod=None).command(port, is_open=False)
    unknown = subprocess.Popen(command, cwd=folder)  # holds the data, yet no server.pid names it
    try:
        assert eventually(lambda: is_listening(port))
        with pytest.raises(NotStarted, match=r"server\.log ends with:\n.+"):
            EmbeddedStore(folder).start()
    finally:
        unknown.kill()
        unknown.wait()


def test_data_are_written_anew_although_a_document_is_older_than_its_rules(folder: Path) -> None:
    with EmbeddedStore(folder) as store, connect(store.uri) as client:
        database = client.get_default_database()
        database.notes.insert_one({"text": "kept"})
        database.command("collMod", "notes", validator={"size": {"$gt": 0}})
    (folder / rewriting.WANTED).touch()

    with EmbeddedStore(folder) as store:
        assert count_notes(store.uri) == 1
    assert not rewriting.is_wanted(folder)


def test_data_that_cannot_be_copied_are_served_and_the_copy_stays_wanted(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with EmbeddedStore(folder) as store:
        add_a_note(store.uri)
    (folder / rewriting.WANTED).touch()
    (folder / rewriting.NEW).touch()

    with EmbeddedStore(folder) as store:
        assert count_notes(store.uri) == 1
        add_a_note(store.uri)

    assert rewriting.is_wanted(folder)
    assert "were not written anew" in caplog.text


def test_mongod_is_taken_when_there_is_one_and_no_data_of_the_other(tmp_path: Path) -> None:
    mongod = tmp_path / "mongod"
    mongod.touch()
    command = choose_engine(tmp_path / "store", mongod=str(mongod)).command(20_001, is_open=False)
    assert command[0] == str(mongod)
    assert command[command.index("--bind_ip") + 1] == "127.0.0.1"
    assert "--auth" in command


def test_data_written_by_one_engine_are_never_left_behind_for_the_other(tmp_path: Path) -> None:
    (tmp_path / "old" / "secantusdb").mkdir(parents=True)
    assert choose_engine(tmp_path / "old", mongod="/usr/bin/mongod").data.name == "secantusdb"
    (tmp_path / "new" / "mongod").mkdir(parents=True)
    with pytest.raises(NotStarted, match="not on the PATH any more"):
        choose_engine(tmp_path / "new", mongod=None)
