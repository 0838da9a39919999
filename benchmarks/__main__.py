"""`python -m benchmarks`: measure, and write docs/benchmarks.md."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import cold_browser, machine, report, slow_clients
from benchmarks.bank import measure_loading
from benchmarks.cohorts import measure_cohorts
from benchmarks.cold_browser import NoBrowser
from benchmarks.crowd import Crowd
from benchmarks.load import CASES, Case, Run, run
from benchmarks.report import Measured
from benchmarks.server import HOST, Server, environment, serve
from benchmarks.usage import Watch
from tracker.config import ROOT
from tracker.processes import NotStarted

LEARNERS = 220
ROUNDS = 3
SECONDS = 12
STARTS = 3
SLOW_CLIENTS = 200
SLOW_SECONDS = 5
ATTACKS: dict[str, slow_clients.SlowClient | None] = {
    "nobody": None,
    f"{SLOW_CLIENTS} headers": slow_clients.drip_headers,
    f"{SLOW_CLIENTS} bodies": slow_clients.drip_body,
    f"{SLOW_CLIENTS} readers": slow_clients.sip,
}

BEGUN = time.monotonic()


def main() -> int:
    """Measure everything; an interruption leaves the last report and nothing else. Gives the exit status."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=build))
    try:
        measured = measure(folder)
    except (NoBrowser, NotStarted) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; docs/benchmarks.md is as it was.\n")
        return 130
    finally:
        shutil.rmtree(folder)
    report.FILE.write_text(report.write(measured))
    say(f"Wrote {report.FILE.relative_to(ROOT)}")
    return 0


def measure(folder: Path) -> Measured:
    """All figures, from servers on instances in this folder."""
    instance = folder / "instance"
    facts = machine.describe(folder)
    say("Loading the question bank")
    loading = measure_loading()
    say("Starting the server for the first time, then again")
    starts = [measure_start(instance) for _ in range(1 + STARTS)]
    with serve(instance) as server:
        newcomer, *cookies = make_learners(instance)
        runs = {case: list[Run]() for case in CASES}
        for number in range(1, ROUNDS + 1):
            for case in CASES:
                say(f"Round {number} of {ROUNDS}: {case.name}")
                runs[case].append(measure_case(case, cookies, server))
        say("Large cohorts")
        opened = measure_cohorts(server, instance)
        say(f"Honest clients beside {SLOW_CLIENTS} slow ones")
        slow = measure_slow_clients(server, instance)
        say("One attempt in a cold browser")
        traffic = cold_browser.take_placement(f"http://{HOST}:{server.port}", newcomer)
    return Measured(facts, loading, starts, runs, opened, slow, *traffic)


def measure_start(instance: Path) -> float:
    """Seconds from the command to the first answer."""
    with serve(instance) as server:
        return server.start_seconds


def make_learners(instance: Path) -> list[str]:
    """The cookies of learners of the running server: one who has begun nothing, and the crowd."""
    command = [sys.executable, "-m", "benchmarks.learners", str(LEARNERS)]
    told = subprocess.run(
        command, cwd=ROOT, env=environment(instance), stdout=subprocess.PIPE, check=True, process_group=0
    )
    cookies: list[str] = json.loads(told.stdout)
    return cookies


def measure_case(case: Case, cookies: list[str], server: Server) -> Run:
    """One run of a case."""
    crowd = Crowd(HOST, server.port, cookies, case.seats, case.think_seconds, SECONDS, case.assessment)
    return run(crowd, Watch(server.pid))


def measure_slow_clients(server: Server, instance: Path) -> list[str]:
    """Rows of how honest clients fare, alone and beside slow ones."""
    large = next((instance / "static" / "vendor").glob("bootstrap.min.*.css"))
    target = slow_clients.Server(HOST, server.port, "/livez", "/sign-in", f"/static/vendor/{large.name}")
    return [
        asyncio.run(slow_clients.measure(target, slow, count=SLOW_CLIENTS, seconds=SLOW_SECONDS)).row(
            name, SLOW_SECONDS
        )
        for name, slow in ATTACKS.items()
    ]


def say(what: str) -> None:
    """Tell how far we are."""
    sys.stderr.write(f"{time.monotonic() - BEGUN:4.0f} s  {what}\n")


if __name__ == "__main__":
    sys.exit(main())
