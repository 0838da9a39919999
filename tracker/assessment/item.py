"""An item: one question of the bank, as served, marked and explained."""

from dataclasses import dataclass

from tracker.assessment.item_types import Body, NumberAnswer, TextAnswer


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
class Item:
    """One item. `id` is its path in the bank, `version` its content's hash; stem and explanation are safe HTML.

    `difficulty` is the author's level, 1 (about 90 % of juniors) to 5 (the person others ask).
    """

    id: str
    version: str
    difficulty: int
    stem: str
    explanation: str
    source: Source
    body: Body
    proof_kind: str

    @property
    def topic_id(self) -> str:
        return self.id.rpartition("/")[0]

    @property
    def area_slug(self) -> str:
        return self.id.partition("/")[0]

    @property
    def misconceptions(self) -> frozenset[str]:
        """The slugs of all misconceptions that answers to this item can show."""
        wrong = self.body.misses if isinstance(self.body, NumberAnswer | TextAnswer) else self.body.options
        return frozenset(choice.misconception for choice in wrong if choice.misconception)

    def find_misconception(self, answer: tuple[str, ...]) -> str | None:
        """The slug of the misconception that this answer shows, if its author named one."""
        if isinstance(self.body, NumberAnswer | TextAnswer):
            miss = self.body.find_miss(answer)
            return miss.misconception if miss else None
        chosen = (option for option in self.body.options if option.id in answer)
        return next((option.misconception for option in chosen if option.misconception), None)
