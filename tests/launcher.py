"""A launcher for tests: a real process, signals and all, with its own instance folder and port."""

import contextlib
import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from tracker.config import ROOT

STUB = """
import os
from pathlib import Path
from flask import Flask, request
from pymongo import MongoClient
from tracker.web.buffered import Buffered

flask = Flask("stub")

@flask.get("/livez")
def livez():
    return "ok"

@flask.get("/worker")
def worker():
    return str(os.getpid())

@flask.post("/notes")
def add():
    uri = os.environ.get("TRACKER_MONGODB_URI") or Path(os.environ["TRACKER_INSTANCE"], "mongodb.uri").read_text()
    with MongoClient(uri.strip(), serverSelectionTimeoutMS=5000) as client:
        notes = client.get_default_database().notes
        notes.insert_one({"text": request.form["text"]})
        return str(notes.count_documents({}))

app = Buffered(flask)
"""

SERVE_STUB = """
import sys
from pathlib import Path
from tracker.launch import __main__ as command_line, web_server
stub = web_server.App(
    name="stub:app",
    folder=Path(sys.argv.pop(1)),
    prepare=(sys.executable, "prepare.py"),
    sweep=(sys.executable, "sweep.py"),
    jobs=(sys.executable, "jobs.py"),
)
command_line.App = lambda: stub
sys.exit(command_line.main())
"""

END_OF_GREETING = "  The first admin"


def eventually(condition: Callable[[], bool], *, seconds: float = 20, every: float = 0.05) -> bool:
    """Whether a condition comes true in time; `every` so many seconds it is looked at."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(every)
    return condition()


def answers(port: int, path: str = "/livez") -> bool:
    """Whether a server on this machine says that all is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def a_free_port() -> int:
    """A port nobody listens on, and that no outgoing connection is given."""
    for port in random.sample(range(10_000, 20_000), 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


def a_launcher(folder: Path, **settings: str) -> "Launcher":
    """The launcher, as `make run` starts it."""
    return Launcher(folder, [sys.executable, "-m", "tracker.launch"], **settings)


def a_launcher_of_a_stub(folder: Path, **settings: str) -> "Launcher":
    """The launcher, but serving the small app above."""
    (folder / "stub.py").write_text(STUB)
    (folder / "prepare.py").touch()
    for companion in ("sweep.py", "jobs.py"):
        (folder / companion).write_text("import signal; signal.pause()")
    return Launcher(folder, [sys.executable, "-c", SERVE_STUB, str(folder)], **settings)


class Launcher:
    """A launcher in its own process group, on its own instance folder and port."""

    def __init__(self, folder: Path, program: Sequence[str], **settings: str) -> None:
        self.program = list(program)
        self.instance = folder / "instance"
        self.port = a_free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "TRACKER_INSTANCE": str(self.instance),
            **settings,
        }
        self.greeting = ""
        self.processes: list[subprocess.Popen[str]] = []
        self.family: list[psutil.Process] = []

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Let it do something that ends by itself."""
        command = [*self.program, *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60, check=False)

    def serve(self) -> "Launcher":
        """Start it, and come back when it says that it serves."""
        process = subprocess.Popen(
            [*self.program, "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        assert process.stdout
        greeting = f"Skillmark serves http://127.0.0.1:{self.port}"
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith(END_OF_GREETING):
                break
        assert greeting in said, said
        self.greeting = said
        self.look_around()
        return self

    def look_around(self) -> None:
        """Take note of every process it has started."""
        self.family = psutil.Process(self.processes[-1].pid).children(recursive=True)

    def tell(self, number: int) -> tuple[int, str]:
        """Signal the launcher alone. Gives its exit status and what it said in the end."""
        self.processes[-1].send_signal(number)
        return self.end()

    def end(self) -> tuple[int, str]:
        """Wait for it. Gives its exit status and what it said in the end."""
        said, _ = self.processes[-1].communicate(timeout=60)
        return self.processes[-1].returncode, said

    def survivors(self) -> list[psutil.Process]:
        """Those of its processes that still run."""
        return [member for member in self.family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE]

    def clean_up(self) -> None:
        """End whatever a failed test has left."""
        for process in self.processes:
            process.kill()
        for member in self.survivors():
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()

    def member(self, word: str) -> psutil.Process:
        """The oldest of its processes with this word on its command line; one that has just begun may have none yet."""

        def found() -> list[psutil.Process]:
            return [member for member in self.family if word in " ".join(member.cmdline())]

        assert eventually(lambda: bool(found())), f"no process with {word}"
        return found()[0]

    def workers(self) -> set[int]:
        """Ids of the processes that answer; each listens for itself, and the kernel deals out the connections."""
        answered = set()
        for _ in range(20):
            with contextlib.suppress(OSError, http.client.HTTPException):
                answered.add(int(self.ask("GET", "/worker")))
        return answered

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        """What the app answers, on a new connection; it must be a 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, form)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == 200, text
        return text
