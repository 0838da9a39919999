"""A process beside the web server: started again when it dies."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tracker import processes

PAUSE_SECONDS = 5
"""From one start to the next: a companion that cannot run must not keep the machine busy."""


class Companion:
    """A process, by the name people read; `start` it, and `keep_alive` again and again until `stop`."""

    def __init__(self, name: str, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> None:
        self._name = name
        self._command = command
        self._folder = folder
        self._environment = environment
        self._child: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def start(self) -> None:
        """Start it."""
        self._child = processes.start(self._command, folder=self._folder, environment=self._environment)
        self._started_at = time.monotonic()

    def keep_alive(self) -> str:
        """Start it again when it has died. Returns: what to say of that, mostly nothing."""
        is_dead = self._child is not None and self._child.poll() is not None
        if not self._child or not is_dead or time.monotonic() - self._started_at < PAUSE_SECONDS:
            return ""
        said = f"The {self._name} stopped by itself (exit status {self._child.returncode}); starting it again."
        self.start()
        return said

    def ask_to_stop(self) -> None:
        """Let it begin to stop; `stop` sees it out."""
        if self._child:
            self._child.terminate()

    def stop(self) -> None:
        """Stop it."""
        if self._child:
            processes.stop(self._child)
            self._child = None
