"""What goes by itself: how long what is kept, and its deletion once a day.

Attempts, practice, reports and notes stay as long as the account: scores rest on them. Cohorts' exports go after a week
(`exports`), counts of tries within an hour by themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.services import exports
from tracker.services.accounts import ABSOLUTE
from tracker.services.misses import FORGOTTEN_AFTER
from tracker.storage import audit, post, retention
from tracker.storage.retention import Stale

DEAD_INVITATIONS = timedelta(days=30)
"""So long leads can be asked why a link does not work."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something is kept, in words for the people whom it is about."""

    what: str
    how_long: str


def list_rules() -> Sequence[Rule]:
    """What is kept for how long."""
    keep = retention.get_keep()
    return (
        Rule("Your account, your attempts and answers, practice, scores, reports and notes", "as long as your account"),
        Rule("Where you are signed in", _told(ABSOLUTE)),
        Rule("Mails to you", f"{_told(timedelta(days=keep.mails_days))} after they were sent"),
        Rule("Who looked at your results", _told(timedelta(days=keep.looks_days))),
        Rule("Exports of your cohorts", _told(exports.LIFE)),
        Rule("From which address you did what", _told(timedelta(days=keep.audit_details_days))),
        Rule("That you did it, by a number, without your name", "for good"),
    )


def clean_up(now: datetime) -> int:
    """Delete what is kept no longer. Returns: how much that was."""
    keep = retention.get_keep()
    removed = sum(count for stale in _list_stale(now) for count in retention.remove(stale))
    removed += post.remove_written_before(now - timedelta(days=keep.mails_days))
    return removed + audit.forget_details_before(now - timedelta(days=keep.audit_details_days))


def _list_stale(now: datetime) -> Iterator[Stale]:
    keep = retention.get_keep()
    yield retention.sessions(now - ABSOLUTE)
    yield retention.tickets(now)
    yield retention.pending_sign_ups(now)
    yield retention.misses(now - FORGOTTEN_AFTER)
    yield retention.mails(now - timedelta(days=keep.mails_days))
    yield retention.invitations(now - DEAD_INVITATIONS)
    yield retention.looks(now - timedelta(days=keep.looks_days))


def _told(length: timedelta) -> str:
    hours = int(length.total_seconds() // 3600)
    return f"{length.days} days" if length.days > 1 else f"{hours} hours"
