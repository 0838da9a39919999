"""Looks: whoever leads a cohort and opens a member's results is noted, and the member reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import NotFound
from tracker.storage import cohorts, looks
from tracker.storage.cohort_tables import Cohort, Look, Membership, Role

PAGE, ANSWERS = "page", "answers"
"""What of one person is looked at."""

SAME_LOOK = timedelta(minutes=10)
"""Looking at the same again within this time is the same look."""

PER_PAGE = 50
LAST_PAGE = 10_000
NEWEST = 5


@dataclass(frozen=True, slots=True)
class LookPage:
    """Looks at a member's results, newest first, of one page of the log."""

    looks: Sequence[Look]
    number: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class LookLog:
    """A page of the log, and the cohort it is of."""

    cohort: Cohort
    page: LookPage


def note_look(membership: Membership, *, looker_id: int, what: str, now: datetime) -> None:
    """Note that a lead looks at a member's results."""
    looks.add_for_each(
        membership.cohort_id,
        user_ids=[membership.user_id],
        looker_id=looker_id,
        what=what,
        after=now - SAME_LOOK,
        now=now,
    )


def list_newest(membership: Membership) -> LookPage:
    """The newest looks at a member's results."""
    return _page(membership, number=1, count=NEWEST)


def open_log(public_id: str, *, user_id: int, page: int) -> LookLog:
    """Who looked at one's own results as a member of a cohort. Raises: NotFound, also for its leads."""
    membership = cohorts.get_membership(public_id, user_id=user_id)
    if membership.role is not Role.MEMBER:
        raise NotFound
    return LookLog(membership.cohort, _page(membership, number=min(max(1, page), LAST_PAGE), count=PER_PAGE))


def _page(membership: Membership, *, number: int, count: int) -> LookPage:
    found = looks.list_at(
        membership.user_id,
        cohort_id=membership.cohort_id,
        start=(number - 1) * count,
        count=count + 1,
    )
    return LookPage(found[:count], number, has_more=len(found) > count)
