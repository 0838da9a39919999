"""A process that stands still, as when its disk does."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.launcher import eventually
from tracker.storage.embedded import EmbeddedStore


@contextmanager
def paused(store: EmbeddedStore) -> Iterator[None]:
    """The document store stopped, every thread of it, until the end of the block."""
    pid = int((store.folder / "server.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        assert eventually(lambda: is_stopped(pid))
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def is_stopped(pid: int) -> bool:
    """Whether every thread of a process stands still."""
    states = [stat.read_text().rpartition(")")[2].split()[0] for stat in Path(f"/proc/{pid}/task").glob("*/stat")]
    return set(states) == {"T"}
