"""What is installed where proofs run."""

from pathlib import Path

import pytest

from tracker.proofs import bubblewrap
from tracker.proofs.bubblewrap import SandboxUnusable
from tracker.proofs.prover import Prover
from tracker.proofs.sandbox import Limits, ProcessLimits, Sandbox
from tracker.proofs.toolchain import Toolchain, take_stock


def test_stock_is_taken_of_the_interpreter_the_servers_and_every_library() -> None:
    found = take_stock(Sandbox()).inventory

    assert found["python"].startswith("3.")
    assert found["postgresql"][0].isdecimal()
    assert found["git"].startswith("2.")
    assert {"Django", "SecantusDB", "pytest"} <= set(found["versions"])
    assert found["names"]["rest_framework"] == "djangorestframework"


def test_the_same_things_have_the_same_fingerprint_and_any_other_version_another() -> None:
    first = take_stock(Sandbox())

    assert take_stock(Sandbox()).fingerprint == first.fingerprint
    assert Toolchain({**first.inventory, "git": "1.0"}).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("kind", "words", "loaded", "used"),
    [
        ("python", {"django"}, {"django"}, ["Python", "Django"]),
        ("python", {"django"}, set(), ["Python"]),  # it only speaks of it
        ("python", set(), {"django"}, ["Python"]),  # something else loaded it
        ("web", set(), {"rest_framework"}, ["Python", "djangorestframework"]),
        ("pytest", {"pytest"}, set(), ["Python", "pytest"]),  # in a process of its own
        ("sqlite", {"sqlite3"}, {"sqlite3"}, ["Python", "SQLite"]),
        ("git", {"git"}, set(), ["Python", "git"]),
        ("postgresql", {"psycopg"}, {"psycopg"}, ["Python", "PostgreSQL", "psycopg"]),
        ("mongodb", {"pymongo"}, {"pymongo"}, ["Python", "SecantusDB", "pymongo"]),
    ],
)
def test_a_proof_names_what_it_used(kind: str, words: set[str], loaded: set[str], used: list[str]) -> None:
    named = take_stock(Sandbox()).name_used(kind, words, loaded)

    assert [name.split()[0] for name in named] == used
    assert all(name.split()[1][0].isdecimal() for name in named)


def test_without_bubblewrap_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SandboxUnusable, match=r"Proofs run in bubblewrap, .*apt install bubblewrap"):
        Sandbox()


def test_without_the_libraries_nothing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "PYTHON", tmp_path / "bin" / "python")

    with pytest.raises(SandboxUnusable, match="run `make prove`"):
        Sandbox()


def test_a_bubblewrap_that_may_not_do_its_work_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SandboxUnusable, match="bwrap: No permissions to create new namespace") as raised:
        Prover(Sandbox())

    assert len(str(raised.value).splitlines()) == 1


def test_a_machine_too_weak_to_take_stock_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SandboxUnusable, match="Proofs cannot run here"):
        take_stock(Sandbox(Limits(each_process=ProcessLimits(processes=0))))
