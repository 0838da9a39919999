"""Outages: time that learners lost because the service, or its store, could not be reached is given back.

The sweep says every few seconds that the service is up (a heartbeat). A longer silence was an outage, and
every attempt that was open all through it gets a credit of its length: from the sweep when it is back, or before that
from a request that would close it. Only the sweep beats, and only after that, so nothing is forgotten when it dies in
between.
"""

import logging
from collections.abc import Iterator
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


def give_all_back(now: datetime) -> Iterator[bool]:
    """Credit every attempt that was open through an outage that lasted until now, once.

    One attempt a step, which says whether it was credited.
    """
    began = _find_outage(now)
    if began:
        for attempt_id in attempts.list_ids_open_at(began):
            yield _give_back(attempt_id, began, now)


def give_back(attempt: Attempt, now: datetime) -> bool:
    """Credit one attempt if it was open through an outage that lasted until now, once. Says whether it was credited."""
    began = _find_outage(now)
    return began is not None and attempt.started_at < began < attempt.deadline and _credited(attempt, began, now)


def _find_outage(now: datetime) -> datetime | None:
    """When the outage that lasts until now began.

    Without a heartbeat, and when the clock was set back, there is none.
    """
    last = heartbeats.find_last()
    return last if last and now - last > NOTICED else None


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
