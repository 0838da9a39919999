"""A proof: what shows that an item's key is right and that nothing else is."""

from collections.abc import Mapping
from dataclasses import dataclass

CITED = "cited"
EXECUTED_KINDS = (
    "python",
    "sqlite",
    "postgresql",
    "mongodb",
    "git",
    "pytest",
    "unittest",
    "web",
    "orm",
    "json",
    "graphql",
    "soap",
    "http",
)


@dataclass(frozen=True, slots=True)
class Proof:
    """How a key is proved. `code` is the stem's own when `runs_stem`; a cited proof has `facts` and no code."""

    kind: str
    code: str = ""
    runs_stem: bool = False
    facts: tuple[str, ...] = ()

    @property
    def is_executed(self) -> bool:
        return self.kind != CITED


@dataclass(frozen=True, slots=True)
class Trial:
    """One text that a proof's function `works` is called with, and whether it must hold. `name` is for people."""

    name: str
    text: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What running a proof left behind: exactly one of these. `works` has one entry for each trial, in their order."""

    holds: Mapping[str, bool] | None = None
    value: str | None = None
    matches: Mapping[str, frozenset[str]] | None = None
    works: tuple[bool, ...] | None = None
    printed: str | None = None
