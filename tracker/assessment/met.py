"""What a learner has met, and how lately: new forms take what was met least lately."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

KEPT_APART = 2
"""What was in so many of the newest attempts comes after all else that was met."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something that showed a learner items: an attempt's form, or the practice of an item.

    surfaces: those shown, by item id; an item without family has one, the empty text.
    """

    at: datetime
    surfaces: Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Met:
    """How a learner has met an item: its surfaces shown, and its rank, higher the more lately it was; from 1."""

    surfaces: frozenset[str]
    rank: int


Seen = Mapping[str, Met]
"""By item id; what was never met is absent."""


def rank_met(attempts: Sequence[Meeting], practised: Iterable[Meeting] = ()) -> Seen:
    """All that was met. The newest attempts rank highest, whatever was practised since; the rest ranks by time."""
    newest = sorted(attempts, key=lambda meeting: meeting.at)[-KEPT_APART:]
    surfaces: dict[str, set[str]] = {}
    last: dict[str, tuple[bool, datetime]] = {}
    for meeting in (*attempts, *practised):
        when = (meeting in newest, meeting.at)
        for item_id, shown in meeting.surfaces.items():
            surfaces.setdefault(item_id, set()).update(shown)
            last[item_id] = max(last.get(item_id, when), when)
    ranks = {when: rank for rank, when in enumerate(sorted(set(last.values())), 1)}
    return {item_id: Met(frozenset(shown), ranks[last[item_id]]) for item_id, shown in surfaces.items()}
