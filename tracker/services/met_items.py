"""What a learner has met of the bank: in the forms of attempts, and lately in practice, which shows keys."""

from datetime import datetime, timedelta

from tracker.assessment.assembly import Seen
from tracker.storage import attempts, practice

PRACTISED = timedelta(days=30)
"""How long an item that was practised counts as met."""


def list_met(learner_id: int, *, now: datetime, apart_from: str | None = None) -> Seen:
    """The surfaces met of each item, by its id; what one attempt served can be left out."""
    met = attempts.list_seen_items(learner_id, apart_from=apart_from)
    for item_id, surfaces in practice.list_seen(learner_id, since=now - PRACTISED).items():
        met.setdefault(item_id, set()).update(surfaces)
    return met
