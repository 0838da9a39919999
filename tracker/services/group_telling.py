"""What is told of a cohort as a group: only what tells of nobody, and then it is kept as it was told.

A figure stays until it may be told anew; once somebody whose data is in it has left, it is withheld until then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import uuid4

from tracker.assessment.group_figures import AnsweredItem, GroupFigures, HeldMisconception, Told, TrendPoint
from tracker.assessment.sees import Sees
from tracker.scoring.disclosure import Disclosures
from tracker.scoring.trend import month_ends
from tracker.services.group_answers import Candidate, read_answers
from tracker.services.group_trend import GroupTrend, month_key, read_trend
from tracker.storage import contributors, group_figures, leases
from tracker.storage.question_bank import get_bank

WORK = "group figures"
LONGEST = timedelta(minutes=10)
"""What one cohort's figures may take: meanwhile nobody else decides what may be told."""

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

    Everything told to cohorts with people in common counts: their leads may be the same, or talk.
    """
    seen = contributors.list_seen(cohort_id)
    members = sorted(seen)
    book = _Book(cohort_id, members)
    exposed = [one for one in members if seen[one].includes(Sees.ANSWERS)]
    answered = read_answers(members, exposed=exposed, now=now)
    for candidate in (*answered.misconceptions(), *answered.items()):
        book.consider(candidate)
    measured = [one for one in members if seen[one].includes(Sees.SCORES)]
    _tell_trends(book, read_trend(members, exposed=measured, now=now), now)
    group_figures.add_tellings(cohort_id, book.new)
    group_figures.put(cohort_id, *_shown(book, now))


class _Book:
    """What a cohort was told and is told now."""

    def __init__(self, cohort_id: int, members: Sequence[int]) -> None:
        self._members = frozenset(members)
        self._disclosures = Disclosures(group_figures.list_tellings(contributors.list_connected_ids(cohort_id)))
        self.told = {one.key: one for one in group_figures.list_told(cohort_id)}
        self.new: list[Told] = []

    def find_shown(self, key: str) -> Told | None:
        """What is told there, unless somebody whose data is in it has left."""
        told = self.told.get(key)
        return told if told and told.learners <= self._members else None

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
