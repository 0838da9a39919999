"""What the source itself says: who may reach the network, and no pattern that a long text can keep busy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.config import ROOT

PARSER = re._parser  # type: ignore[attr-defined]
SOURCES = sorted((ROOT / "tracker").rglob("*.py"))
REACHING_OUT = {
    "aiohttp",
    "authlib",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "urllib.request",
    "urllib3",
}
REACHING = {
    "tracker/launch/web_server.py": "asks itself whether it is up",
    "tracker/storage/post.py": "hands mails to the server that the settings name",
    "tracker/web/provider.py": "asks the provider that the settings name",
}
UNPACKING = {
    "bz2",
    "dill",
    "joblib",
    "lxml",
    "marshal",
    "pickle",
    "shelve",
    "tarfile",
    "xml.dom",
    "xml.etree",
    "xml.sax",
}
MANY = 10
SOUND = {"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*"}
"""Each repetition inside begins with a dot, which the repeated class lacks: there is one way to read a text."""


def imported(file: Path) -> set[str]:
    """The names of all modules that a file imports, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return names


def test_only_three_modules_reach_another_machine_and_none_where_a_person_says() -> None:
    found = {
        file.relative_to(ROOT).as_posix()
        for file in SOURCES
        if "tracker/proofs/inside" not in file.as_posix() and _belongs(imported(file), REACHING_OUT)
    }
    assert found == set(REACHING)


def test_nothing_is_unpacked_that_can_run_code_fetch_or_swell() -> None:
    assert [file.name for file in SOURCES if _belongs(imported(file), UNPACKING)] == []


def patterns() -> Iterator[str]:
    """Every regular expression of ours that is written down."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("re.", "Regexp")):
                yield from [given.value for given in node.args[:1] if isinstance(given, ast.Constant)]


@pytest.mark.parametrize("pattern", sorted(set(patterns()) - SOUND))
def test_no_pattern_repeats_a_repetition(pattern: str) -> None:
    assert not _is_repeated_twice(PARSER.parse(pattern), is_inside=False)


def test_a_pattern_that_does_is_found() -> None:
    assert _is_repeated_twice(PARSER.parse("(a+|b)*c"), is_inside=False)
    assert set(patterns()) >= SOUND


def _belongs(names: set[str], to: set[str]) -> set[str]:
    return {name for name in names if any(name == each or name.startswith(f"{each}.") for each in to)}


def _is_repeated_twice(parsed: object, *, is_inside: bool) -> bool:
    """Whether a repetition without a small end stands in another one."""
    for node in parsed:  # type: ignore[attr-defined]
        if isinstance(node, tuple) and str(node[0]) in {"MAX_REPEAT", "MIN_REPEAT"}:
            _, most, inner = node[1]
            if (is_inside and most > MANY) or _is_repeated_twice(inner, is_inside=is_inside or most > MANY):
                return True
        elif isinstance(node, tuple | list | PARSER.SubPattern) and _is_repeated_twice(node, is_inside=is_inside):
            return True
    return False
