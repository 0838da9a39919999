"""The launcher as a person meets it: real processes, real signals, a small app in a temporary folder."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from tests.launcher import STUB, Launcher, a_free_port, a_launcher, a_launcher_of_a_stub, eventually
from tracker.storage.embedded import EmbeddedStore

WAIT = """
import time
from pathlib import Path
Path("{}").touch()
while not Path("{}").exists():
    time.sleep(0.05)
"""


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[Launcher]:
    launcher = a_launcher_of_a_stub(tmp_path)
    yield launcher
    launcher.clean_up()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_to_the_launcher_alone_stops_all_it_started_and_only_that(
    launcher: Launcher, number: signal.Signals
) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    launcher.serve()
    assert len(launcher.family) >= 6  # the store, Granian, its two workers, the sweep, the job runner
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
    launcher.member("secantusd-py").kill()
    assert launcher.ask("POST", "/notes", "text=next") == "2"
    status, said = launcher.tell(signal.SIGINT)
    assert status == 0
    assert "starting it again" in said


def test_a_killed_worker_is_replaced(launcher: Launcher) -> None:
    launcher.serve()
    assert eventually(lambda: len(launcher.workers()) == 2)
    first = launcher.workers()
    os.kill(min(first), signal.SIGKILL)
    assert eventually(lambda: len(launcher.workers() - first) == 1)
    launcher.look_around()
    assert launcher.tell(signal.SIGTERM)[0] == 0
    assert launcher.survivors() == []


def test_a_killed_web_server_is_started_again(launcher: Launcher) -> None:
    launcher.serve()
    first = launcher.workers()
    launcher.member("granian").kill()
    assert eventually(lambda: len(launcher.workers() - first) == 2)
    launcher.look_around()
    status, said = launcher.tell(signal.SIGINT)
    assert status == 0
    assert "The web server stopped by itself (exit status -9); starting it again." in said
    assert launcher.survivors() == []


def test_while_no_web_server_answers_no_sweep_says_that_the_service_is_up(launcher: Launcher, tmp_path: Path) -> None:
    launcher.serve()
    is_loading, may_go_on = tmp_path / "is-loading", tmp_path / "may-go-on"
    (tmp_path / "stub.py").write_text(f"{WAIT.format(is_loading, may_go_on)}\n{STUB}")

    def is_sweeping() -> bool:
        launcher.look_around()
        return any("sweep.py" in member.cmdline() for member in launcher.survivors())

    launcher.member("granian").kill()
    assert eventually(is_loading.exists)
    assert not is_sweeping()
    may_go_on.touch()

    assert eventually(is_sweeping)
    assert launcher.tell(signal.SIGINT)[0] == 0
    assert launcher.survivors() == []


def test_killed_companions_are_started_again(launcher: Launcher) -> None:
    launcher.serve()
    programs = ("sweep.py", "jobs.py")
    first = [launcher.member(program) for program in programs]
    for member in first:
        member.kill()

    def are_replaced() -> bool:
        launcher.look_around()
        running = {word for member in launcher.survivors() if member not in first for word in member.cmdline()}
        return running.issuperset(programs)

    assert eventually(are_replaced)
    status, said = launcher.tell(signal.SIGINT)
    assert status == 0
    for name in ("sweep", "job runner"):
        assert f"The {name} stopped by itself (exit status -9); starting it again." in said
    assert launcher.survivors() == []


def test_what_is_served_knows_the_address_it_is_served_at(launcher: Launcher) -> None:
    launcher.serve()

    assert launcher.member("jobs.py").environ()["TRACKER_ADDRESS"] == f"http://127.0.0.1:{launcher.port}"
    assert launcher.tell(signal.SIGINT)[0] == 0


def test_an_address_that_is_set_stays(tmp_path: Path) -> None:
    launcher = a_launcher_of_a_stub(tmp_path, TRACKER_ADDRESS="https://skills.example.org").serve()

    assert launcher.member("jobs.py").environ()["TRACKER_ADDRESS"] == "https://skills.example.org"
    assert "Links in mails and invitations begin with https://skills.example.org" in launcher.greeting
    assert launcher.tell(signal.SIGINT)[0] == 0


def test_behind_a_proxy_nothing_is_served_until_the_address_is_set(tmp_path: Path) -> None:
    ended = a_launcher(tmp_path, TRACKER_PROXIES="1").run("serve", "--port", str(a_free_port()))

    assert ended.returncode == 1
    assert "TRACKER_ADDRESS: set it" in ended.stderr


def test_a_web_server_that_cannot_start_again_ends_the_launcher(launcher: Launcher, tmp_path: Path) -> None:
    launcher.serve()
    (tmp_path / "stub.py").write_text("raise RuntimeError('broken')")
    launcher.member("granian").kill()
    status, said = launcher.end()
    assert status == 1
    assert "The web server did not start" in said
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
    assert str(launcher.processes[0].pid) in ended.stderr
    assert launcher.ask("GET", "/livez") == "ok"


def test_when_the_stores_cannot_be_prepared_nothing_is_served_or_left_running(
    launcher: Launcher, tmp_path: Path
) -> None:
    (tmp_path / "prepare.py").write_text("import sys; sys.exit('items/a.toml: stem: missing')")
    ended = launcher.run("serve", "--port", str(launcher.port))
    assert ended.returncode == 1
    assert "items/a.toml: stem: missing" in ended.stderr
    assert not (launcher.instance / "store" / "server.pid").exists()


def test_an_app_that_cannot_be_loaded_ends_the_launcher(launcher: Launcher, tmp_path: Path) -> None:
    (tmp_path / "stub.py").write_text("raise RuntimeError('broken')")
    ended = launcher.run("serve", "--port", str(launcher.port))
    assert ended.returncode == 1
    assert "RuntimeError: broken" in ended.stdout + ended.stderr
    assert "The web server did not start" in ended.stderr


def test_with_an_address_of_its_own_no_embedded_store_is_started(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "elsewhere") as store:
        launcher = a_launcher_of_a_stub(tmp_path, TRACKER_MONGODB_URI=store.uri).serve()
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
    assert time.monotonic() - started < 5
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


def test_the_real_app_is_served_and_found_again(tmp_path: Path) -> None:
    launcher = a_launcher(tmp_path).serve()
    assert "Skillmark" in launcher.ask("GET", "/")
    assert (launcher.instance / "skillmark.sqlite3").is_file()
    assert launcher.tell(signal.SIGINT)[0] == 0
    assert launcher.survivors() == []
    launcher.serve()
    assert launcher.ask("GET", "/livez")
    assert launcher.tell(signal.SIGINT)[0] == 0
