"""Granian, which serves the app in two processes; why this server and these options: docs/decisions/0002-granian.md."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker import processes
from tracker.config import ROOT
from tracker.processes import NotStarted

WORKERS = 2
HEADER_MILLISECONDS = 10_000
HEADER_BYTES = 64 * 1024
START_SECONDS = 60
JSON_LOG = Path(__file__).with_name("granian_log.json")
LEAVE_SECONDS = 10
"""What is being answered when the server is told to stop has so long; no answer that is saved takes longer."""


@dataclass(frozen=True, slots=True)
class App:
    """What is served: the ASGI app's name, the folder it is imported from, and its commands.

    prepare: readies its stores. sweep: keeps closing what is over, and jobs: keeps doing what waits, both as long as
    the app is served.
    """

    name: str = "asgi:app"
    folder: Path = ROOT
    prepare: tuple[str, ...] = (sys.executable, "-m", "tracker.launch.preparation")
    sweep: tuple[str, ...] = (sys.executable, "-m", "flask", "--app", "wsgi", "attempts", "sweep", "--every", "2s")
    jobs: tuple[str, ...] = (sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", "--every", "2s")


def prepare_stores(app: App, environment: Mapping[str, str]) -> None:
    """Bring both stores up to date. Raises: NotStarted; what is wrong has been printed."""
    child = processes.start(app.prepare, folder=app.folder, environment=environment)
    try:
        if child.wait() != 0:
            raise NotStarted("The stores could not be prepared; nothing was served.")
    finally:
        processes.kill(child)


def refuse_busy_port(host: str, port: int) -> None:
    """Raises: NotStarted when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotStarted(
                f"Port {port} of {host} cannot be used ({error.strerror}); name another: make run PORT={port + 1}"
            ) from None


def start(app: App, *, host: str, port: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The web server, once it answers. Raises: NotStarted."""
    one_thread = {"OPENBLAS_NUM_THREADS": "1"}  # its threads wait for each other as soon as the cores are shared
    command = _command(app, host, port, environment)
    server = processes.start(command, folder=app.folder, environment=one_thread | dict(environment))
    deadline = time.monotonic() + START_SECONDS
    try:
        while not _is_live(host, port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise NotStarted("The web server did not start; it has said why above.")
            time.sleep(0.05)
    except BaseException:
        processes.stop(server)
        raise
    return server


def _command(app: App, host: str, port: int, environment: Mapping[str, str]) -> list[str]:
    as_json = ["--log-config", str(JSON_LOG)] if environment.get("TRACKER_LOG") == "json" else []
    return [
        *(sys.executable, "-m", "tracker.launch.granian", "--interface", "asginl", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", str(WORKERS), "--respawn-failed-workers"),
        *("--http1-header-read-timeout", str(HEADER_MILLISECONDS), "--http1-buffer-size", str(HEADER_BYTES)),
        *("--workers-kill-timeout", str(LEAVE_SECONDS)),
        *("--log-level", "warning", *as_json, app.name),
    ]


def _is_live(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
