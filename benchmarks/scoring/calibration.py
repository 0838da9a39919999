"""How long calibration takes and how much memory, beside PyPI's mirt and girth on the same responses.

Each program runs in a process of its own, with one BLAS thread: where cores are few, BLAS's own threads mostly wait for
each other, at every program's cost. A small calibration before the measured ones loads and compiles what is needed.
Complete responses are fitted by maximum likelihood, all programs at their own tolerance; where each person answers 20
items by lot, ours has the author's label of each item as a prior. Standard errors only where it says so.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracker.config import ROOT
from tracker.scoring import grid
from tracker.scoring.calibration import Prior, fit
from tracker.scoring.calibration.expectation import expect, log_table
from tracker.scoring.calibration.responses import checked, in_blocks

SEED = 20261122
RUNS, SLOW_RUNS = 5, 3
EACH = 20
LABEL_SD = 0.8
POINTS = 61
LARGE_BANK = 5_000
BANKS = (500, LARGE_BANK, 50_000)
PEOPLE = (500, 5_000, 50_000)
MANY_PEOPLE = 500_000

Array = NDArray[np.float64]


class Row(NamedTuple):
    """One program at one task: the median of so many runs, and the highest memory of its process, data included.

    rmse_b: the error of its b. deficit: by how much the log-likelihood of what it found, over 61 points, falls short of
    the best; None where a prior was used.
    """

    task: str
    program: str
    items: int
    responses: int
    runs: int
    seconds: float
    peak_mib: float
    rmse_b: float
    deficit: float | None = None

    @property
    def case(self) -> tuple[str, int, int]:
        """What programs are compared at."""
        return self.task, self.items, self.responses

    @property
    def cost(self) -> float:
        """Seconds."""
        return self.seconds


@dataclass(frozen=True, slots=True)
class Case:
    """People who each answer so many of the items: all of them, or some drawn by lot."""

    people: int
    items: int
    each: int

    @property
    def is_complete(self) -> bool:
        """Whether everybody answers everything."""
        return self.each == self.items

    @property
    def task(self) -> str:
        """What is fitted."""
        return "all items each" if self.is_complete else f"{self.each} items each"


@dataclass(frozen=True, slots=True)
class World:
    """Responses in long format; the items' true b, and an author's label of it."""

    person: NDArray[np.int32]
    item: NDArray[np.int32]
    marks: NDArray[np.int8]
    b: Array
    label: Array
    is_complete: bool

    @property
    def dense(self) -> NDArray[np.int64]:
        """One row a person; -1 is missing."""
        marks = np.full((int(self.person[-1]) + 1, self.b.size), -1)
        marks[self.person, self.item] = self.marks
        return marks


def measure_calibration() -> list[Row]:
    """Every task, ours first; a peer that is not installed has no row."""
    squarem, default, girth = (name for name in PROGRAMS if not name.startswith("Skillmark"))
    cases = {
        Case(1_000, 100, 100): {squarem: RUNS, default: RUNS, girth: SLOW_RUNS},
        Case(10_000, 200, 200): {squarem: RUNS, default: SLOW_RUNS, girth: 1},
        Case(20_000, LARGE_BANK, EACH): {squarem: 1},
    }
    compared = [row for case, peers in cases.items() for row in _compared(case, peers)]
    growth = [
        _measured(OURS, Case(people, items, EACH), RUNS if people < PEOPLE[-1] else SLOW_RUNS)
        for items in BANKS
        for people in PEOPLE
    ]
    return [*compared, *growth, _measured(OURS, Case(MANY_PEOPLE, LARGE_BANK, EACH), SLOW_RUNS)]


def _compared(case: Case, peers: dict[str, int]) -> list[Row]:
    programs = {OURS: RUNS, OURS_WITH_ERRORS: RUNS} | peers
    rows = [
        _measured(name, case, runs)
        for name, runs in programs.items()
        if name.startswith("Skillmark") or find_spec(name.partition(",")[0])
    ]
    if not case.is_complete:
        return rows
    least = min(row.deficit or 0 for row in rows)
    return [row._replace(deficit=(row.deficit or 0) - least) for row in rows]


def _measured(program: str, case: Case, runs: int) -> Row:
    """From a process of its own; `deficit` is still the negative log-likelihood."""
    command = [sys.executable, "-m", __name__, program, json.dumps(asdict(case)), str(runs)]
    told = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}, stdout=subprocess.PIPE, check=True
    )
    return Row(case.task, program, case.items, case.people * case.each, runs, **json.loads(told.stdout))


def _run(program: str, case: Case, runs: int) -> dict[str, float | None]:
    """What the process tells."""
    calibrate = PROGRAMS[program]
    calibrate(_world(Case(200, 10, 10)))
    world, seconds = _world(case), []
    for _ in range(runs):
        start = time.perf_counter()
        a, b = calibrate(world)
        seconds.append(time.perf_counter() - start)
    return {
        "seconds": median(seconds),
        "peak_mib": _peak_mib(),
        "rmse_b": float(np.sqrt(np.mean((b - world.b) ** 2))),
        "deficit": -_log_likelihood(world, a, b) if case.is_complete else None,
    }


def _peak_mib() -> float:
    """The highest memory so far; elsewhere than on Linux that of the process that began this one, if it was more."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _world(case: Case) -> World:
    rng = np.random.default_rng(SEED)
    a, b, theta = rng.lognormal(0, 0.3, case.items), rng.normal(0, 1, case.items), rng.normal(0, 1, case.people)
    person = np.repeat(np.arange(case.people, dtype=np.int32), case.each)
    turn = np.tile(np.arange(case.each, dtype=np.int32), case.people)
    # from a place of one's own, every 239th: no item twice
    begin = np.zeros(case.people, np.int32) if case.is_complete else rng.integers(0, case.items, case.people, np.int32)
    item = (begin[person] + (1 if case.is_complete else 239) * turn) % case.items
    marks = np.empty(person.size, np.int8)
    for part in np.array_split(np.arange(person.size), 1 + person.size // 1_000_000):
        chances = 1 / (1 + np.exp(-a[item[part]] * (theta[person[part]] - b[item[part]])))
        marks[part] = rng.random(part.size) < chances
    label = b + rng.normal(0, LABEL_SD, case.items)
    return World(person, item, marks, b, label, case.is_complete)


def _log_likelihood(world: World, a: Array, b: Array) -> float:
    blocks = in_blocks(checked(world.person, world.item, world.marks, b.size), np.ones(b.size, bool))
    log_weights = np.log(grid.normalised(grid.log_normal(grid.COARSE, 0, 1)))
    return expect(blocks, grid.COARSE, log_weights, log_table(grid.COARSE, a, -a * b, np.zeros(b.size))).log_likelihood


def _ours(world: World, *, with_errors: bool = False) -> tuple[Array, Array]:
    shrinkage = 1 / (1 + LABEL_SD**2)
    prior = None if world.is_complete else Prior(shrinkage * world.label, LABEL_SD * shrinkage**0.5)
    found = fit(world.person, world.item, world.marks, items=world.b.size, c=0, prior=prior, with_errors=with_errors)
    return found.a, found.b


def _mirt(world: World, **options: object) -> tuple[Array, Array]:
    import mirt

    found = mirt.fit_mirt(world.dense, compute_standard_errors=False, **options).model.parameters
    return found["discrimination"].ravel(), found["difficulty"].ravel()


def _girth(world: World) -> tuple[Array, Array]:
    from girth import twopl_mml

    found = twopl_mml(world.dense.T, {"quadrature_n": POINTS, "quadrature_bounds": (-6, 6)})
    return found["Discrimination"], found["Difficulty"]


OURS, OURS_WITH_ERRORS = "Skillmark", "Skillmark, with standard errors"
PROGRAMS: dict[str, Callable[[World], tuple[Array, Array]]] = {
    OURS: _ours,
    OURS_WITH_ERRORS: lambda world: _ours(world, with_errors=True),
    "mirt, 61 points, SQUAREM": lambda world: _mirt(world, n_quadpts=POINTS, accelerate="squarem"),
    "mirt, as it comes (21 points)": _mirt,
    "girth, 61 points": _girth,
}


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[1], Case(**json.loads(sys.argv[2])), int(sys.argv[3]))))
