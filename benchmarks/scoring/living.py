"""How long the nightly calibration computes for a million responses: python -m benchmarks.scoring.living

The responses are simulated from the product's own model: 450 items in five areas, people who come back four times and
grow. Measured is what `flask calibrate run` does between reading the log and storing a revision, by one BLAS thread:
first without, then with an earlier revision to stay on the scale of.
"""

import os
import sys
import time
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
from collections.abc import Mapping

from tests.scoring.calibration.living_world import a_bank, a_living_world
from tracker.assessment.parameters import Estimate
from tracker.assessment.response_log import ResponseLog
from tracker.scoring.calibration.areas import calibrate
from tracker.scoring.calibration.log import (
    area_of,
    area_slugs,
    effortful,
    population_of,
    to_fit,
    walks_of,
)

RUNS = 5
PEOPLE = 20_834  # of four quizzes of twelve items: a million responses


def calibrated(log: ResponseLog, known: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """All that a run computes."""
    log = effortful(log)
    found: dict[str, Estimate] = {}
    for slug in area_slugs(log):
        area = area_of(log, slug)
        versions = (log.items[code].version for code in area.codes)
        found |= zip(versions, calibrate(to_fit(area, log, known)), strict=True)
    walks_of(log, found)
    for slug in area_slugs(log):
        population_of(area_of(log, slug), log, found)
    return found


def main() -> int:
    """Measure and print. Gives the exit status."""
    log = a_living_world(a_bank(), people=PEOPLE, seed=9).log
    held = _peak_mib()
    known: dict[str, Estimate] = {}
    for name in ("first revision", "later revision"):
        seconds = []
        for _ in range(RUNS):
            start = time.perf_counter()
            found = calibrated(log, known)
            seconds.append(time.perf_counter() - start)
        known = found
        sys.stdout.write(f"{name}: {log.size:,} responses, median {median(seconds):.2f} s of {RUNS} runs ")
        sys.stdout.write(f"({min(seconds):.2f} to {max(seconds):.2f}); load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.write(f"highest memory {_peak_mib():.0f} MiB, {held:.0f} of it before, by the simulation\n")
    return 0


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    sys.exit(main())
