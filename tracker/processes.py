"""Child processes that get no signal meant for us, and that end when we end, however we end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tracker.errors import TrackerError

STOP_SECONDS = 15

# Runs in the child before the real program takes its place: Linux then sends SIGTERM when the parent dies, even by
# kill -9. A preexec_fn would do the same, but is unsafe beside PyMongo's threads.
_TIED = """
import os, signal, sys
parent, command = int(sys.argv[1]), sys.argv[2:]
if sys.platform == "linux":
    import ctypes
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)
os.execvp(command[0], command)
"""


class NotStarted(TrackerError):
    """A process of ours could not be started; the message says why, fit for the person at the terminal."""


def start(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command as the head of its own process group, tied to the life of this process (and this thread)."""
    return subprocess.Popen(  # noqa: S603 -- our own commands, never a shell
        [sys.executable, "-I", "-S", "-c", _TIED, str(os.getpid()), *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        process_group=0,
    )


def stop(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to stop, and see it out."""
    child.terminate()
    see_out(child)


def see_out(child: subprocess.Popen[bytes]) -> None:
    """Wait for a child that was asked to stop; kill it if it takes too long, and whatever it leaves of its group."""
    with suppress(subprocess.TimeoutExpired):
        child.wait(STOP_SECONDS)
    kill(child)


def kill(child: subprocess.Popen[bytes]) -> None:
    """End a child and its group at once, as a crash would."""
    _kill_group(child.pid)
    child.wait()


def command_line(pid: int) -> str:
    """What the process with this id was started with; empty when there is none or it cannot be told."""
    file = Path(f"/proc/{pid}/cmdline")
    if file.is_file():
        return file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    with suppress(FileNotFoundError):
        listing = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
        return subprocess.run(listing, capture_output=True, text=True, check=False).stdout  # noqa: S603
    return ""


def end(pid: int) -> None:
    """End a process that is not our child: ask it first, then insist."""
    deadline = time.monotonic() + STOP_SECONDS
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        while command_line(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
