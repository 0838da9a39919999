"""The MongoDB-compatible server the launcher starts when no TRACKER_MONGODB_URI is given.

It is `mongod` when one is on the PATH, else SecantusDB by its console script. Its folder holds:

| file | what |
|---|---|
| lock | held (flock) by the one process that may run a server here; names its process id |
| password | generated once, 0600 |
| port | the last one, taken again when free, so that addresses outlive a restart |
| server.pid, server.log | of the running server |
| mongod/ or secantusdb/ | the data; whichever was there first stays in use |
| rewrite | there when the data are to be written anew, as somebody was erased (storage/rewriting.py) |
"""

import fcntl
import logging
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from tracker import processes
from tracker.processes import NotStarted
from tracker.storage import rewriting
from tracker.storage.private_file import get_secret, make_private_folder, write_private

USER = "skillmark"
DATABASE = "skillmark"
ROLES = ("readWriteAnyDatabase", "dbAdminAnyDatabase")
HOST = "127.0.0.1"
# Below what systems hand out to outgoing connections, one of which could else sit on our port while we restart.
PORTS = range(20_000, 30_000)
START_SECONDS = 30
MOST_SIGNALS = 10
AUTHENTICATION_FAILED = 18
LATER = "it is tried again at the next start"

log = logging.getLogger(__name__)


class StoreInUse(NotStarted):
    """Another live process runs the embedded store of this folder."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A server program and the folder its data are in."""

    program: Path
    data: Path

    @property
    def settings(self) -> Path:
        """An empty file that keeps SecantusDB from looking for settings in other places."""
        return self.data.with_suffix(".toml")

    def command(self, port: int, *, is_open: bool) -> list[str]:
        """The command line that serves the data; asking for passwords unless it is open."""
        where = [str(self.program), "--port", str(port)]
        asking = [] if is_open else ["--auth"]
        if self.program.name == "mongod":
            return [*where, "--bind_ip", HOST, "--dbpath", str(self.data), "--quiet", *asking]
        own = ["--host", HOST, "--config", str(self.settings), "--storage-path", str(self.data)]
        return [*where, *own, "--sync-on-commit", "--log-level", "WARNING", *asking]


def choose_engine(folder: Path, *, mongod: str | None) -> Engine:
    """The engine whose data are in the folder already, else `mongod` if there is one, else SecantusDB."""
    secantusdb = Engine(Path(sys.executable).parent / "secantusd-py", folder / "secantusdb")
    is_mongod = (folder / "mongod").is_dir() or (mongod is not None and not secantusdb.data.is_dir())
    if is_mongod and mongod is None:
        raise NotStarted(f"The data in {folder} were written by mongod, which is not on the PATH any more.")
    engine = Engine(Path(mongod), folder / "mongod") if is_mongod and mongod else secantusdb
    if not engine.program.is_file():
        raise NotStarted("There is no document store: set TRACKER_MONGODB_URI, or run `make install`.")
    return engine


