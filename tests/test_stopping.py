"""Being told to stop, in the middle of things: what has begun is answered, and what was acknowledged is there."""

import http.client
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pymongo import MongoClient

from tests.launcher import STUB, Launcher, a_launcher_of_a_stub, eventually
from tracker.storage.embedded import EmbeddedStore

HELD = """
import time

@flask.post("/held")
def hold():
    Path("{0}", "is-held").touch()
    while not Path("{0}", "may-go-on").exists():
        time.sleep(0.02)
    return add()
"""

LATE = """
import time

try:
    Path("{0}", "one-has-begun").mkdir()
except FileExistsError:
    Path("{0}", "another-begins").touch()
    while True:
        time.sleep(0.02)
"""


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[Launcher]:
    launcher = a_launcher_of_a_stub(tmp_path)
    (tmp_path / "stub.py").write_text(STUB + HELD.format(tmp_path))
    yield launcher.serve()
    launcher.clean_up()


def post(launcher: Launcher, path: str, text: str) -> int:
    """The status of a note that is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", launcher.port, timeout=20)
    try:
        connection.request("POST", path, f"text={text}", {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status
    finally:
        connection.close()


def stored(launcher: Launcher) -> Counter[object]:
    """How often each note is there, once all has stopped."""
    with (
        EmbeddedStore(launcher.instance / "store") as store,
        MongoClient[dict[str, object]](store.uri) as client,
    ):
        return Counter(note["text"] for note in client.get_default_database().notes.find())


def is_refused(launcher: Launcher) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", launcher.port)) != 0


def test_a_request_on_its_way_is_answered_after_sigterm_and_no_new_one_is_taken(
    launcher: Launcher, tmp_path: Path
) -> None:
    answered: list[int] = []
    sender = threading.Thread(target=lambda: answered.append(post(launcher, "/held", "held")))
    sender.start()
    assert eventually((tmp_path / "is-held").exists)

    launcher.processes[-1].send_signal(signal.SIGTERM)

    assert eventually(lambda: is_refused(launcher))
    assert answered == []
    (tmp_path / "may-go-on").touch()
    sender.join()
    assert launcher.end()[0] == 0
    assert answered == [200]
    assert stored(launcher) == {"held": 1}


def test_a_worker_that_is_still_loading_can_be_stopped(tmp_path: Path) -> None:
    launcher = a_launcher_of_a_stub(tmp_path)
    (tmp_path / "stub.py").write_text(STUB + LATE.format(tmp_path))
    launcher.serve()
    try:
        assert eventually((tmp_path / "another-begins").exists)
        status, said = launcher.tell(signal.SIGTERM)
    finally:
        launcher.clean_up()
    assert status == 0
    assert "refused to gracefully stop" not in said


def test_what_was_acknowledged_when_sigterm_came_is_there_once(launcher: Launcher) -> None:
    acknowledged: list[str] = []
    sent: list[str] = []

    def send_on(sender: int) -> None:
        with suppress(OSError, http.client.HTTPException):
            for number in range(1000):
                sent.append(f"{sender}-{number}")
                assert post(launcher, "/notes", f"{sender}-{number}") == 200
                acknowledged.append(f"{sender}-{number}")

    senders = [threading.Thread(target=send_on, args=(sender,)) for sender in range(8)]
    for sender in senders:
        sender.start()
    assert eventually(lambda: len(acknowledged) >= 20)

    status, _ = launcher.tell(signal.SIGTERM)

    for sender in senders:
        sender.join()
    assert status == 0
    found = stored(launcher)
    assert set(acknowledged) <= found.keys() <= set(sent)
    assert set(found.values()) == {1}
