"""What a learner has met of the bank: in the forms of attempts, and lately in practice, which shows keys."""

from datetime import datetime, timedelta

from tracker.assessment.met import Seen, rank_met
from tracker.storage import attempts, practice

PRACTISED = timedelta(days=30)
"""How long an item that was practised counts as met."""


def list_met(learner_id: int, *, now: datetime, apart_from: str | None = None) -> Seen:
    """The surfaces met of each item, and how lately; what one attempt served can be left out."""
    return rank_met(
        attempts.list_met(learner_id, apart_from=apart_from),
        practice.list_met(learner_id, since=now - PRACTISED),
    )
