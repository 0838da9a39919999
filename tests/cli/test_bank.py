"""`flask bank …`"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from flask import Flask

from tests.launcher import eventually
from tests.storage.bank_files import PROOF, SINGLE, BankCopy, changed, copy_bank
from tests.web.stored import everything
from tracker.app import create_app
from tracker.config import ROOT, Config
from tracker.storage.question_bank import get_bank


@pytest.fixture
def bank(tmp_path: Path) -> BankCopy:
    """A copy of the real bank to spoil."""
    return copy_bank(tmp_path / "question_bank")


@pytest.fixture
def app_on(config: Config) -> Callable[[BankCopy], Flask]:
    """Makes an app that serves such a copy."""
    return lambda bank: create_app(replace(config, bank=bank.folder))


def test_checking_the_real_bank_finds_no_error_and_changes_nothing(app: Flask) -> None:
    before = everything()

    result = app.test_cli_runner().invoke(args=["bank", "check"])

    *_, last = result.output.splitlines()
    assert last.startswith(f"{len(get_bank().items) + len(get_bank().families)} items: 0 errors, ")
    assert result.exit_code == 0
    assert everything() == before


def test_checking_names_every_error_by_file_and_field_and_fails(
    bank: BankCopy, app_on: Callable[[BankCopy], Flask]
) -> None:
    wordy, unmeasured = "items/language/syntax/wordy.toml", "items/language/syntax/unmeasured.toml"
    bank.write(wordy, changed(SINGLE, "What *is* it?", "So many words. " * 31))
    bank.write(unmeasured, changed(SINGLE, PROOF, '[proof]\nkind = "python"\ncode = "holds = { \'a\': True }"\n'))

    result = app_on(bank).test_cli_runner().invoke(args=["bank", "check"])

    assert f"error: {wordy}: stem: 93 words, at most 90 beside the code" in result.output
    assert f"error: {unmeasured}: proof: code: writes its result down instead of measuring it" in result.output
    assert result.exit_code == 1


def test_stats_are_a_table_of_every_topic_and_the_whole(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["bank", "stats"])

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert [line.split()[0] for line in lines[1:]] == [topic.id for topic in get_bank().roadmap.topics] + ["all"]
    assert int(lines[-1].split()[1]) == len(get_bank().items) + len(get_bank().families)


def test_proving_one_item_says_so_for_its_topic_and_names_the_versions(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["bank", "prove", "question_bank/sample.toml"])

    assert result.exit_code == 0
    assert "sample: 1 proved, 0 failed, 0 cited" in result.output.splitlines()
    assert result.output.splitlines()[-2].startswith("1 proved, 0 failed, 0 cited in ")
    assert result.output.splitlines()[-1].startswith("On Python 3.")


def test_proving_only_what_changed_leaves_out_what_was_proved(app: Flask) -> None:
    app.test_cli_runner().invoke(args=["bank", "prove", "sample"])

    result = app.test_cli_runner().invoke(args=["bank", "prove", "--changed", "sample"])

    assert result.exit_code == 0
    assert "0 proved, 0 failed, 0 cited in " in result.output


def test_a_key_that_is_not_proved_is_one_line_and_fails_the_command(
    bank: BankCopy, app_on: Callable[[BankCopy], Flask]
) -> None:
    bank.change("sample.toml", 'printed == "[[7, 0], [0, 0], [0, 0]]"', 'printed != "[[7, 0], [0, 0], [0, 0]]"')

    result = app_on(bank).test_cli_runner().invoke(args=["bank", "prove", "sample"])

    assert result.exit_code == 1
    assert "failed: sample: Option copied is no key and holds." in result.output.splitlines()
    assert "sample: 0 proved, 1 failed, 0 cited" in result.output.splitlines()


def test_a_mistyped_item_is_told_before_anything_is_run(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["bank", "prove", "sample", "language/syntx"])

    assert result.exit_code == 1
    assert result.output == "Error: There is no item, topic or area language/syntx.\n"


def hear_control_c() -> None:
    """A shell that starts the tests in the background has them, and what they start, ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_control_c_ends_the_proofs_and_says_that_what_came_is_kept(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "TRACKER_INSTANCE": str(tmp_path),
        "TRACKER_MONGODB_URI": "mongodb://127.0.0.1/unused",
        "TRACKER_SECRET_KEY": "nothing is signed by this command",
    }
    command = [sys.executable, "-m", "flask", "bank", "prove", "-j", "2"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=hear_control_c
    ) as running:
        process = psutil.Process(running.pid)
        assert eventually(lambda: sum(child.name() == "bwrap" for child in process.children()) == 2, seconds=60)
        sandboxes = process.children(recursive=True)

        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)

    assert running.returncode == 130
    assert told.splitlines() == ["Stopped; what was proved is kept."]
    assert (tmp_path / "proofs.json").is_file()
    assert eventually(lambda: not any(sandbox.is_running() for sandbox in sandboxes))
