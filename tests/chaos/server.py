"""A build, served by its own launcher as `make run` does it, and its processes by what they do."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from tests.launcher import a_free_port, answers, eventually
from tests.paused import is_stopped
from tracker import processes

START_SECONDS = 90
STOP_SECONDS = 10
MOMENT = 0.001
"""How closely the workers' stop is watched: what the store writes by itself until then would make a cut milder."""


class Server:
    """One instance of a build, its log beside the build; `start` it from the main thread, and `stop` it in the end."""

    def __init__(self, build: Path, instance: Path) -> None:
        self.instance = instance
        self.port = a_free_port()
        self.log = build / "server.log"
        self.build = build
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the build's own commands need to find this instance."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
        settings = {
            "TRACKER_INSTANCE": str(self.instance),
            "TRACKER_RETAKE_DAYS": "0",
            "TRACKER_CHANGES_A_SECOND": "1000",
        }
        return {**ours, **settings, "PYTHONPATH": str(self.build)}

    def start(self) -> None:
        """Start everything; it answers a moment later."""
        command = [sys.executable, "-m", "tracker.launch", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._child = processes.start(command, folder=self.build, environment=self.environment, output=log)

    def wait(self) -> None:
        """Wait until all of it is there. Raises: NotStarted."""
        eventually(lambda: self.is_whole() or self._is_over(), seconds=START_SECONDS)
        if not self.is_whole():
            raise processes.NotStarted(self.log.read_text(errors="replace"))

    def is_whole(self) -> bool:
        """Whether the store and both workers run and somebody answers."""
        return bool(self.store()) and len(self.workers()) == 2 and answers(self.port)

    def stop(self) -> None:
        """Stop it with everything it started."""
        if self._child:
            processes.stop(self._child)
            self._child = None

    def kill(self) -> None:
        """End every process of it at once."""
        assert self._child
        family = [psutil.Process(self._child.pid), *_children(self._child.pid)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.send_signal(signal.SIGSTOP)  # so that none notices the end of another
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family)
        self._child.wait()
        self._child = None

    def silence(self) -> None:
        """Stop the workers: no reply leaves any more, and what one that has left says, the stores had said before."""
        workers = self.workers()
        for worker in workers:
            worker.send_signal(signal.SIGSTOP)
        are_stopped = eventually(
            lambda: all(is_stopped(worker.pid) for worker in workers), seconds=STOP_SECONDS, every=MOMENT
        )
        assert are_stopped, "a worker does not stop"

    def store(self) -> list[psutil.Process]:
        """The document store, when it runs."""
        return self._by_word(str(self.instance / "store"))

    def web_server(self) -> list[psutil.Process]:
        """The process that starts the workers, when it runs."""
        return [process for process in self._by_word("granian") if _parent(process) == self._launcher]

    def workers(self) -> list[psutil.Process]:
        """The web server's workers that run."""
        parents = [process.pid for process in self.web_server()]
        return [process for process in self._by_word("granian") if _parent(process) in parents]

    def command(self, *words: str) -> subprocess.Popen[bytes]:
        """A `flask` command of the build on this instance, begun."""
        with self.log.open("ab") as log:
            return processes.start(
                [sys.executable, "-m", "flask", *words], folder=self.build, environment=self.environment, output=log
            )

    @property
    def _launcher(self) -> int:
        return self._child.pid if self._child else 0

    def _by_word(self, word: str) -> list[psutil.Process]:
        found = []
        for process in _children(self._launcher):
            with suppress(psutil.Error):
                if word in " ".join(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def _is_over(self) -> bool:
        return not self._child or self._child.poll() is not None


def _children(pid: int) -> list[psutil.Process]:
    if not pid:
        return []
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return 0
