"""Jobs: what is done beside the web server, each line of them one after the other, by one process at a time.

Each is a function of now that does a bounded amount of work and says how much it did. None stops the others.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from tracker.services import exports, group_telling, mails, reminders
from tracker.storage import documents, leases, sql

LEASE = timedelta(minutes=1)
RENEWED_EVERY = timedelta(seconds=10)
"""A job that takes longer than the rest of its lease may meet another runner's: jobs bear that."""

REST = timedelta(minutes=1)
"""How long a job that failed is left alone."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Some work. every: how long after one go the next one comes at the earliest."""

    run: Callable[[datetime], int]
    every: timedelta = timedelta()


JOBS: Mapping[str, Sequence[Job]] = {
    "mails": (
        Job(mails.send_due),
        Job(reminders.queue_due, every=timedelta(minutes=5)),
        Job(mails.forget_links, every=timedelta(hours=1)),
    ),
    "long work": (Job(exports.make_waiting), Job(group_telling.renew_wanted)),
}
"""Two lines, so that no mail waits for what takes minutes; each under the name of its lease."""


class JobRunner:
    """The rounds of one line of jobs in one process. `now` tells the time: a job may take long."""

    def __init__(self, line: str, jobs: Sequence[Job], now: Callable[[], datetime]) -> None:
        self._line = line
        self._jobs = jobs
        self._now = now
        self._holder = uuid4().hex
        self._leased_at: datetime | None = None
        self._resting: dict[Job, tuple[datetime, timedelta]] = {}
        self._is_away = False

    def run(self) -> int:
        """One round, unless another process does them. Returns: how much was done; what fails is logged."""
        try:
            done = sum(self._run(job) for job in self._jobs if self._is_due(job) and self._is_ours())
        except Exception as error:
            self._explain(error)
            return 0
        self._is_away = False
        return done

    def stop(self) -> None:
        """Let somebody else do them at once."""
        self._leased_at = None
        try:
            leases.give_up(self._line, holder=self._holder)
        except Exception as error:
            self._explain(error)

    def _run(self, job: Job) -> int:
        """Do one job. One that fails is logged and rests, whatever it failed of: the others have their turn."""
        began_at = self._now()
        self._resting[job] = began_at, job.every
        try:
            return job.run(began_at)
        except Exception:
            log.exception("A job failed: %s; it is tried again in a minute", job.run.__module__)
            self._resting[job] = began_at, max(job.every, REST)
            return 0
        finally:
            sql.session().rollback()  # what a job read or left undone is not the next one's

    def _is_due(self, job: Job) -> bool:
        """Whether a job's rest is over."""
        last, rest = self._resting.get(job, (None, timedelta()))
        return self._has_passed(last, rest)

    def _is_ours(self) -> bool:
        """Hold the lease, taking it every ten seconds at most. Says whether it is ours."""
        if self._has_passed(self._leased_at, RENEWED_EVERY):
            now = self._now()
            self._leased_at = now if leases.take(self._line, holder=self._holder, now=now, length=LEASE) else None
        return self._leased_at is not None

    def _has_passed(self, last: datetime | None, length: timedelta) -> bool:
        """Whether that long has passed; a clock that was set back counts, too."""
        return last is None or abs(self._now() - last) >= length

    def _explain(self, error: Exception) -> None:
        """Log what ended a round; a store that is away is told once."""
        if not documents.is_away(error):
            log.error("A round of jobs failed; the next one tries again", exc_info=error)
        elif not self._is_away:
            log.warning("The jobs wait for the document store: %s", error)
        self._is_away = documents.is_away(error)