class EmbeddedStore:
    """One server on one folder, alive between `start` and `stop`, or inside a `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._log = self.folder / "server.log"
        self._pid = self.folder / "server.pid"
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._password = ""

    def __enter__(self) -> "EmbeddedStore":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def uri(self) -> str:
        """Where PyMongo finds the server: the same from `start` to `stop`.

        For retries SecantusDB remembers 10,000 writes and goes through them all at every write. Ours can do without:
        those that matter are conditional, and whoever sent one sends it again.
        """
        options = "authSource=admin&directConnection=true&retryWrites=false"
        return f"mongodb://{USER}:{self._password}@{HOST}:{self._port}/{DATABASE}?{options}"

    @property
    def is_alive(self) -> bool:
        """Whether the server process runs."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Take the folder and serve it. Raises: StoreInUse; NotStarted with the end of the server's log."""
        make_private_folder(self.folder)
        self._lock = _take(self.folder / "lock")
        try:
            self._log.unlink(missing_ok=True)
            rewriting.tidy(self.folder)
            self._engine = choose_engine(self.folder, mongod=shutil.which("mongod"))
            self._end_orphan()
            self._port = _choose_port(self.folder / "port")
            self._password = get_secret(self.folder / "password")
            self.restart()
            if rewriting.is_wanted(self.folder):
                self._write_anew()
        except BaseException:
            self.stop()
            raise

    def restart(self) -> None:
        """Serve again, at the same address, after the server died; ends it first if it did not."""
        self.kill()
        self._run(is_open=False)
        if not self._is_let_in():
            self._make_user()
            self._run(is_open=False)

    def kill(self) -> None:
        """End the server as a crash would."""
        if self._child:
            processes.kill(self._child)

    def stop(self) -> None:
        """Stop the server and let go of the folder; twice is the same as once."""
        self._halt()
        if self._lock is not None:
            self._pid.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def _write_anew(self) -> None:
        """Serve a copy of the data, whose files hold nothing of what was deleted; the old ones if that fails."""
        try:
            self._copy_data()
            self._halt()
            rewriting.replace(self._engine.data)
        except Exception:
            log.exception("The store's data were not written anew, so its files may hold what was deleted; %s", LATER)
            rewriting.tidy(self.folder)
        self._halt()
        self.restart()

    def _copy_data(self) -> None:
        rewriting.check_room(self._engine.data)
        new = self.folder / rewriting.NEW
        make_private_folder(new / self._engine.data.name)
        write_private(new / "password", self._password)
        with EmbeddedStore(new) as copy:
            rewriting.copy(self.uri, copy.uri)

    def _run(self, *, is_open: bool) -> None:
        make_private_folder(self._engine.data)
        self._engine.settings.touch()
        command = self._engine.command(self._port, is_open=is_open)
        with self._log.open("ab") as log:
            self._child = processes.start(command, folder=self.folder, output=log)
        write_private(self._pid, str(self._child.pid))
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self._port):
            if not self.is_alive or time.monotonic() > deadline:
                self.kill()
                raise NotStarted(f"The embedded store did not start. {self._log} ends with:\n{_tail(self._log)}")
            time.sleep(0.02)

    def _is_let_in(self) -> bool:
        try:
            with _client(self.uri) as client:
                client.admin.command("ping")
        except OperationFailure as failure:
            if failure.code == AUTHENTICATION_FAILED:
                return False
            raise NotStarted(f"The embedded store refuses us: {failure}") from failure
        except PyMongoError as failure:
            raise NotStarted(f"The embedded store does not answer: {failure}") from failure
        return True

    def _make_user(self) -> None:
        """Give our user our password; only a server that asks for none lets the first user in."""
        self._halt()
        self._run(is_open=True)
        with _client(f"mongodb://{HOST}:{self._port}/?directConnection=true") as client:
            known = client.admin.command("usersInfo", USER)["users"]
            verb = "updateUser" if known else "createUser"
            client.admin.command(verb, USER, pwd=self._password, roles=list(ROLES))
        self._halt()

    def _halt(self) -> None:
        """Stop the server. SecantusDB can miss a signal in its first moments, so it is asked until its port closes."""
        if self._child is None:
            return
        for _ in range(MOST_SIGNALS):
            self._child.terminate()
            if _falls_silent(self._port):
                break
        processes.see_out(self._child)
        self._child = None

    def _end_orphan(self) -> None:
        """End a server that outlived its owner: ours by its process id and by the data folder it was started on."""
        if not self._pid.is_file():
            return
        pid = int(self._pid.read_text())
        if str(self._engine.data) in processes.command_line(pid):
            processes.end(pid)


def _take(lock: Path) -> int:
    """The open lock file, ours until it is closed or we die."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(handle, 20).decode()
        os.close(handle)
        raise StoreInUse(
            f"The embedded store in {lock.parent} is in use by process {owner}: stop that first."
        ) from None
    os.truncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def _choose_port(file: Path) -> int:
    """The port of last time if it is free, else one that is; remembered for the next time."""
    last = [int(file.read_text())] if file.is_file() else []
    port = next(port for port in [*last, *random.sample(PORTS, 200)] if _is_free(port))
    write_private(file, str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _falls_silent(port: int) -> bool:
    """Whether the port closes soon. Asking helps: SecantusDB's accept() only notices the end with its next caller."""
    deadline = time.monotonic() + 0.3
    while _answers(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=START_SECONDS * 1000)


def _tail(log: Path, lines: int = 8) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
