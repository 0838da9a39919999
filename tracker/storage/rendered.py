"""What texts became, kept in a file of the instance folder, so that a start renders only what is new.

Content decides: the same text gives the same result for as long as the renderer and its libraries are the same.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tracker.storage.private_file import write_private

LIBRARIES = ("markdown-it-py", "nh3", "pygments")

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class _Memory:
    """What is known from before, and what of it, or beyond it, was asked for this time."""

    known: dict[str, Any]
    used: dict[str, Any] = field(default_factory=dict)


_memory: ContextVar[_Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering(file: Path) -> Iterator[None]:
    """Within it, remembered functions look in this file first; at its end the file holds what was asked for."""
    key = _fingerprint()
    memory = _Memory(_read(file, key))
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)
    if memory.used.keys() != memory.known.keys():
        with suppress(OSError):  # what cannot be kept is rendered again next time
            write_private(file, json.dumps({"fingerprint": key, "rendered": memory.used}))


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """A function of texts whose result, anything that JSON holds, is looked up while `remembering`."""

    @functools.wraps(function)
    def look_up(*texts: P.args, **nothing: P.kwargs) -> R:
        memory = _memory.get()
        if memory is None:
            return function(*texts, **nothing)
        key = hashlib.sha256("\0".join((function.__name__, *map(str, texts))).encode()).hexdigest()
        if key not in memory.used:
            memory.used[key] = memory.known[key] if key in memory.known else function(*texts, **nothing)
        result: R = memory.used[key]
        return result

    return look_up


def _read(file: Path, key: str) -> dict[str, Any]:
    """What the file holds, if the same renderer wrote it; a file that cannot be read is as good as none."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return dict(kept["rendered"]) if kept["fingerprint"] == key else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _fingerprint() -> str:
    """What a result depends on beside the text: the libraries and our own renderer."""
    renderer = (Path(__file__).parent / "markdown.py").read_bytes()
    return hashlib.sha256(renderer + "".join(version(name) for name in LIBRARIES).encode()).hexdigest()
