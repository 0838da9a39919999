"""The audit trail: who did what to whom, when and from where; what is written stays."""

import logging
from contextvars import ContextVar
from datetime import datetime

from tracker.errors import StoreUnavailable
from tracker.storage import audit

log = logging.getLogger(__name__)

COMMAND = "command"
"""The address of what no request does."""

_address = ContextVar("where deeds come from", default=COMMAND)


def come_from(address: str) -> None:
    """Say where the deeds of this request come from."""
    _address.set(address)


def record(action: str, *, actor_id: int | None, subject: str, now: datetime, **details: str | int) -> None:
    """Write down a deed that is done, in a transaction of its own.

    actor_id: None for commands and the service itself. subject: whom or what it was done to, like "user:12". details:
    neither names nor mail addresses; they are forgotten with the people in question.

    The deed is not undone when it cannot be written down: the log says so then.
    """
    try:
        audit.append(
            at=now,
            actor_id=actor_id,
            action=action,
            subject=subject,
            details={**details, "address": _address.get()},
        )
    except StoreUnavailable:
        log.exception("The audit trail lacks an event: %s of %s by %s", action, subject, actor_id)
