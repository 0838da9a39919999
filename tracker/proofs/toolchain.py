"""The real things that keys are proved on, with their versions."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.proofs.bubblewrap import SandboxUnusable
from tracker.proofs.kinds import KINDS
from tracker.proofs.sandbox import Job, Sandbox

INVENTORY = Path(__file__).parent / "inside" / "inventory.py"
DOCUMENT_STORE = "SecantusDB"
FINGERPRINT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Everything that is installed where proofs run; two with the same fingerprint are the same."""

    inventory: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self.inventory).encode()).hexdigest()[:FINGERPRINT_LENGTH]

    def name_used(self, kind: str, words: Collection[str], loaded: Collection[str]) -> tuple[str, ...]:
        """Names and versions of what a proof of this kind used, by the words of its code and the modules it loaded."""
        return tuple(dict.fromkeys(self._iterate_used(kind, words, loaded)))

    def _iterate_used(self, kind: str, words: Collection[str], loaded: Collection[str]) -> Iterator[str]:
        found, versions = self.inventory, self.inventory["versions"]
        own = KINDS[kind].libraries
        yield f"Python {found['python']}"
        if kind == "postgresql":
            yield f"PostgreSQL {found['postgresql']}"
        if kind == "mongodb":
            yield f"{DOCUMENT_STORE} {versions[DOCUMENT_STORE]}"
        if kind == "git":
            yield f"git {found['git']}"
        if "sqlite3" in loaded or (kind == "sqlite" and "sqlite3" in words):
            yield f"SQLite {found['sqlite']}"
        for module in sorted(found["names"]):
            if (module in loaded and module in {*own, *words}) or (module in own and module in words):
                name = found["names"][module]
                yield f"{name} {versions[name]}"


def take_stock(sandbox: Sandbox) -> Toolchain:
    """The toolchain of this sandbox. Raises: SandboxUnusable, saying why nothing can be run here."""
    outcome = sandbox.run(Job(code=INVENTORY.read_text()))
    if outcome.report is None or "value" not in outcome.report:
        raise SandboxUnusable(f"Proofs cannot run here: the sandbox {outcome.failure}.")
    return Toolchain(json.loads(outcome.report["value"]))
