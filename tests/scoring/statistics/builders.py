"""Responses in long format: Bock & Lieberman's LSAT6, and simulated people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.scoring.irt import FloatArray, probability

from ..builders import reference

LSAT6 = reference("lsat6_exact.json")  # Bock & Lieberman (1970), Psychometrika 35, 179-197; own exact estimates


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Responses of simulated people: codes and marks, shape (n,); a, b, c, shape (items,); theta, shape (people,)."""

    person: NDArray[np.int64]
    item: NDArray[np.int64]
    marks: FloatArray
    a: FloatArray
    b: FloatArray
    c: FloatArray
    theta: FloatArray

    @property
    def parameters(self) -> dict[str, FloatArray]:
        return {"a": self.a, "b": self.b, "c": self.c}

    @property
    def items(self) -> int:
        return self.a.size

    @property
    def people(self) -> int:
        return self.theta.size


def lsat6() -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Person, item and mark of all 5,000 responses."""
    patterns = np.array([[int(mark) for mark in pattern] for pattern in LSAT6["patterns"]])
    marks = np.repeat(patterns, LSAT6["LSAT6"]["freq"], axis=0)
    return (*long_codes(*marks.shape), marks.ravel().astype(float))


def long_codes(people: int, items: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Person and item of a complete form, person by person."""
    return np.repeat(np.arange(people), items), np.tile(np.arange(items), people)


def a_sample(*, people: int, items: int, seed: int, each: int | None = None) -> Sample:
    """People who answered all items, or `each` of them drawn at random, as the model says; answers in random order."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=people)
    a, b, c = rng.lognormal(0, 0.3, items), rng.normal(size=items), rng.choice([0, 0.25], items)
    person, item = long_codes(people, items)
    if each is not None:
        item = np.argsort(rng.random((people, items)), axis=1)[:, :each].ravel()
        person = np.repeat(np.arange(people), each)
    chance = probability(theta[person], a[item], b[item], c[item])
    return Sample(person, item, (rng.random(item.size) < chance).astype(float), a, b, c, theta)


def an_adaptive_sample(*, people: int, items: int, each: int, seed: int) -> Sample:
    """People who each got the item nearest to their posterior mean among half of those left, as the model says."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=people)
    a, b, c = rng.lognormal(0, 0.3, items), rng.normal(size=items), rng.choice([0, 0.25], items)
    points = np.linspace(-4, 4, 33)
    curves = probability(points, a[:, None], b[:, None], c[:, None])
    log_posterior = np.tile(-(points**2) / 2, (people, 1))
    open_items = np.ones((people, items), dtype=bool)
    item, marks = np.empty((people, each), dtype=np.int64), np.empty((people, each))
    for step in range(each):
        weights = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
        estimate = (weights @ points) / weights.sum(axis=1)
        distance = np.abs(b - estimate[:, None]) + 10 * (rng.random((people, items)) < 0.5)
        chosen = np.where(open_items, distance, np.inf).argmin(axis=1)
        open_items[np.arange(people), chosen] = False
        right = rng.random(people) < probability(theta, a[chosen], b[chosen], c[chosen])
        log_posterior += np.log(np.where(right[:, None], curves[chosen], 1 - curves[chosen]))
        item[:, step], marks[:, step] = chosen, right
    return Sample(np.repeat(np.arange(people), each), item.ravel(), marks.ravel(), a, b, c, theta)
