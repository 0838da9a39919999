"""Simulated people who answer the real bank's items, drawn from the model that scores them.

An item's difficulty is drawn as its author's level says, with the usual error of authors or another one; a person's
areas are correlated, their topics deviate from them. So what is true is known, and every figure is a best case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from tracker.assessment.item import Item
from tracker.assessment.response import MarkedAttempt, Response
from tracker.config import ROOT
from tracker.scoring.author_prior import LABEL_SD, LABELS
from tracker.scoring.irt import FloatArray, probability
from tracker.scoring.structure import TOPIC_SD, correlated
from tracker.storage.question_bank import QuestionBank, load_bank

START = datetime(2026, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody can do, in logits: each area's ability by slug and each topic's by id."""

    areas: dict[str, float]
    topics: dict[str, float]


class World:
    """The bank with true difficulties, and a source of people and answers. All chance comes from one seed."""

    def __init__(self, seed: int, *, label_sd: float = LABEL_SD, bank: QuestionBank | None = None) -> None:
        self.rng = np.random.default_rng(seed)
        self.bank = bank or load_bank(ROOT / "question_bank")
        self.items = {topic_id: [entry.sample for entry in live] for topic_id, live in self.bank.live_by_topic.items()}
        self.difficulty = {
            item.version: self._difficulty(item, label_sd) for items in self.items.values() for item in items
        }
        self.area_slugs = [area.slug for area in self.bank.roadmap.areas]

    def person(self) -> Person:
        """Somebody drawn from the reference population."""
        drawn = self.rng.multivariate_normal(np.zeros(len(self.area_slugs)), correlated(len(self.area_slugs)))
        areas = dict(zip(self.area_slugs, drawn.tolist(), strict=True))
        return Person(areas, {id_: areas[id_.partition("/")[0]] + self._deviation() for id_ in self.items})

    def later(self, person: Person, *, area_walk: float, topic_walk: float) -> Person:
        """The same person a month later: areas walk, deviations walk without ever spreading further."""
        steps = self.rng.multivariate_normal(
            np.zeros(len(self.area_slugs)), area_walk**2 * correlated(len(self.area_slugs))
        )
        areas = {slug: person.areas[slug] + step for slug, step in zip(self.area_slugs, steps.tolist(), strict=True)}
        kept = float(np.sqrt(1 - topic_walk**2 / TOPIC_SD**2))
        topics = {}
        for topic_id, ability in person.topics.items():
            slug = topic_id.partition("/")[0]
            deviation = kept * (ability - person.areas[slug]) + self.rng.normal(0, topic_walk)
            topics[topic_id] = areas[slug] + deviation
        return Person(areas, topics)

    def form(self, count: int, topic_ids: Iterable[str] | None = None) -> list[Item]:
        """So many items, spread over these topics as evenly as it goes, or over areas and then their topics."""
        waiting = self._by_turns() if topic_ids is None else [list(topic_ids)]
        served: list[Item] = []
        unused = {topic_id: list(self.rng.permutation(len(items))) for topic_id, items in self.items.items()}
        at = 0
        while len(served) < count:
            topics = waiting[at % len(waiting)]
            topic_id = topics[(at // len(waiting)) % len(topics)]
            served.append(self.items[topic_id][unused[topic_id].pop()])
            at += 1
        return served

    def answer(self, person: Person, item: Item) -> Response:
        """What this person answers to this item."""
        chance = probability(person.topics[item.topic_id], 1.0, self.difficulty[item.version], item.body.guessing)
        return Response(
            item_id=item.id,
            item_version=item.version,
            topic_id=item.topic_id,
            answer=(),
            mark=float(self.rng.random() < float(chance)),
            seconds=40.0,
            difficulty=item.difficulty,
            guessing=item.body.guessing,
        )

    def attempt(self, person: Person, form: Sequence[Item], *, month: float = 0) -> MarkedAttempt:
        """What this person makes of this form, so many months after the start."""
        responses = tuple(self.answer(person, item) for item in form)
        return MarkedAttempt(f"month-{month:g}", START + month * MONTH, responses)

    def true_theta(self, person: Person) -> FloatArray:
        """The areas' abilities in the roadmap's order, shape (areas,)."""
        return np.array([person.areas[slug] for slug in self.area_slugs])

    def _difficulty(self, item: Item, label_sd: float) -> float:
        shrinkage = 1 / (1 + label_sd**2)
        return float(self.rng.normal(LABELS[item.difficulty] * shrinkage, label_sd * np.sqrt(shrinkage)))

    def _deviation(self) -> float:
        return float(self.rng.normal(0, TOPIC_SD))

    def _by_turns(self) -> list[list[str]]:
        topics = [[topic.id for topic in area.topics] for area in self.bank.roadmap.areas]
        return [self.rng.permutation(ids).tolist() for ids in topics]
