"""How far a calibration has come, in a file of the instance folder, so that one that was stopped can go on.

A lock that the system takes away with its process lets one calibration run at a time on a machine.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from tracker.assessment.parameters import Estimate
from tracker.errors import Conflict
from tracker.storage.private_file import make_private_file, write_private

EXTENSION = "calibration_progress"
FILE = "calibration.json"
LOCK = "calibration.lock"

Begun = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """A calibration on its way: of the responses `until` then, whose hash is `log`, from revision `since` on.

    done: the estimates of each finished area, by slug and version. begun: where the area after these stands.
    """

    until: datetime
    log: str
    since: int
    done: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    begun: Begun | None = None


def connect(app: Flask, instance: Path) -> None:
    """Keep the app's progress in this folder."""
    app.extensions[EXTENSION] = instance


@contextmanager
def alone() -> Iterator[None]:
    """Be the only calibration on this machine meanwhile. Raises: Conflict when another one runs."""
    file = _folder() / LOCK
    make_private_file(file)
    with file.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Another calibration is running. Wait until it has ended.") from None
        yield


def find() -> Progress | None:
    """What was kept last; None when nothing was, or it cannot be read."""
    try:
        values = json.loads((_folder() / FILE).read_text(encoding="utf-8"))
        return _to_progress(values)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(progress: Progress) -> None:
    """Replace what was kept, in one step."""
    write_private(_folder() / FILE, json.dumps(asdict(progress) | {"until": progress.until.isoformat()}))


def forget() -> None:
    """Keep nothing."""
    (_folder() / FILE).unlink(missing_ok=True)


def _folder() -> Path:
    folder: Path = current_app.extensions[EXTENSION]
    return folder


def _to_progress(values: dict[str, Any]) -> Progress:
    return Progress(
        **values
        | {
            "until": datetime.fromisoformat(values["until"]),
            "done": {
                slug: {version: Estimate(**estimate) for version, estimate in estimates.items()}
                for slug, estimates in values["done"].items()
            },
        }
    )
