"""The sweep beside the web server: one child process, started again when it dies."""

import subprocess
import time
from collections.abc import Mapping

from tracker import processes
from tracker.launch.web_server import App

PAUSE_SECONDS = 5
"""From one start to the next: a sweep that cannot run must not keep the machine busy."""


class Sweep:
    """The process that runs an app's sweep; `start` it, and `keep_alive` again and again until `stop`."""

    def __init__(self, app: App, environment: Mapping[str, str]) -> None:
        self._app = app
        self._environment = environment
        self._child: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def start(self) -> None:
        """Start it."""
        self._child = processes.start(self._app.sweep, folder=self._app.folder, environment=self._environment)
        self._started_at = time.monotonic()

    def keep_alive(self) -> str:
        """Start it again when it has died. Returns: what to say of that, mostly nothing."""
        is_dead = self._child is not None and self._child.poll() is not None
        if not self._child or not is_dead or time.monotonic() - self._started_at < PAUSE_SECONDS:
            return ""
        said = f"The sweep stopped by itself (exit status {self._child.returncode}); starting it again."
        self.start()
        return said

    def stop(self) -> None:
        """Stop it."""
        if self._child:
            processes.stop(self._child)
            self._child = None
