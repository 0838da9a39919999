"""What texts became, kept in a file: looked up when nothing changed, made anew when anything did."""

import json
import stat
from pathlib import Path

import pytest

from tracker.storage import markdown
from tracker.storage.rendered import remembered, remembering

CALLS: list[str] = []


@remembered
def shout(text: str) -> str:
    """Loudly."""
    CALLS.append(text)
    return text.upper()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    CALLS.clear()
    return tmp_path / "rendered.json"


def test_what_was_made_before_is_looked_up(file: Path) -> None:
    for _ in range(2):
        with remembering(file):
            assert shout("a") == "A"

    assert CALLS == ["a"]


def test_what_is_new_is_made_and_what_nobody_asks_for_any_more_is_dropped(file: Path) -> None:
    for texts in (["a", "b"], ["b", "c"], ["b", "c"]):
        with remembering(file):
            assert [shout(text) for text in texts] == [text.upper() for text in texts]

    assert CALLS == ["a", "b", "c"]
    assert len(json.loads(file.read_text())["rendered"]) == 2


def test_a_file_that_changed_nothing_is_not_written_again(file: Path) -> None:
    with remembering(file):
        shout("a")
    before = file.stat().st_ino

    with remembering(file):
        shout("a")

    assert file.stat().st_ino == before


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"fingerprint": 1}', '{"fingerprint": "other", "rendered": {"x": 1}}']
)
def test_a_file_that_is_broken_or_of_another_renderer_is_made_anew(file: Path, text: str) -> None:
    file.write_text(text)

    with remembering(file):
        assert shout("a") == "A"

    assert list(json.loads(file.read_text())["rendered"].values()) == ["A"]


def test_outside_nothing_is_remembered(file: Path) -> None:
    with remembering(file):
        shout("a")
    shout("a")

    assert CALLS == ["a", "a"]


def test_two_functions_with_the_same_text_are_kept_apart(file: Path) -> None:
    for _ in range(2):
        with remembering(file):
            assert markdown.block("*a*") == "<p><em>a</em></p>"
            assert markdown.inline("*a*") == "<em>a</em>"


def test_a_folder_that_cannot_be_written_to_only_costs_the_time(tmp_path: Path) -> None:
    CALLS.clear()

    for _ in range(2):
        with remembering(tmp_path / "no such folder" / "rendered.json"):
            assert shout("a") == "A"

    assert CALLS == ["a", "a"]


def test_only_the_owner_may_read_the_file(file: Path) -> None:
    with remembering(file):
        shout("a")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
