"""Where a learner's practice stands: what is due of what the bank still has, and what waits for an open quiz."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.assessment.practice import Card, end_of_day
from tracker.assessment.practice_queue import Entry, QuizHistory, Returning, list_returning
from tracker.storage import attempts, practice
from tracker.storage.question_bank import get_bank


@dataclass(frozen=True, slots=True)
class Queue:
    """What is due today, the earliest first. held: what would be, if no open quiz asked it.

    cards: by item id, those of what is due, and those asked for with `with_cards_of`.
    """

    due: tuple[Returning, ...]
    held: tuple[Returning, ...]
    cards: Mapping[str, Card]
    history: QuizHistory

    def of(self, topic_ids: Collection[str]) -> "Queue":
        """The same, of these topics only."""
        return replace(self, due=_of(self.due, topic_ids), held=_of(self.held, topic_ids))

    def with_cards_of(self, topic_ids: Collection[str], *, learner_id: int) -> "Queue":
        """The same, with the learner's cards of everything in these topics and no others."""
        return replace(self, cards=practice.list_cards(learner_id, [entry.id for entry in list_live(topic_ids)]))

    @property
    def next_due(self) -> datetime | None:
        """When the first of the cards comes back; not those of items that are gone, or that an open quiz asks."""
        live = {item_id: entry for item_id in self.cards if (entry := find_live(item_id))}
        returning = list_returning(live, self.cards, replace(self.history, missed={}))
        return min((one.due for one in returning if not self.history.holds(one.entry)), default=None)


def get_queue(learner_id: int, *, now: datetime, zone: str) -> Queue:
    """Where a learner's practice stands; their day ends at midnight in their zone."""
    until = end_of_day(now, zone)
    history = attempts.get_quiz_history(learner_id, now=now)
    cards = practice.list_due(learner_id, before=until)
    cards |= practice.list_cards(learner_id, history.missed.keys() - cards.keys())
    live = {item_id: entry for item_id in cards.keys() | history.missed.keys() if (entry := find_live(item_id))}
    due = [one for one in list_returning(live, cards, history) if one.due < until]
    return Queue(
        due=tuple(one for one in due if not history.holds(one.entry)),
        held=tuple(one for one in due if history.holds(one.entry)),
        cards=cards,
        history=history,
    )


def find_live(item_id: str) -> Entry | None:
    """What practice can serve under this id: not what was retired or is no longer in the bank."""
    bank = get_bank()
    family, item = bank.families.get(item_id), bank.items.get(item_id)
    if family:
        return None if family.is_retired else family
    return None if item is None or item.retired else item


def list_live(topic_ids: Collection[str]) -> Iterator[Entry]:
    """Everything in these topics that practice can serve."""
    return (entry for topic_id in topic_ids for entry in get_bank().live_by_topic[topic_id])


def _of(returning: tuple[Returning, ...], topic_ids: Collection[str]) -> tuple[Returning, ...]:
    return tuple(one for one in returning if one.entry.topic_id in topic_ids)
