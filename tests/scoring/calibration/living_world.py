"""People of the product's own model, and what they answer: five areas with topics, growing, authors who misjudge."""

from dataclasses import dataclass

import numpy as np

from tracker.assessment.response_log import LoggedItem, ResponseLog
from tracker.scoring.author_prior import LABEL_SD, LABELS
from tracker.scoring.irt import FloatArray, probability
from tracker.scoring.structure import TOPIC_SD, correlated

AREAS = TOPICS_IN_AREA = 5
TOPICS = AREAS * TOPICS_IN_AREA
MONTH_SECONDS = 30 * 86400.0


@dataclass(frozen=True, eq=False)
class Bank:
    """Items with what is true of them, in the order of their topics."""

    items: tuple[LoggedItem, ...]
    topic: np.ndarray
    a: FloatArray
    b: FloatArray
    c: FloatArray


@dataclass(frozen=True, eq=False)
class LivingWorld:
    """A bank and what people answered; topics, shape (people, months, topics): what each could do when."""

    bank: Bank
    log: ResponseLog
    topics: FloatArray


def a_bank(items_in_topic: int = 18, *, seed: int = 1) -> Bank:
    """Items whose authors judged them with the usual error."""
    rng = np.random.default_rng([20261122, seed])
    topic = np.repeat(np.arange(TOPICS), items_in_topic)
    a, b = rng.lognormal(0, 0.3, topic.size), rng.normal(0, 1, topic.size)
    c = rng.choice([0, 1 / 15, 0.25], topic.size)
    levels, labels = np.array(list(LABELS)), np.array(list(LABELS.values()))
    judged = levels[np.abs(labels[:, None] - rng.normal(b, LABEL_SD)).argmin(axis=0)]
    items = tuple(
        LoggedItem(f"{at:08x}", f"area-{of // TOPICS_IN_AREA}/topic-{of}", int(level), float(guessing))
        for at, (of, level, guessing) in enumerate(zip(topic, judged, c, strict=True))
    )
    return Bank(items, topic, a, b, c)


def a_living_world(
    bank: Bank,
    *,
    people: int,
    months: int = 4,
    each: int = 12,
    area_walk: float = 0.25,
    topic_walk: float = 0.1,
    trend: float = 0.0,
    mean: float = 0.0,
    first_learner: int = 1,
    start_month: int = 0,
    seed: int = 1,
) -> LivingWorld:
    """A quiz a month and person in an area drawn by lot, its items spread over the area's topics."""
    rng = np.random.default_rng([20261123, seed])
    steps = area_walk * rng.multivariate_normal(np.zeros(AREAS), correlated(AREAS), (people, months)) + trend
    steps[:, 0] = mean + rng.multivariate_normal(np.zeros(AREAS), correlated(AREAS), people)
    deviations = topic_walk * rng.normal(size=(people, months, TOPICS))
    deviations[:, 0] = rng.normal(0, TOPIC_SD, (people, TOPICS))
    # as it drifts, a deviation never gets further from its area than it was at first
    kept = np.sqrt(1 - (topic_walk / TOPIC_SD) ** 2)
    for month in range(1, months):
        deviations[:, month] += kept * deviations[:, month - 1]
    topics = np.repeat(steps.cumsum(axis=1), TOPICS_IN_AREA, axis=2) + deviations

    attempts = people * months
    attempt = np.repeat(np.arange(attempts), each)
    turn = np.tile(np.arange(each), attempts)
    in_topic = bank.topic.size // TOPICS
    area, first = rng.integers(0, AREAS, attempts), rng.integers(0, TOPICS_IN_AREA, attempts)
    topic = area[attempt] * TOPICS_IN_AREA + (first[attempt] + turn) % TOPICS_IN_AREA
    begin = rng.integers(0, in_topic, (attempts, TOPICS_IN_AREA))
    item = topic * in_topic + (begin[attempt, topic % TOPICS_IN_AREA] + turn // TOPICS_IN_AREA) % in_topic
    theta = topics.reshape(attempts, TOPICS)[attempt, topic]
    right = rng.random(item.size) < probability(theta, bank.a[item], bank.b[item], bank.c[item])
    when = (start_month + np.tile(np.arange(months), people) + rng.uniform(0, 0.2, attempts)) * MONTH_SECONDS
    log = ResponseLog(
        items=bank.items,
        learner_id=np.repeat(np.arange(first_learner, first_learner + people), months),
        ended_at=when,
        attempt=attempt.astype(np.int32),
        item=item.astype(np.int32),
        right=right,
        seconds=rng.uniform(15, 60, item.size).astype(np.float32),
    )
    return LivingWorld(bank, log, topics)
