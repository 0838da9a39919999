"""What is told of a cohort as a group: only what tells of nobody, and then it is kept as it was told.

A figure stays until it may be told anew; once somebody whose data is in it has left, or others show so much that fewer
than five are hidden in it, it is withheld until then.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import uuid4

from tracker.assessment.group_figures import AnsweredItem, GroupFigures, HeldMisconception, Part, Told, TrendPoint
from tracker.scoring.disclosure import Disclosures, connected
from tracker.scoring.trend import month_ends
from tracker.services.group_answers import Candidate, read_answers
from tracker.services.group_readers import find_readers
from tracker.services.group_trend import GroupTrend, month_key, read_trend
from tracker.storage import group_figures, leases
from tracker.storage.question_bank import get_bank

WORK = "group figures"
LONGEST = timedelta(minutes=10)
"""What one cohort's figures may take: meanwhile nobody else decides what may be told."""

MOST_COUNTED = 500
"""Of more members nothing is told: what was told of so many takes some 300 MB to audit, and as much again each time."""

WORTH_TELLING = 0.1
"""While no larger share of the data is new or gone, a figure stays: all that was told is kept for good."""


def renew_wanted(now: datetime) -> int:
    """Make the figures anew of the cohort that waits longest for them. Returns: how many were made, 0 or 1."""
    wanted = group_figures.list_wanted(most=1)
    holder = uuid4().hex
    if not wanted or not leases.take(WORK, holder=holder, now=now, length=LONGEST):
        return 0
    try:
        group_figures.defer(wanted[0], now=now)
        renew(wanted[0], now=now)
    finally:
        leases.give_up(WORK, holder=holder)
    return 1


def renew(cohort_id: int, *, now: datetime) -> None:
    """Tell what may be told of a cohort now; only one process at a time may do this.

    Everything ever told of these people counts, and of whom that was told with: leads may be the same, or talk.
    """
    readers = find_readers(cohort_id)
    if len(readers.seen_by) > MOST_COUNTED:
        group_figures.put(cohort_id, GroupFigures(now, frozenset(), (), {}, {}, 0), {})
        return
    answered = read_answers(readers, now=now)
    trend = read_trend(readers, now=now)
    book = _Book(cohort_id, readers.seen_by.keys(), known=answered.known | trend.known)
    for candidate in (*answered.misconceptions(), *answered.items()):
        book.consider(candidate)
    _tell_trends(book, trend, now)
    group_figures.add_tellings(cohort_id, book.new)
    group_figures.put(cohort_id, *_shown(book, now))


class _Book:
    """What a cohort was told and is told now."""

    def __init__(self, cohort_id: int, members: Collection[int], *, known: Collection[Part]) -> None:
        told_of = group_figures.list_told_of()
        connected_ids = connected(told_of, {*members, *told_of.get(cohort_id, ())})
        self._members = frozenset(members)
        self._disclosures = Disclosures(group_figures.list_tellings(connected_ids), known=known)
        self.told = {one.key: one for one in group_figures.list_told(cohort_id)}
        self.new: list[Told] = []

    def find_shown(self, key: str) -> Told | None:
        """What is told there, unless somebody in it has left, or so much of it is seen anyway that the rest is bare."""
        told = self.told.get(key)
        return told if told and told.learners <= self._members and self._disclosures.hides(told.telling) else None

    def consider(self, candidate: Candidate) -> bool:
        """Tell it if that is allowed, and worth it beside what is told there now. Says whether it was told."""
        shown, data = self.find_shown(candidate.key), candidate.tellings[0].parts | candidate.exposed
        if shown and len(shown.data ^ data) <= WORTH_TELLING * len(data):
            return False
        telling = self._disclosures.first_allowed(candidate.tellings)
        if telling is None:
            return False
        self._disclosures.add(telling)
        one = Told(candidate.key, telling, candidate.exposed, candidate.make(telling))
        self.told[one.key] = one
        self.new.append(one)
        return True


def _tell_trends(book: _Book, trend: GroupTrend, now: datetime) -> None:
    """What was told of a month stays, as long as nobody in it has left."""
    for area in get_bank().roadmap.areas:
        before: Told | None = None
        for month in month_ends(now):
            key = month_key(area.slug, month)
            candidates = () if book.find_shown(key) else trend.candidates(area.slug, month, before=before)
            for candidate in candidates:
                if book.consider(candidate):
                    break
            before = book.find_shown(key) or before


def _shown(book: _Book, now: datetime) -> tuple[GroupFigures, Mapping[str, Sequence[AnsweredItem]]]:
    shown = [one for key in book.told if (one := book.find_shown(key))]
    figures = [one.figure for one in shown]
    trend = sorted((one for one in figures if isinstance(one, TrendPoint)), key=lambda one: (one.area_slug, one.month))
    items: dict[str, list[AnsweredItem]] = {area.slug: [] for area in get_bank().roadmap.areas}
    for figure in figures:
        if isinstance(figure, AnsweredItem):
            items[figure.item_id.partition("/")[0]].append(figure)
    whole = GroupFigures(
        made_at=now,
        learners=frozenset[int]().union(*(one.learners for one in shown)),
        misconceptions=tuple(one for one in figures if isinstance(one, HeldMisconception)),
        trends={slug: list(points) for slug, points in groupby(trend, key=lambda one: one.area_slug)},
        answered={slug: len(there) for slug, there in items.items() if there},
        withheld=len(book.told) - len(shown),
    )
    return whole, items
