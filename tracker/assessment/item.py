"""An item: one question of the bank, as served, marked and explained."""

from dataclasses import dataclass
from datetime import date

from tracker.assessment.item_types import Answer, Body
from tracker.assessment.proof import Proof


@dataclass(frozen=True, slots=True)
class Source:
    """The official page that settles the key."""

    title: str
    url: str
    version: str


@dataclass(frozen=True, slots=True)
class Misconception:
    """A named mistake that distractors point at."""

    slug: str
    name: str
    description: str
    topic_id: str


@dataclass(frozen=True, slots=True)
class Retirement:
    """Since when an item is in no new form, why, and the id of the item that took its place, if one did."""

    on: date
    reason: str
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `id` is its path in the bank, `version` its content's hash; stem and explanation are safe HTML.

    `stem_code` is the stem's first block of code as written. `difficulty` is the author's level, 1 (about 90 % of
    juniors) to 5 (the person others ask).
    """

    id: str
    version: str
    difficulty: int
    stem: str
    stem_code: str
    explanation: str
    source: Source
    body: Body
    proof: Proof
    retired: Retirement | None

    @property
    def topic_id(self) -> str:
        return self.id.rpartition("/")[0]

    @property
    def area_slug(self) -> str:
        return self.id.partition("/")[0]

    @property
    def sample(self) -> "Item":
        """The item that stands for it where one will do: itself, as a family's first variant does for the family."""
        return self

    @property
    def guessing(self) -> float:
        """The chance of guessing it."""
        return self.body.guessing

    @property
    def misconceptions(self) -> frozenset[str]:
        """The slugs of all misconceptions that foreseen wrong answers to this item show."""
        return frozenset(slug for answer in self.body.slips for slug in self.find_misconceptions(answer))

    def find_misconceptions(self, answer: Answer) -> tuple[str, ...]:
        """The slugs of the misconceptions that this answer shows, as far as its author named them."""
        named = (mistake.misconception for mistake in self.body.mistakes(answer))
        return tuple(dict.fromkeys(slug for slug in named if slug))
