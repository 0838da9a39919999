"""The image: what its definition says, and that the steps of it make something that serves."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests import image
from tests.image import HOME, USER, command_beside, command_of, sandboxed, words_of
from tests.launcher import a_free_port, eventually
from tests.thorough import IS_THOROUGH
from tracker.config import ROOT

needs_sandbox = pytest.mark.skipif(not image.is_sandbox_here(), reason="bubblewrap is for Linux")


def test_it_runs_as_a_user_of_its_own_and_is_told_to_stop_as_the_launcher_understands() -> None:
    assert words_of("USER") == [f"{USER}:{USER}"]
    assert words_of("STOPSIGNAL") == ["SIGTERM"]
    assert words_of("VOLUME") == [f'["{HOME}/instance"]']


def test_a_new_volume_for_backups_is_its_users_own() -> None:
    (made,) = [words for words in words_of("RUN") if "install --directory" in words]
    volumes = (ROOT / "compose.yaml").read_text()

    assert made.endswith(f"--mode=0700 --owner={USER} --group={USER} instance backups")
    assert f"backups:{HOME}/backups" in volumes


def test_its_base_is_pinned_to_a_release() -> None:
    (base,) = words_of("FROM")

    assert re.fullmatch(r"python:3\.1[123]-slim-[a-z]+", base)


def test_what_is_copied_is_what_the_build_is_sent_and_nothing_that_tests_or_secrets_need() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    copied = {source for words in words_of("COPY") for source in words.split()[:-1]}

    assert ignored[0] == "*"
    assert copied == {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert not copied & {"tests", "benchmarks", "instance", ".git", "requirements/dev.txt"}


@dataclass
class Served:
    """The image, running on an instance folder."""

    port: int
    launcher: subprocess.Popen[str]
    image: Path
    instance: Path
    venv: str

    def run(self, command: list[str], *, backups: Path) -> str:
        """Run a command beside it, with a volume for backups. Gives what it says."""
        line = sandboxed(command, image=self.image, instance=self.instance, backups=backups, venv=self.venv)
        return subprocess.run(line, check=True, capture_output=True, text=True, timeout=120).stdout

    def ask(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def members(self) -> list[psutil.Process]:
        """The processes that serve, bubblewrap's own left out."""
        family = psutil.Process(self.launcher.pid).children(recursive=True)
        return [one for one in [psutil.Process(self.launcher.pid), *family] if "bwrap" not in one.name()]


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The image's libraries: those of the tests or, when there is time, exactly its own and the embedded store's.

    The store takes the place of MongoDB, which is not on every machine.
    """
    if not IS_THOROUGH:
        return sys.prefix
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    (pip,) = [words for words in words_of("RUN") if "--require-hashes" in words]
    for step in (pip, pip.replace("postgresql.txt", "embedded.txt")):
        subprocess.run(step, shell=True, cwd=ROOT, env=os.environ | image.environment(str(folder)), check=True)
    return str(folder)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, venv: str) -> Iterator[Served]:
    """The image, built by hand and serving in a sandbox."""
    built, instance = tmp_path_factory.mktemp("image"), tmp_path_factory.mktemp("instance")
    image.build(built)
    port = a_free_port()
    command = sandboxed([*command_of("CMD"), "--port", str(port)], image=built, instance=instance, venv=venv)
    output = instance.with_name("output")
    with output.open("w") as said:
        launcher = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, text=True)
    try:
        found = Served(port, launcher, built, instance, venv)
        is_up = eventually(lambda: found.ask("/livez") == 200 or launcher.poll() is not None, seconds=120)
        assert is_up, output.read_text()
        assert launcher.poll() is None, output.read_text()
        yield found
    finally:
        launcher.kill()
        launcher.wait()


@needs_sandbox
def test_followed_by_hand_it_serves_on_a_root_that_is_read_only(served: Served) -> None:
    assert served.ask("/readyz") == 200
    assert served.ask("/sign-in") == 200


@needs_sandbox
def test_none_of_its_processes_can_do_more_than_any_user(served: Served) -> None:
    for member in served.members():
        status = Path(f"/proc/{member.pid}/status").read_text()
        assert re.search(r"^CapEff:\t0+$", status, re.MULTILINE), member.cmdline()
        assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE), member.cmdline()


@needs_sandbox
def test_its_health_check_knows_whether_it_is_there(served: Served) -> None:
    check = command_of("HEALTHCHECK")
    assert "127.0.0.1:8000/livez" in check[-1]

    there, gone = (
        subprocess.run([sys.executable, *check[1:-1], check[-1].replace("8000", str(port))], capture_output=True)
        for port in (served.port, a_free_port())
    )

    assert there.returncode == 0
    assert gone.returncode != 0


@needs_sandbox
def test_the_command_beside_it_makes_a_backup_on_a_volume_of_its_own(served: Served, tmp_path: Path) -> None:
    command = command_beside()
    flask = command.index("flask")

    served.run(command, backups=tmp_path)
    (file,) = tmp_path.iterdir()
    checked = served.run([*command[:flask], "flask", "restore", "--check", f"backups/{file.name}"], backups=tmp_path)

    assert "It is whole" in checked


@needs_sandbox
def test_told_to_stop_it_stops_everything_and_says_that_all_went_well(served: Served) -> None:
    family = served.members()
    (launcher,) = [one for one in family if "tracker.launch" in one.cmdline()]

    launcher.send_signal(signal.SIGTERM)

    assert served.launcher.wait(timeout=30) == 0
    assert not psutil.wait_procs(family, timeout=10)[1]
