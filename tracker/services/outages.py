"""Outages: time that learners lost because the service, or its store, could not be reached is given back.

The sweep says every few seconds that the service is up (a heartbeat). A longer silence was an outage. Whoever finds it
first gives every attempt that was open all through it a credit of its length: the sweep when it is back, or a request
that would close an attempt. Only the sweep beats, and only after that, so nothing is forgotten when it dies in between.
"""

import logging
from datetime import datetime, timedelta

from tracker.assessment.attempt import Attempt
from tracker.assessment.time_ledger import Credit
from tracker.assessment.time_words import length_words
from tracker.storage import attempts, documents, heartbeats

NOTICED = timedelta(seconds=10)
"""A silence up to this long is none: the sweep's own place is taken within it."""

MOST = timedelta(minutes=10)
"""What an attempt gets for all outages together."""

OUTAGE = "outage"

log = logging.getLogger(__name__)


def beat(now: datetime) -> None:
    """Give back what an outage took, then note that the service is up."""
    give_time_back(now)
    heartbeats.beat(now)


def give_time_back(now: datetime) -> bool:
    """Credit every attempt that was open through an outage that lasted until now, once. Says whether any was credited.

    Without a heartbeat, and when the clock was set back, there is none.
    """
    began = heartbeats.find_last()
    if began is None or now - began <= NOTICED:
        return False
    given = [_give_back(attempt_id, began, now) for attempt_id in attempts.list_ids_open_at(began)]
    return any(given)


def _give_back(attempt_id: str, began: datetime, now: datetime) -> bool:
    """One attempt's part; one that cannot have it is logged, and does not keep the others from theirs."""
    try:
        return _credited(attempts.get_of_anybody(attempt_id), began, now)
    except Exception as error:
        if documents.is_away(error):
            raise
        log.exception("Attempt %s could not be given time for an outage", attempt_id)
        return False


def _credited(attempt: Attempt, began: datetime, now: datetime) -> bool:
    """Give what is missing of the outage's length: somebody who gave some of it may have died with the service."""
    outage_id = f"{OUTAGE} {began.isoformat()}"
    missing = now - began - _sum(attempt, outage_id)
    length = min(missing, MOST - _sum(attempt, OUTAGE))
    if attempt.is_finished or missing <= NOTICED or length <= timedelta():
        return False
    credit = Credit(
        id=f"{outage_id} {len(attempt.time.credits)}",
        at=now,
        length=length,
        giver_id=None,
        reason=f"We could not be reached for {length_words(missing)}.",
    )
    if attempts.add_credit(attempt, credit):
        return True
    return _credited(attempts.get_of_anybody(attempt.id), began, now)


def _sum(attempt: Attempt, start: str) -> timedelta:
    """What was given so far in credits whose ids start so."""
    return sum((credit.length for credit in attempt.time.credits if credit.id.startswith(start)), timedelta())
