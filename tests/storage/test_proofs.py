"""The file that holds what became of the proofs."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import NOON
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.storage.proofs import connect, load_proofs, save_proofs

RESULT = ProofResult(
    item_id="language/syntax/slices",
    version="0123456789abcdef",
    kind="web",
    state=ProofState.FAILED,
    doubts=("Option b is no key and holds.",),
    used=("Python 3.11.7", "Django 5.2"),
    toolchain="fedcba9876543210",
    seconds=0.25,
    at=NOON,
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The folder of an app that keeps results there."""
    app = Flask("tests")
    connect(app, tmp_path)
    with app.app_context():
        yield tmp_path


def test_there_is_nothing_before_the_first_run(folder: Path) -> None:
    assert load_proofs() == {}


def test_what_is_saved_is_loaded_as_it_was(folder: Path) -> None:
    save_proofs([RESULT])

    assert load_proofs() == {RESULT.version: RESULT}
    assert [entry["used"] for entry in json.loads((folder / "proofs.json").read_text())] == [list(RESULT.used)]


def test_a_newer_result_takes_the_place_of_its_version_and_leaves_the_others(folder: Path) -> None:
    other, newer = replace(RESULT, version="other"), replace(RESULT, state=ProofState.PROVED, doubts=())

    save_proofs([RESULT, other])
    save_proofs([newer])

    assert load_proofs() == {newer.version: newer, other.version: other}


def test_a_file_that_another_process_wrote_is_read_again(folder: Path) -> None:
    save_proofs([RESULT])
    assert load_proofs()

    (folder / "proofs.json").write_text("[]")

    assert load_proofs() == {}


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"state": "proved"}]', '[{"state": "unknown"}]', '{"results": []}'])
def test_a_file_that_makes_no_sense_is_as_good_as_none(folder: Path, text: str) -> None:
    (folder / "proofs.json").write_text(text)
    assert load_proofs() == {}

    save_proofs([RESULT])
    assert load_proofs() == {RESULT.version: RESULT}
