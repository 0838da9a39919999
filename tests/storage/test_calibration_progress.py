"""How far a calibration has come: kept exactly, forgotten on purpose, one run at a time."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from flask import Flask, current_app

from tests.conftest import NOON
from tracker.assessment.parameters import Estimate
from tracker.errors import Conflict
from tracker.storage import calibration_progress
from tracker.storage.calibration_progress import EXTENSION, FILE, LOCK, Progress

HALFWAY = Progress(
    until=NOON,
    log="abc",
    since=3,
    done={"language": {"0123": Estimate(a=1 / 3, b=-0.1, a_error=0.2, b_error=0.1, responses=7)}},
    begun={"slug": "tools", "a": [1.1], "b": [2 / 3], "mean": 0.0, "sd": 1.0},
)


@pytest.fixture
def folder(app: Flask) -> Path:
    calibration_progress.forget()
    found: Path = current_app.extensions[EXTENSION]
    return found


def test_what_is_kept_is_found_to_the_last_bit_until_it_is_forgotten(folder: Path) -> None:
    assert calibration_progress.find() is None
    calibration_progress.keep(HALFWAY)
    assert calibration_progress.find() == HALFWAY
    calibration_progress.forget()
    assert calibration_progress.find() is None


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"until": "never", "done": {}}'])
def test_a_file_that_cannot_be_read_is_as_good_as_none(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text)
    assert calibration_progress.find() is None


def test_two_at_once_are_refused_and_one_after_the_other_is_not(folder: Path) -> None:
    with (
        calibration_progress.alone(),
        pytest.raises(Conflict, match="Another calibration is running"),
        calibration_progress.alone(),
    ):
        pass
    with calibration_progress.alone():
        pass


def test_a_killed_run_stands_in_nobodys_way(folder: Path) -> None:
    hold = """
        import fcntl, sys, time
        file = open(sys.argv[1], "a")
        fcntl.flock(file, fcntl.LOCK_EX)
        print("held", flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(hold), str(folder / LOCK)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Conflict), calibration_progress.alone():
            pass
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with calibration_progress.alone():
            pass
