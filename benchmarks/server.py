"""The server under test: the project's own launcher on an instance of its own, as `make run` starts it."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker import processes
from tracker.config import ROOT

HOST = "127.0.0.1"
START_SECONDS = 90
POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: where, the launcher's process id, and the seconds from the command to the first answer."""

    port: int
    pid: int
    start_seconds: float


def environment(instance: Path) -> dict[str, str]:
    """This shell's variables with only our own settings: the embedded stores in this folder, no rest."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return {**ours, "TRACKER_INSTANCE": str(instance), "TRACKER_RETAKE_DAYS": "0", "TRACKER_CHANGES_A_SECOND": "1000"}


@contextmanager
def serve(instance: Path) -> Iterator[Server]:
    """The server, running; stopped at the end with everything it started."""
    port = _free_port()
    command = [sys.executable, "-m", "tracker.launch", "serve", "--port", str(port)]
    with (instance.parent / "server.log").open("ab") as log:
        begun = time.monotonic()
        child = processes.start(command, folder=ROOT, environment=environment(instance), output=log)
        try:
            while not _answers(port):
                if child.poll() is not None or time.monotonic() - begun > START_SECONDS:
                    raise processes.NotStarted((instance.parent / "server.log").read_text())
                time.sleep(POLL_SECONDS)
            yield Server(port, child.pid, time.monotonic() - begun)
        finally:
            processes.stop(child)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
