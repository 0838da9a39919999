"""How long the nightly calibration computes for a million responses: python -m benchmarks.scoring.living

The responses are simulated over the real bank from the product's own model: people who come back four times and grow,
each time for twelve items of one area. Measured is what `flask calibrate run` does between reading the log and storing
a revision, by one BLAS thread: first without, then with an earlier revision to stay on the scale of.
"""

import os
import sys
import time
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
from collections.abc import Mapping

import numpy as np

from benchmarks.pictures.world import World
from tracker.assessment.family import split_version
from tracker.assessment.parameters import AREA_WALK, TOPIC_WALK, Estimate
from tracker.assessment.response_log import LoggedItem, ResponseLog
from tracker.scoring.calibration.areas import calibrate
from tracker.scoring.calibration.log import (
    area_of,
    area_slugs,
    effortful,
    population_of,
    to_fit,
    walks_of,
)
from tracker.scoring.irt import probability
from tracker.scoring.structure import TOPIC_SD, correlated

RUNS = 5
PEOPLE, VISITS, ITEMS = 20_834, 4, 12  # a million responses
MONTH_SECONDS = 30 * 86_400.0


def answered(seed: int) -> ResponseLog:
    """What all people answered at all their visits, a month apart."""
    world, rng = World(seed), np.random.default_rng(seed)
    items = [item for live in world.items.values() for item in live]
    topics, topic_of = np.unique([item.topic_id for item in items], return_inverse=True)
    areas, area_of_topic = np.unique([topic.partition("/")[0] for topic in topics], return_inverse=True)
    difficulty = np.array([world.difficulty[item.version] for item in items])
    guessing = np.array([item.body.guessing for item in items])
    steps = AREA_WALK * rng.multivariate_normal(np.zeros(areas.size), correlated(areas.size), (PEOPLE, VISITS))
    steps[:, 0] /= AREA_WALK
    deviations = TOPIC_WALK * rng.normal(size=(PEOPLE, VISITS, topics.size))
    deviations[:, 0] *= TOPIC_SD / TOPIC_WALK
    kept = np.sqrt(1 - (TOPIC_WALK / TOPIC_SD) ** 2)
    for visit in range(1, VISITS):
        deviations[:, visit] += kept * deviations[:, visit - 1]
    ability = (steps.cumsum(axis=1)[:, :, area_of_topic] + deviations).reshape(-1, topics.size)
    attempt = np.repeat(np.arange(PEOPLE * VISITS), ITEMS)
    in_area = [np.flatnonzero(area_of_topic[topic_of] == area) for area in range(areas.size)]
    forms = [rng.permutation(in_area[area])[:ITEMS] for area in rng.integers(0, areas.size, PEOPLE * VISITS)]
    item = np.concatenate(forms)
    chance = probability(ability[attempt, topic_of[item]], 1.0, difficulty[item], guessing[item])
    return ResponseLog(
        items=[
            LoggedItem(split_version(item.version)[0], item.topic_id, item.difficulty, item.body.guessing)
            for item in items
        ],
        learner_id=np.repeat(np.arange(1, PEOPLE + 1), VISITS),
        ended_at=np.tile(np.arange(VISITS) * MONTH_SECONDS, PEOPLE),
        attempt=attempt.astype(np.int32),
        item=item.astype(np.int32),
        right=rng.random(item.size) < chance,
        seconds=rng.uniform(15, 60, item.size).astype(np.float32),
    )


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
    log = answered(seed=9)
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
