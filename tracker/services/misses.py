"""Misses: after some of them, each further try to get into an account has to wait, longer and longer, never for good.

An account is whatever text names it, known or not: none can be told apart by how its misses are counted.
"""

from datetime import datetime, timedelta

from tracker.errors import TooManyMisses
from tracker.storage import misses

FREE = 5
PAUSES = (*[timedelta(0)] * FREE, *(timedelta(seconds=seconds) for seconds in (2, 4, 8, 16, 32, 60)))
"""How long to wait after no miss, after one, and so on."""

FORGOTTEN_AFTER = timedelta(days=1)


def count_try(account: str, *, now: datetime) -> None:
    """Count a try before it is known whether it is right, so that many at once are many. Raises: TooManyMisses."""
    wait = misses.count_try(account, pauses=PAUSES, forgotten_before=now - FORGOTTEN_AFTER, now=now)
    if wait:
        raise TooManyMisses(wait)


def is_slowed(account: str) -> bool:
    """Whether the next try has to wait."""
    return misses.count_misses(account) >= FREE


def forget(account: str) -> None:
    """Forget all misses of an account whose owner has shown who they are."""
    misses.forget(account)
