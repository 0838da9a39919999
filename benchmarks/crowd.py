"""The client: seats that take attempts against a server. `benchmarks.load` runs it in a process of its own, which

reads the `Crowd` from the first line, says `ready` when everybody sits before a question, begins at the next line, and
in the end tells the `Outcome`; both as JSON.
"""

import asyncio
import json
import statistics
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random

from benchmarks.connection import Connection
from benchmarks.seat import Seat, Tally

AT_ONCE_WHEN_SITTING_DOWN = 8
PAUSE_AFTER_ERROR_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many learners do what for how long. `cookies` has at least one for each seat."""

    host: str
    port: int
    cookies: list[str]
    seats: int
    think_seconds: float
    seconds: float
    assessment: str


@dataclass(frozen=True, slots=True)
class Times:
    """How often a step was done and how long it took, in milliseconds."""

    count: int
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crowd met: its steps by kind, its errors by what was wrong, the CPU time it used itself."""

    seconds: float
    steps: dict[str, Times]
    errors: dict[str, int]
    client_cpu_seconds: float


def read_outcome(text: str) -> Outcome:
    """The outcome that a crowd told."""
    told = json.loads(text)
    return Outcome(**{**told, "steps": {kind: Times(**times) for kind, times in told["steps"].items()}})


async def run(crowd: Crowd) -> Outcome:
    """Sit down, wait for the word, and take attempts until the time is over."""
    random = Random(crowd.seats)
    learners = deque(random.sample(crowd.cookies, len(crowd.cookies)))
    connections = [Connection(crowd.host, crowd.port) for _ in range(crowd.seats)]
    seats = [Seat(connection, crowd.assessment, learners, random) for connection in connections]
    before = Tally()
    await _sit_down(seats, before)
    await _wait_for_the_word()

    tally = Tally(errors=before.errors)
    begun, cpu = time.perf_counter(), time.process_time()
    try:
        async with asyncio.timeout(crowd.seconds):
            await asyncio.gather(*(_keep_going(seat, crowd.think_seconds, random, tally) for seat in seats))
    except TimeoutError:
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    for connection in connections:
        connection.close()
    steps = {kind: _times(done) for kind, done in tally.milliseconds.items()}
    return Outcome(seconds, steps, dict(tally.errors), cpu)


async def _sit_down(seats: Sequence[Seat], tally: Tally) -> None:
    room = asyncio.Semaphore(AT_ONCE_WHEN_SITTING_DOWN)

    async def sit_down(seat: Seat) -> None:
        async with room:
            await seat.step(tally)

    await asyncio.gather(*map(sit_down, seats))


async def _wait_for_the_word() -> None:
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)


async def _keep_going(seat: Seat, think_seconds: float, random: Random, tally: Tally) -> None:
    """Think and act by turns; thinking takes a third more or less, the first time anything up to that."""
    await asyncio.sleep(random.uniform(0, think_seconds))
    while True:
        errors = tally.errors.total()
        await seat.step(tally)
        await asyncio.sleep(think_seconds * random.uniform(2 / 3, 4 / 3))
        if tally.errors.total() > errors:
            await asyncio.sleep(PAUSE_AFTER_ERROR_SECONDS)


def _times(milliseconds: list[float]) -> Times:
    cuts = statistics.quantiles(milliseconds * 2, n=100)  # twice, for it wants two values and one may be all
    return Times(len(milliseconds), cuts[49], cuts[94], cuts[98])


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Crowd(**json.loads(sys.stdin.readline())))))))
