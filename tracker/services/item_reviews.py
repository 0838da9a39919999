"""Flagging items and deciding what becomes of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from tracker.assessment.family import Family, split_version
from tracker.assessment.item import Item
from tracker.assessment.item_review import KEPT, UNDER_REVIEW, Decision, ItemReview, State
from tracker.assessment.item_statistics import ItemStatistics
from tracker.errors import Conflict, NotFound
from tracker.services import audit
from tracker.services.accounts import Person, check_author
from tracker.storage import item_reviews, item_statistics
from tracker.storage.question_bank import get_bank

ADMINISTRATOR = "the command line"


def list_unscored(versions: Iterable[str]) -> frozenset[str]:
    """Those of these items' files, by version, whose answers do not count now."""
    return item_reviews.list_unscored({split_version(version)[0] for version in versions})


def flag_item(item_id: str, *, because: str, by: str = ADMINISTRATOR, now: datetime) -> None:
    """Serve an item unscored from now on. Raises: NotFound, Conflict when it is under review already."""
    _decide(item_id, UNDER_REVIEW, because=because, by=by, actor_id=None, now=now)


def keep_item(item_id: str, *, because: str, by: str = ADMINISTRATOR, now: datetime) -> None:
    """Count the answers to an item again from now on. Raises: NotFound, Conflict when it is not under review."""
    _decide(item_id, KEPT, because=because, by=by, actor_id=None, now=now)


def decide(item_id: str, state: State, *, because: str, author: Person, now: datetime) -> None:
    """What an author decides of an item. Raises: NotFound, also to those who write no items; Conflict."""
    check_author(author)
    _decide(item_id, state, because=because, by=author.name, actor_id=author.id, now=now)


def flag_alarmed(statistics: Sequence[ItemStatistics], *, now: datetime) -> list[ItemStatistics]:
    """Put items under review whose key seems wrong or known. Returns: those it put there.

    An alarm that somebody has weighed already, and kept the item, does not raise it again.
    """
    reviews = item_reviews.list_all()
    flagged = [one for one in statistics if _is_new(one, reviews.get(one.version))]
    for one in flagged:
        because = f"{', '.join(one.alarms)} in {one.responses} answers"
        decision = Decision(state=UNDER_REVIEW, by=None, at=now, because=because)
        item_reviews.add_decision(one.version, decision, item_id=one.item_id, rules=one.alarms)
        _record(one.item_id, UNDER_REVIEW, actor_id=None, now=now)
    return flagged


def _is_new(statistics: ItemStatistics, review: ItemReview | None) -> bool:
    if review is None:
        return bool(statistics.alarms)
    return not review.is_open and not set(statistics.alarms) <= set(review.rules)


def _decide(item_id: str, state: State, *, because: str, by: str, actor_id: int | None, now: datetime) -> None:
    version = _entry(item_id).version
    review = item_reviews.find(version)
    if state == KEPT and not (review and review.is_open):
        raise Conflict(f"{item_id} is not under review: its answers count.")
    if state == UNDER_REVIEW and review and review.is_open:
        raise Conflict(f"{item_id} is under review already.")
    decision = Decision(state=state, by=by, at=now, because=because)
    item_reviews.add_decision(version, decision, item_id=item_id, rules=_weighed(item_id, version))
    _record(item_id, state, actor_id=actor_id, now=now)


def _record(item_id: str, state: State, *, actor_id: int | None, now: datetime) -> None:
    action = "item.flagged" if state == UNDER_REVIEW else "item.kept"
    audit.record(action, actor_id=actor_id, subject=f"item:{item_id}", now=now)


def _weighed(item_id: str, version: str) -> Collection[str]:
    """The alarms that stand now, which whoever decides has before them."""
    known = item_statistics.find(item_id)
    return known.alarms if known and known.version == version else ()


def _entry(item_id: str) -> Item | Family:
    bank = get_bank()
    entry = bank.items.get(item_id) or bank.families.get(item_id)
    if entry is None:
        raise NotFound(f"There is no item {item_id}.")
    return entry
