"""What became of the proofs, by item version, in a file of the instance folder: `flask bank prove` writes it."""

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.storage.private_file import write_private

EXTENSION = "proofs"
FILE = "proofs.json"


def connect(app: Flask, instance: Path) -> None:
    """Keep the app's results in this folder."""
    app.extensions[EXTENSION] = instance / FILE


def load_proofs() -> Mapping[str, ProofResult]:
    """The newest result of every version that was ever proved here, by version."""
    file: Path = current_app.extensions[EXTENSION]
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else {}


def save_proofs(results: Iterable[ProofResult]) -> None:
    """Add results to what is there, in one step; a version's older result gives way."""
    kept = {**load_proofs(), **{result.version: result for result in results}}
    write_private(
        current_app.extensions[EXTENSION],
        json.dumps([asdict(result) | {"at": result.at.isoformat()} for result in kept.values()], indent=1),
    )


@functools.lru_cache(maxsize=1)
def _read(file: Path, _changed_at: int) -> Mapping[str, ProofResult]:
    """The results in a file; one that cannot be read is as good as none."""
    try:
        results = [_to_result(entry) for entry in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {result.version: result for result in results}


def _to_result(entry: dict[str, Any]) -> ProofResult:
    return ProofResult(
        **entry
        | {
            "state": ProofState(entry["state"]),
            "doubts": tuple(entry["doubts"]),
            "used": tuple(entry["used"]),
            "at": datetime.fromisoformat(entry["at"]),
        }
    )
