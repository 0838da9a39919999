"""Item statistics: every answer there is, read once, computed area by area, and kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from tracker.assessment.item_statistics import ItemStatistics
from tracker.assessment.parameters import AUTHORS_WORD, Population
from tracker.scoring import grid
from tracker.scoring.statistics.item_statistics import item_statistics
from tracker.services.answer_log import PERIOD, AnswerLog
from tracker.storage import answers, item_parameters, responses
from tracker.storage import item_statistics as kept
from tracker.storage.question_bank import get_bank


def count_learners() -> int:
    """How many learners there are to read, at most."""
    return responses.last_learner_id()


def read_answers(log: AnswerLog, *, now: datetime) -> Iterator[int]:
    """Fill a log with every answer there is now. Yields: after each attempt, how many more learners were begun."""
    begun = 0
    for sitting in answers.iterate_sittings(until=now, last_learner_id=count_learners()):
        log.add(sitting)
        yield sitting.learner_id - begun
        begun = sitting.learner_id


def compute_statistics(log: AnswerLog, *, now: datetime) -> Iterator[list[ItemStatistics]]:
    """The statistics of what is in the bank as it was answered, one area after the other."""
    known = item_parameters.current()
    earlier = item_parameters.find_before(now - PERIOD) or AUTHORS_WORD
    sources = get_bank().sources
    for slug, area in log.areas.items():
        mean, sd = population_of(known.populations.get(slug))
        found = item_statistics(
            area.to_answers(known, earlier), made_at=now, parameters=known.revision, mean=mean, sd=sd
        )
        yield [one for one in found if one.version in sources]


def keep_statistics(statistics: Sequence[ItemStatistics], *, now: datetime) -> None:
    """Store what was computed in place of what was there."""
    kept.replace_all(statistics, made_at=now)


def population_of(population: Population | None) -> tuple[float, float]:
    """An area's mean and standard deviation among the people measured, logits; the model's own until it is known."""
    if population is None:
        return 0.0, 1.0
    weights = np.array([population.weights], dtype=np.float64)
    (mean,), (sd,) = grid.moments(grid.COARSE, weights / weights.sum())
    return float(mean), float(sd)
