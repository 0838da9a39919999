"""Simulated responses, and the marginal likelihood done the long way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from tracker.scoring.irt import FloatArray

DENSE = np.linspace(-8, 8, 401)


@dataclass(frozen=True)
class World:
    """True items, and responses in long format."""

    a: FloatArray
    b: FloatArray
    c: FloatArray
    person: np.ndarray
    item: np.ndarray
    marks: np.ndarray

    @property
    def responses(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.person, self.item, self.marks


def a_world(
    people: int, items: int, *, each: int, c: ArrayLike = 0.0, mean: float = 0.0, sd: float = 1.0, seed: int = 1
) -> World:
    """People who each answer some of the items, drawn by lot."""
    rng = np.random.default_rng(seed)
    a, b = rng.lognormal(0, 0.3, items), rng.normal(0, 1, items)
    c = np.broadcast_to(np.asarray(c, dtype=float), (items,))
    theta = rng.normal(mean, sd, people)
    person = np.repeat(np.arange(people), each)
    item = np.concatenate([rng.permutation(items)[:each] for _ in range(people)])
    chance = c[item] + (1 - c[item]) / (1 + np.exp(-a[item] * (theta[person] - b[item])))
    return World(a, b, c, person, item, (rng.random(person.size) < chance).astype(float))


def log_likelihood(world: World, a: FloatArray, b: FloatArray, *, mean: float = 0.0, sd: float = 1.0) -> float:
    """Person by person, by the rectangle rule on many points."""
    p = world.c[:, None] + (1 - world.c[:, None]) / (1 + np.exp(-a[:, None] * (DENSE - b[:, None])))
    density = norm.pdf(DENSE, mean, sd) * (DENSE[1] - DENSE[0])
    total = 0.0
    for person in np.unique(world.person):
        mine = world.person == person
        right = (world.marks[mine] == 1)[:, None]
        total += np.log((np.where(right, p[world.item[mine]], 1 - p[world.item[mine]]).prod(axis=0) * density).sum())
    return float(total)


def hessian(function: Callable[[FloatArray], float], at: FloatArray, step: float = 1e-3) -> FloatArray:
    """Second derivatives by central differences."""
    steps = step * np.eye(at.size)
    return np.array(
        [
            [
                function(at + one + other)
                - function(at + one - other)
                - function(at - one + other)
                + function(at - one - other)
                for other in steps
            ]
            for one in steps
        ]
    ) / (4 * step**2)
