"""The launcher as a person meets it: real processes, real signals, a small app in a temporary folder."""

import http.client
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient

from tracker.config import ROOT
from tracker.storage.embedded import EmbeddedStore

STUB = """
import os
from pathlib import Path
from flask import Flask, request
from pymongo import MongoClient
from tracker.web.buffered import Buffered

flask = Flask("stub")

@flask.get("/livez")
def livez():
    return "ok"

@flask.get("/worker")
def worker():
    return str(os.getpid())

@flask.post("/notes")
def add():
    uri = os.environ.get("TRACKER_MONGODB_URI") or Path(os.environ["TRACKER_INSTANCE"], "mongodb.uri").read_text()
    with MongoClient(uri.strip(), serverSelectionTimeoutMS=5000) as client:
        notes = client.get_default_database().notes
        notes.insert_one({"text": request.form["text"]})
        return str(notes.count_documents({}))

app = Buffered(flask)
"""

SERVE_STUB = """
import os, sys
from pathlib import Path
from tracker.launch import __main__ as command_line, web_server
stub = web_server.App(name="stub:app", folder=Path(sys.argv.pop(1)), prepare=(sys.executable, "prepare.py"))
command_line.App = lambda: stub
sys.exit(command_line.main())
"""


def eventually(condition: Callable[[], bool], *, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def a_free_port() -> int:
    for port in random.sample(range(10_000, 20_000), 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


class Launcher:
    """A launcher in its own process group, on its own instance folder and port."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.instance = folder / "instance"
        self.port = a_free_port()
        self.environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)} | {
            "TRACKER_INSTANCE": str(self.instance),
            **settings,
        }
        self.process: subprocess.Popen[str] | None = None
        self.family: list[psutil.Process] = []

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", SERVE_STUB, str(self.folder), *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def serve(self) -> "Launcher":
        self.process = subprocess.Popen(
            self.command("serve", "--port", str(self.port)),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line.startswith(f"Skillmark serves http://127.0.0.1:{self.port}"), line + self.process.communicate()[0]
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def tell(self, number: int) -> tuple[int, str]:
        """Signal the launcher alone. Gives its exit status and what it said in the end."""
        assert self.process
        self.process.send_signal(number)
        return self.end()

    def end(self) -> tuple[int, str]:
        assert self.process
        said, _ = self.process.communicate(timeout=30)
        return self.process.returncode, said

    def survivors(self) -> list[psutil.Process]:
        return [member for member in self.family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE]

    def member(self, *words: str) -> psutil.Process:
        """The oldest of its processes with all of these words on its command line."""
        return next(member for member in self.family if all(word in " ".join(member.cmdline()) for word in words))

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, form)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == 200, text
        return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stub.py").write_text(STUB)
    (tmp_path / "prepare.py").touch()
    return tmp_path


@pytest.fixture
def launcher(folder: Path) -> Iterator[Launcher]:
    launcher = Launcher(folder)
    yield launcher
    for process in [launcher.process, *launcher.survivors()]:
        if process:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_to_the_launcher_alone_stops_all_it_started_and_only_that(
    launcher: Launcher, number: signal.Signals
) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    launcher.serve()
    assert len(launcher.family) >= 4  # the store, Granian, its two workers
    assert launcher.tell(number)[0] == 0
    assert launcher.survivors() == []
    assert not (launcher.instance / "mongodb.uri").exists()
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_second_start_finds_all_data_again(launcher: Launcher) -> None:
    launcher.serve()
    key = (launcher.instance / "secret_key").read_text()
    assert launcher.ask("POST", "/notes", "text=first") == "1"
    launcher.tell(signal.SIGINT)
    launcher.serve()
    assert launcher.ask("POST", "/notes", "text=second") == "2"
    assert (launcher.instance / "secret_key").read_text() == key


def test_secrets_are_for_their_owner_only_and_on_no_command_line(launcher: Launcher) -> None:
    launcher.serve()
    assert stat.S_IMODE(launcher.instance.stat().st_mode) == 0o700
    lines = [" ".join(member.cmdline()) for member in launcher.family]
    for name in ("secret_key", "mongodb.uri", "store/password"):
        file = launcher.instance / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, name
        assert not any(file.read_text().strip() in line for line in lines), name
    address = (launcher.instance / "mongodb.uri").read_text()
    assert address.startswith("mongodb://skillmark:")
    assert "/skillmark?authSource=admin" in address


def test_a_killed_store_is_started_again_while_the_app_serves(launcher: Launcher) -> None:
    launcher.serve()
    launcher.ask("POST", "/notes", "text=kept")
    store = launcher.member("secantusd-py")
    store.kill()
    assert launcher.ask("POST", "/notes", "text=next") == "2"
    launcher.family = psutil.Process(store.ppid() if store.is_running() else launcher.process.pid).children(  # type: ignore[union-attr]
        recursive=True
    )
    status, said = launcher.tell(signal.SIGINT)
    assert status == 0
    assert "starting it again" in said


def test_a_killed_worker_is_replaced(launcher: Launcher) -> None:
    launcher.serve()
    worker = int(launcher.ask("GET", "/worker"))
    os.kill(worker, signal.SIGKILL)
    granian = launcher.member("granian")
    assert eventually(
        lambda: worker not in {child.pid for child in granian.children()} and len(granian.children()) >= 2
    )
    assert launcher.ask("GET", "/livez") == "ok"
    launcher.family = psutil.Process(launcher.process.pid).children(recursive=True)  # type: ignore[union-attr]
    assert launcher.tell(signal.SIGTERM)[0] == 0
    assert launcher.survivors() == []


def test_when_the_web_server_dies_the_launcher_says_so_and_stops_the_rest(launcher: Launcher) -> None:
    launcher.serve()
    launcher.member("granian").kill()
    status, said = launcher.end()
    assert status == 1
    assert "The web server stopped by itself" in said
    assert launcher.survivors() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_nothing_outlives_a_launcher_that_was_killed(launcher: Launcher) -> None:
    launcher.serve()
    launcher.ask("POST", "/notes", "text=kept")
    launcher.tell(signal.SIGKILL)
    assert eventually(lambda: launcher.survivors() == [])
    launcher.serve()
    assert launcher.ask("POST", "/notes", "text=next") == "2"


def test_a_busy_port_gets_one_clear_line_and_starts_nothing(launcher: Launcher) -> None:
    with socket.create_server(("127.0.0.1", launcher.port)):
        ended = launcher.run("serve", "--port", str(launcher.port))
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert f"Port {launcher.port}" in ended.stderr
    assert not launcher.instance.exists()


def test_a_second_launcher_on_the_same_instance_gets_one_clear_line(launcher: Launcher) -> None:
    launcher.serve()
    ended = launcher.run("serve", "--port", str(a_free_port()))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert launcher.process
    assert str(launcher.process.pid) in ended.stderr
    assert launcher.ask("GET", "/livez") == "ok"


def test_when_the_stores_cannot_be_prepared_nothing_is_served_and_nothing_stays(launcher: Launcher) -> None:
    (launcher.folder / "prepare.py").write_text("import sys; sys.exit('items/a.toml: stem: missing')")
    ended = launcher.run("serve", "--port", str(launcher.port))
    assert ended.returncode == 1
    assert "items/a.toml: stem: missing" in ended.stderr
    assert not (launcher.instance / "store" / "server.pid").exists()


def test_an_app_that_cannot_be_loaded_ends_the_launcher(launcher: Launcher) -> None:
    (launcher.folder / "stub.py").write_text("raise RuntimeError('broken')")
    ended = launcher.run("serve", "--port", str(launcher.port))
    assert ended.returncode == 1
    assert "RuntimeError: broken" in ended.stdout + ended.stderr
    assert "The web server did not start" in ended.stderr


def test_with_an_address_of_its_own_no_embedded_store_is_started(folder: Path, tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "elsewhere") as store:
        launcher = Launcher(folder, TRACKER_MONGODB_URI=store.uri).serve()
        assert launcher.ask("POST", "/notes", "text=there") == "1"
        assert not (launcher.instance / "store").exists()
        assert launcher.tell(signal.SIGINT)[0] == 0
        with MongoClient[dict[str, object]](store.uri) as client:
            assert client.get_default_database().notes.count_documents({}) == 1


def test_slow_bodies_do_not_stop_honest_requests(launcher: Launcher) -> None:
    launcher.serve()
    head = b"POST /notes HTTP/1.1\r\nHost: slow\r\nContent-Length: 1000\r\n\r\ntext="
    slow = [socket.create_connection(("127.0.0.1", launcher.port)) for _ in range(60)]
    for connection in slow:
        connection.sendall(head)
    started = time.monotonic()
    assert launcher.ask("POST", "/notes", "text=honest") == "1"
    assert time.monotonic() - started < 2
    for connection in slow:
        connection.close()


def test_exec_starts_a_store_for_one_command_and_stops_it(launcher: Launcher) -> None:
    show = "import os, pathlib; print(pathlib.Path(os.environ['TRACKER_INSTANCE'], 'mongodb.uri').read_text())"
    ended = launcher.run("exec", "--", sys.executable, "-c", show)
    assert ended.returncode == 0
    assert ended.stdout.startswith("mongodb://skillmark:")
    assert not (launcher.instance / "mongodb.uri").exists()
    assert not (launcher.instance / "store" / "server.pid").exists()


def test_exec_uses_the_store_of_the_launcher_that_runs(launcher: Launcher) -> None:
    launcher.serve()
    ended = launcher.run("exec", "--", "true")
    assert ended.returncode == 0
    assert launcher.ask("POST", "/notes", "text=still here") == "1"


def test_exec_gives_the_exit_status_of_its_command(launcher: Launcher) -> None:
    assert launcher.run("exec", "--", "sh", "-c", "exit 7").returncode == 7
    missing = launcher.run("exec", "--", "no-such-command")
    assert missing.returncode == 1
    assert missing.stderr == "no-such-command: No such file or directory\n"
