"""One run: a crowd in a process of its own against the server, with the server's processes watched."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from benchmarks.crowd import Crowd, Outcome, read_outcome
from benchmarks.usage import Usage, Watch
from tracker.config import ROOT

SAMPLE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Case:
    """How many learners at once, what they take, how long each thinks, and what we aim at."""

    name: str
    seats: int
    think_seconds: float = 0
    aim: str = ""
    assessment: str = "placement"


CASES = (
    Case("1 learner", 1),
    Case("8 learners", 8, aim="120 answers/s"),
    Case("32 learners", 32, aim="120 answers/s"),
    Case("200 thinking learners", 200, think_seconds=3, aim="p95 80 ms"),
    Case("1 learner, adaptive", 1, aim="2 ms more than fixed", assessment="placement-adaptive"),
    Case("8 learners, adaptive", 8, assessment="placement-adaptive"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What the crowd met and what the server used for it."""

    outcome: Outcome
    usage: Usage


def run(crowd: Crowd, watch: Watch) -> Run:
    """Let this crowd take attempts for its time."""
    client = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crowd"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert client.stdin
    assert client.stdout
    try:
        client.stdin.write(json.dumps(asdict(crowd)) + "\n")
        client.stdin.flush()
        client.stdout.readline()
        watch.begin()
        client.stdin.write("begin\n")
        client.stdin.flush()
        while _is_running(client):
            watch.sample()
        outcome = read_outcome(client.stdout.read())
        return Run(outcome, watch.end(bench_cpu_seconds=outcome.client_cpu_seconds))
    finally:
        client.kill()
        client.wait()


def _is_running(client: subprocess.Popen[str]) -> bool:
    """Whether the client goes on for a while more; looks for as long as that while takes."""
    try:
        client.wait(SAMPLE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False
