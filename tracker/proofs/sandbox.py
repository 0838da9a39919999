"""One proof in a sandbox of its own: what it may use up, and how it ends."""

import json
import os
import secrets
import select
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from tracker.proofs.bubblewrap import Bubblewrap, choose_user_id, etc_files
from tracker.proofs.usage import measure

LONGEST_REASON = 300
LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What the kernel lets each process of a proof use up. Not its time: whoever is limited in it cannot measure it."""

    memory_bytes: int = 2 * 1024**3
    file_bytes: int = 64 * 1024**2
    open_files: int = 512
    processes: int = 256
    core_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one proof may use up with all its processes: by the clock, of the processors' time, of memory."""

    seconds: float = 60
    cpu_seconds: float = 60
    memory_bytes: int = 4 * 1024**3
    each_process: ProcessLimits = field(default_factory=ProcessLimits)


@dataclass(frozen=True, slots=True)
class Job:
    """What to run, as `inside/job.py` reads it."""

    code: str
    runs_stem: bool = False
    trials: tuple[str, ...] = ()
    server: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out. `stopped` says which limit ended it; there is no report when it ended before one."""

    report: dict[str, Any] | None
    printed: str
    errors: str
    status: int
    stopped: str

    @property
    def failure(self) -> str:
        """Why there is nothing to judge, as the rest of a sentence; empty when there is something."""
        if self.stopped:
            return self.stopped
        if self.report is not None:
            return shorten(self.report.get("error", ""))
        last = self.errors.strip().splitlines()[-1:]
        return shorten(": ".join([f"ends without a result, with exit status {self.status}", *last]))


class Sandbox:
    """Runs jobs, as many at a time as threads ask for, until it is closed; then what still runs is ended at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Raises: SandboxUnusable."""
        self._limits = limits or Limits()
        self._bubblewrap = Bubblewrap.find()
        self._running = set[subprocess.Popen[bytes]]()
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, job: Job) -> Outcome:
        """Run one job to its end, or to the end of its limits."""
        seal = secrets.token_hex()
        limits = asdict(self._limits.each_process)
        with (
            _file(json.dumps(asdict(job) | {"limits": limits, "seal": seal})) as sent,
            _file() as report,
            _file() as printed,
            _file() as errors,
        ):
            child = self._start(sent, report, printed, errors)
            try:
                stopped = self._watch(child)
            finally:
                status = self._see_out(child)
            return Outcome(
                report=_open_report(_text(report), seal),
                printed=_text(printed),
                errors=_text(errors),
                status=status,
                stopped=stopped,
            )

    def close(self) -> None:
        """End everything that runs, and run nothing more."""
        with self._lock:
            self._is_closed = True
            for child in self._running:
                _kill(child)

    def _start(
        self, sent: IO[bytes], report: IO[bytes], printed: IO[bytes], errors: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        user_id = choose_user_id()
        with ExitStack() as open_files, self._lock:
            texts = {path: open_files.enter_context(_file(text)) for path, text in etc_files(user_id).items()}
            files = {path: file.fileno() for path, file in texts.items()}
            child = subprocess.Popen(  # noqa: S603 -- our own command, never a shell
                self._bubblewrap.command(user_id=user_id, files=files, report_to=report.fileno()),
                stdin=sent,
                stdout=printed,
                stderr=errors,
                env={},  # else a proof could read ours from /proc/1/environ
                pass_fds=(report.fileno(), *files.values()),
                start_new_session=True,  # without a terminal, and a group to end as a whole
            )
            self._running.add(child)
            if self._is_closed:
                _kill(child)
        return child

    def _watch(self, child: subprocess.Popen[bytes]) -> str:
        """Wait for the end. Returns: the limit that was met first, as the rest of a sentence; empty when none was."""
        started, handle = time.monotonic(), os.pidfd_open(child.pid)
        try:
            while not select.select([handle], [], [], LOOK_SECONDS)[0]:
                stopped = self._limit_met(child.pid, seconds=time.monotonic() - started)
                if stopped:
                    return stopped
        finally:
            os.close(handle)
        return "was stopped" if self._is_closed else ""

    def _limit_met(self, pid: int, *, seconds: float) -> str:
        limits, used = self._limits, measure(pid)
        if seconds > limits.seconds:
            return f"runs for more than {limits.seconds:g} seconds"
        if used.cpu_seconds > limits.cpu_seconds:
            return f"computes for more than {limits.cpu_seconds:g} seconds"
        if used.memory_bytes > limits.memory_bytes:
            return f"takes more than {limits.memory_bytes >> 20} MB of memory"
        return ""

    def _see_out(self, child: subprocess.Popen[bytes]) -> int:
        """End what is left of a sandbox while its process id is still its own. Returns: the exit status."""
        with self._lock:
            self._running.discard(child)
            _kill(child)
        return child.wait()


def shorten(reason: str) -> str:
    """The reason, cut where it gets too long for one line."""
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]}…"


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill bubblewrap with its group: its child in the sandbox is not tied to it from the first moment."""
    os.killpg(child.pid, signal.SIGKILL)


def _open_report(text: str, seal: str) -> dict[str, Any] | None:
    """The report, if it is whole and bears the seal; anything else a proof wrote itself, wherever it could."""
    try:
        report: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    return report if isinstance(report, dict) and report.get("seal") == seal else None


def _file(text: str = "") -> IO[bytes]:
    """A file without a name: nothing is left of it once both sides have closed it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- those who ask close it
    file.write(text.encode())
    file.seek(0)
    return file


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
