"""How long a lead waits for a large cohort's page."""

import http.client
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.server import HOST, Server, environment
from tracker.config import ROOT

SIZES = (500, 10_000)
PAGES = (
    ("500 members, areas", 0, "", "300 ms"),
    ("500 members, topics of Databases, filtered", 0, "?area=databases&skill=databases&at_most=Proficient", "300 ms"),
    ("10,000 members, first page", 1, "", "500 ms"),
    ("10,000 members, last page", 1, "?page=200", "500 ms"),
)
"""What is opened: its name, which of the sizes, its address after the cohort's, the aim."""

OPENED = 15


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that was opened some times: milliseconds until all of it was there, the median and the longest."""

    name: str
    median: float
    longest: float
    aim: str


def measure_cohorts(server: Server, instance: Path) -> list[Opened]:
    """The pages of cohorts that are filled for it."""
    command = [sys.executable, "-m", "benchmarks.cohort_members", *map(str, SIZES)]
    told = subprocess.run(
        command, cwd=ROOT, env=environment(instance), stdout=subprocess.PIPE, check=True, process_group=0
    )
    cookie, *ids = json.loads(told.stdout)
    return [
        _open(server.port, f"/cohorts/{ids[which]}{address}", cookie, name=name, aim=aim)
        for name, which, address, aim in PAGES
    ]


def _open(port: int, path: str, cookie: str, *, name: str, aim: str) -> Opened:
    connection = http.client.HTTPConnection(HOST, port)
    times = []
    for _ in range(1 + OPENED):
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        times.append(1000 * (time.perf_counter() - begun))
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: {response.status}")
    connection.close()
    warm = times[1:]
    return Opened(name, median(warm), max(warm), aim)
