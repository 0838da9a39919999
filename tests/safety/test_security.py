"""SECURITY.md keeps its word: every case names tests, and the tests are there."""

import ast
import re
from functools import cache

import pytest

from tracker.config import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
CASES = re.findall(r"^\| (?!case |-)(.+?) \| .+? \| (.*) \|$", PAGE, re.MULTILINE)
BASELINE = {
    "headers": "without our headers",
    "content policy": "of another origin",
    "transport": "back from TLS",
    "storing": "kept by a cache",
    "other origins": "Another site",
    "cookie": "The cookie",
    "sessions": "left open",
    "new session": "from before signing in",
    "passwords": "guessed offline",
    "memory": "Many sign-ins",
    "common passwords": "many people use",
    "unknown addresses": "costs nothing",
    "misses": "of one account",
    "addresses": "from one place",
    "sign-ups": "Accounts are made",
    "resets": "mailbox is flooded",
    "API": "without pause",
    "answers": "answered by a program",
    "bodies": "over 1 MiB",
    "enumeration": "who has an account",
    "tokens": "A token of the API",
    "audit trail": "audit trail",
    "export": "wants all that is known",
    "erasure": "leave with all",
    "SQLite": "deleted rows",
    "documents": "slow, silent or gone",
    "repeated inserts": "An insert is sent again",
    "stores that keep less": "less than we promise",
    "backups": "A backup lets somebody in",
    "cleaning": "signs that cannot be seen",
    "text": "becomes part of a page",
    "formulas": "becomes a formula",
    "XML": "XML",
    "fetching": "fetches what somebody names",
    "slow clients": "a byte a second",
}
"""Words of the case that stands for each part of what must always hold."""


@cache
def names_in(path: str) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / "tests" / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("case", "named"), CASES)
def test_every_case_names_tests_that_exist(case: str, named: str) -> None:
    found = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", named)
    assert found, case
    for path, name in found:
        assert (not name and names_in(path)) or name in names_in(path), f"{path}::{name}"


@pytest.mark.parametrize("words", BASELINE.values(), ids=BASELINE)
def test_every_part_of_the_baseline_is_a_case(words: str) -> None:
    assert any(words in case for case, _ in CASES)
