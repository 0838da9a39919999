"""The kinds of proof: the real thing that each must use."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracker.assessment.proof import Proof


@dataclass(frozen=True, slots=True)
class Kind:
    """`libraries` are modules or programs of which a proof uses at least one; with a `server`, its `variable` too."""

    libraries: frozenset[str] = frozenset()
    server: str = ""
    variable: str = ""


KINDS: Mapping[str, Kind] = {
    "python": Kind(),
    "sqlite": Kind(frozenset({"sqlite3"})),
    "postgresql": Kind(frozenset({"psycopg", "sqlalchemy", "django", "peewee"}), "postgresql", "POSTGRESQL_DSN"),
    "mongodb": Kind(frozenset({"pymongo", "motor"}), "mongodb", "MONGODB_URI"),
    "git": Kind(frozenset({"git"})),
    "pytest": Kind(frozenset({"pytest"})),
    "unittest": Kind(frozenset({"unittest"})),
    "web": Kind(frozenset({"flask", "django", "rest_framework", "fastapi", "starlette"})),
    "orm": Kind(frozenset({"sqlalchemy", "django", "peewee"})),
    "json": Kind(frozenset({"json", "jsonschema"})),
    "graphql": Kind(frozenset({"graphql", "strawberry"})),
    "soap": Kind(frozenset({"lxml", "zeep", "xml"})),
    "http": Kind(frozenset({"werkzeug", "httpx", "http"})),
}


def list_words(proof: Proof, stem_code: str) -> frozenset[str]:
    """Every word of the code that a proof runs: its own and the stem's, but not the comments'."""
    code = re.sub(r"#.*", "", f"{proof.code}\n{stem_code}")
    return frozenset(re.findall(r"\b\w+\b(?!://)", code))


def doubts_about_kind(proof: Proof, words: Collection[str], loaded: Collection[str]) -> tuple[str, ...]:
    """A sentence when the proof, by its words and the modules it loaded, did without the real thing of its kind."""
    kind = KINDS[proof.kind]
    if kind.libraries and kind.libraries.isdisjoint(words) and kind.libraries.isdisjoint(loaded):
        return (f"A proof of kind {proof.kind} uses {_one_of(kind.libraries)}; this one does not.",)
    if kind.variable and kind.variable not in words:
        return (f"A proof of kind {proof.kind} uses the server that {kind.variable} names; this one does not.",)
    return ()


def _one_of(names: Collection[str]) -> str:
    *others, last = sorted(names)
    return f"{', '.join(others)} or {last}" if others else last
