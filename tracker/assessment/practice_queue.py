"""What a learner's practice serves next: what is due, then what is new to it. Never what an open quiz may ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from tracker.assessment.family import Family
from tracker.assessment.item import Item
from tracker.assessment.practice import DAY, Card

Entry = Item | Family


@dataclass(frozen=True, slots=True)
class QuizHistory:
    """What a learner's quizzes mean for practice, and for what may be explained.

    open_item_ids and open_topic_ids: what an open attempt has asked or may ask. missed: when an attempt ended whose
    answer to an item was not right, by its id; only where it is the newest answer to that item, and never what is held.
    unreleased_item_ids: what an attempt has asked that does not show its keys yet.
    """

    open_item_ids: frozenset[str]
    open_topic_ids: frozenset[str]
    missed: Mapping[str, datetime]
    unreleased_item_ids: frozenset[str] = frozenset()

    def holds(self, entry: Entry) -> bool:
        """Whether practice would give away what an open attempt asks, or what is not released yet."""
        return self.holds_item(entry.id)

    def holds_item(self, item_id: str) -> bool:
        """Whether the key of this item must not be shown: an open attempt may ask it, or it is not released yet."""
        is_open = item_id in self.open_item_ids or item_id.rpartition("/")[0] in self.open_topic_ids
        return is_open or item_id in self.unreleased_item_ids


@dataclass(frozen=True, slots=True)
class Returning:
    """Something that comes back, and when."""

    entry: Entry
    due: datetime


def list_returning(live: Mapping[str, Entry], cards: Mapping[str, Card], history: QuizHistory) -> list[Returning]:
    """Everything of the bank that comes back to this learner some day, the earliest first."""
    returning = [
        Returning(entry, due)
        for item_id in cards.keys() | history.missed.keys()
        if (entry := live.get(item_id)) and (due := _due(entry, cards.get(item_id), history.missed.get(item_id)))
    ]
    return sorted(returning, key=lambda one: (one.due, one.entry.id))


def _due(entry: Entry, card: Card | None, missed_at: datetime | None) -> datetime | None:
    """What was missed in a quiz comes back the day after, unless it was practised since."""
    dues = []
    if card and card.is_of(entry.version):
        dues.append(card.due)
    if missed_at and not (card and card.last_at >= missed_at):
        dues.append(missed_at + DAY)
    return min(dues, default=None)


def choose_new(
    entries: Iterable[Entry],
    *,
    cards: Mapping[str, Card],
    history: QuizHistory,
    abilities: Mapping[str, float],
    difficulties: Mapping[int, float],
    learner_id: int,
) -> Entry | None:
    """Something without a card: first what a quiz missed, then of the topic in most need what is nearest in difficulty.

    abilities: by topic id, and difficulties: by author's level, both in logits.
    """

    def order(entry: Entry) -> tuple[bool, float, float, float]:
        ability = abilities[entry.topic_id]
        chance = Random(f"{learner_id}/{entry.id}").random()  # noqa: S311 -- only who meets which of two equals first
        return entry.id not in history.missed, ability, abs(difficulties[entry.difficulty] - ability), chance

    new = (
        entry
        for entry in entries
        if not history.holds(entry) and not ((card := cards.get(entry.id)) and card.is_of(entry.version))
    )
    return min(new, key=order, default=None)


def choose_variant(entry: Entry, card: Card | None, *, learner_id: int) -> Item:
    """The item to serve: of a family a surface that practice has not shown or, without one, the one shown longest ago.

    The same until it is answered.
    """
    if isinstance(entry, Item):
        return entry
    met = card.surfaces if card else ()
    fresh = [surface for surface in entry.surfaces if surface not in met]
    if fresh:
        seed = f"{learner_id}/{entry.id}/{len(met)}"
        return entry.variant(Random(seed).choice(fresh))  # noqa: S311 -- nothing secret depends on it
    return entry.variant(next(surface for surface in met if surface in entry.surfaces))
