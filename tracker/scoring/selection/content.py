"""Content balance: which topic is furthest behind its share.

Every prefix of a test keeps to the quotas as well as whole items allow. A quota that is a whole number is met exactly
at full length, any other is never exceeded by a whole item, as long as the topics have items left.
Source: Kingsbury & Zara (1989), Applied Measurement in Education 2, 359-375.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from tracker.scoring.irt import FloatArray
from tracker.scoring.selection.bank import IntArray

EQUAL = 1e-9  # deficits closer than this differ only by rounding


@dataclass(frozen=True, slots=True, eq=False)
class Quotas:
    """What a test covers: how many items of each topic it has at full length, shape (t,), not always whole numbers.

    Raises: ValueError if shapes differ, a quota is below 0, or they do not add up to a whole test.
    """

    of_topic: FloatArray
    area_of_topic: IntArray
    of_area: FloatArray = field(init=False)
    length: int = field(init=False)
    _areas: IntArray = field(init=False)
    _topics: dict[int, IntArray] = field(init=False)

    def __post_init__(self) -> None:
        if self.of_topic.ndim != 1 or self.of_topic.shape != self.area_of_topic.shape:
            raise ValueError("the quotas and the areas of their topics must be of one shape, (t,)")
        if not (self.of_topic >= 0).all():
            raise ValueError("a quota is below 0")
        total = float(self.of_topic.sum())
        if round(total) < 1 or abs(total - round(total)) > 1e-6:
            raise ValueError("the quotas do not add up to a whole number of items, at least one")
        of_area = np.bincount(self.area_of_topic, weights=self.of_topic)
        areas = np.flatnonzero(of_area)
        covered = self.of_topic > 0
        topics = {int(area): np.flatnonzero(covered & (self.area_of_topic == area)) for area in areas}
        derived = {"of_area": of_area, "length": round(total), "_areas": areas, "_topics": topics}
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def most_behind(self, counts: IntArray, rng: np.random.Generator) -> Iterator[int]:
        """The topics with a quota, the one to serve next first; equals in an order that is drawn.

        Areas come by their deficit, `share (k + 1) - given` with k items given in all; within an area, its topics
        likewise. Args: counts, shape (t,): the items given so far.
        """
        area_counts = np.bincount(self.area_of_topic, weights=counts)
        for area in _by_deficit(self._areas, self.of_area, area_counts, rng):
            yield from _by_deficit(self._topics[area], self.of_topic, counts, rng)


def even_quotas(area_of_topic: IntArray, *, topics: ArrayLike, length: int) -> Quotas:
    """Quotas of a test of these topics: their areas share its length evenly, then the topics of each area do."""
    chosen = np.unique(topics)
    areas, area_at, topics_in_area = np.unique(area_of_topic[chosen], return_inverse=True, return_counts=True)
    of_topic = np.zeros(area_of_topic.size)
    of_topic[chosen] = length / areas.size / topics_in_area[area_at]
    return Quotas(of_topic=of_topic, area_of_topic=area_of_topic)


def _by_deficit(
    codes: IntArray, quotas: FloatArray, counts: FloatArray | IntArray, rng: np.random.Generator
) -> list[int]:
    """These of the areas or topics, largest deficit among them first."""
    if codes.size > 1:
        quotas, counts = quotas[codes], counts[codes]
        deficits = quotas * ((counts.sum() + 1) / quotas.sum()) - counts
        codes = codes[(EQUAL * rng.random(codes.size) - deficits).argsort()]
    codes_in_order: list[int] = codes.tolist()
    return codes_in_order
