"""The only place that asks what time it is."""

import ast
from datetime import UTC, datetime, timedelta

from tracker import clock
from tracker.config import ROOT


def test_now_is_aware_in_utc_and_as_exact_as_the_document_store() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    now = clock.now()

    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0


def test_nothing_else_asks_what_time_it_is() -> None:
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tracker").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    }

    assert asking == {"tracker/clock.py"}


def test_only_web_and_commands_ask_the_clock() -> None:
    asking = {
        path.relative_to(ROOT / "tracker").parts[0]
        for path in (ROOT / "tracker").rglob("*.py")
        if "clock.now()" in path.read_text()
    }

    assert asking <= {"web", "cli"}
