"""What processes that work in rounds share: a lease that one of them holds, and how they tell of trouble."""

from collections.abc import Callable
from datetime import datetime, timedelta
from logging import Logger
from uuid import uuid4

from tracker.storage import documents, leases


class HeldLease:
    """A lease on some work, held by asking for it again every so often. `now` tells the time."""

    def __init__(self, work: str, *, length: timedelta, renewed_every: timedelta, now: Callable[[], datetime]) -> None:
        self._work = work
        self._length = length
        self._renewed_every = renewed_every
        self._now = now
        self._holder = uuid4().hex
        self._taken_at: datetime | None = None

    def is_ours(self) -> bool:
        """Hold it, taking it again when that is due. Says whether it is ours."""
        now = self._now()
        if has_passed(self._renewed_every, since=self._taken_at, now=now):
            is_taken = leases.take(self._work, holder=self._holder, now=now, length=self._length)
            self._taken_at = now if is_taken else None
        return self._taken_at is not None

    def give_up(self) -> None:
        """Let somebody else take it at once."""
        self._taken_at = None
        leases.give_up(self._work, holder=self._holder)


class Trouble:
    """What ends rounds, told in a log: every failure, but only once that the document store is away."""

    def __init__(self, log: Logger, *, who: str) -> None:
        self._log = log
        self._who = who
        self._is_away = False

    def tell(self, error: Exception) -> None:
        """Log what ended a round."""
        if not documents.is_away(error):
            self._log.error("A round of %s failed; the next one tries again", self._who, exc_info=error)
        elif not self._is_away:
            self._log.warning("The rounds of %s wait for the document store: %s", self._who, error)
        self._is_away = documents.is_away(error)

    def is_over(self) -> None:
        """Note that a round went well."""
        self._is_away = False


def has_passed(length: timedelta, *, since: datetime | None, now: datetime) -> bool:
    """Whether that long has passed, if it ever began; a clock that was set back counts, too."""
    return since is None or abs(now - since) >= length
