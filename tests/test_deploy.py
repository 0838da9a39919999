"""What is given to those who run it: units that systemd takes, commands and settings that are there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click import Group
from flask import Flask

from tracker.config import KNOWN, ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
FILES = [*UNITS, *sorted((ROOT / "deploy" / "proxy").iterdir()), ROOT / "compose.yaml", ROOT / "Dockerfile"]


def check_command(app: Flask, noun: str, verb: str) -> None:
    """See that there is such a command."""
    command = app.cli.commands[noun]
    assert not isinstance(command, Group) or verb in command.commands


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace("/srv/skillmark/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text)

    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())], capture_output=True, text=True
    )

    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_every_service_is_shut_in(unit: Path) -> None:
    for rule in ("NoNewPrivileges=true", "CapabilityBoundingSet=\n", "ProtectSystem=strict", "User=skillmark"):
        assert rule in unit.read_text()


@pytest.mark.parametrize("timer", [unit for unit in UNITS if unit.suffix == ".timer"], ids=lambda timer: timer.name)
def test_every_timer_starts_a_service_that_runs_a_command_of_ours(whole_app: Flask, timer: Path) -> None:
    found = re.findall(r"/flask (\w+)(?: ([a-z]+))?", timer.with_suffix(".service").read_text())
    assert found
    for noun, verb in found:
        check_command(whole_app, noun, verb)


def test_a_timer_writes_the_audit_trails_newest_hash_into_the_journal() -> None:
    unit = (ROOT / "deploy" / "systemd" / "skillmark-backup.service").read_text()

    assert re.search(r"^ExecStartPre=-.*flask audit head$", unit, re.MULTILINE)


def test_every_command_for_containers_is_one_of_ours(whole_app: Flask) -> None:
    text = (ROOT / "docs" / "operations.md").read_text() + (ROOT / "compose.yaml").read_text().replace(", ", " ")
    found = re.findall(r"(?:run [-\w ]*command|command: \[)(?: )?flask (\w+)(?: ([a-z]+))?", text)

    assert {"backup", "restore", "doctor", "calibrate", "audit"} <= {noun for noun, _ in found}
    for noun, verb in found:
        check_command(whole_app, noun, verb)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_setting_is_named_that_does_not_exist(file: Path) -> None:
    assert set(re.findall(r"TRACKER_[A-Z_]+", file.read_text())) <= KNOWN
