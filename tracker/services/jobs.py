"""Jobs: what is done beside the web server, each line of them one after the other, by one process at a time.

Each is a function of now that does a bounded amount of work and says how much it did. None stops the others.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import metrics
from tracker.services import erasing, exports, group_telling, mails, reminders, retention
from tracker.services.rounds import HeldLease, Trouble, has_passed
from tracker.storage import sql

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
        Job(mails.count_waiting, every=timedelta(seconds=15)),
        Job(mails.forget_links, every=timedelta(hours=1)),
    ),
    "long work": (
        Job(exports.make_waiting),
        Job(group_telling.renew_wanted),
        Job(erasing.go_on, every=timedelta(minutes=1)),
        Job(retention.clean_up, every=timedelta(days=1)),
    ),
}
"""Two lines, so that no mail waits for what takes minutes; each under the name of its lease."""


class JobRunner:
    """The rounds of one line of jobs in one process. `now` tells the time: a job may take long."""

    def __init__(self, line: str, jobs: Sequence[Job], now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._now = now
        self._lease = HeldLease(line, length=LEASE, renewed_every=RENEWED_EVERY, now=now)
        self._trouble = Trouble(log, who="jobs")
        self._resting: dict[Job, tuple[datetime, timedelta]] = {}

    def run(self) -> int:
        """One round, unless another process does them. Returns: how much was done; what fails is logged."""
        try:
            done = sum(self._run(job) for job in self._jobs if self._is_due(job) and self._lease.is_ours())
        except Exception as error:
            self._trouble.tell(error)
            return 0
        self._trouble.is_over()
        return done

    def stop(self) -> None:
        """Let somebody else do them at once."""
        try:
            self._lease.give_up()
        except Exception as error:
            self._trouble.tell(error)

    def _run(self, job: Job) -> int:
        """Do one job. One that fails is logged and rests, whatever it failed of: the others have their turn."""
        began_at = self._now()
        self._resting[job] = began_at, job.every
        name = job.run.__module__.rpartition(".")[2]
        try:
            done = job.run(began_at)
        except Exception:
            metrics.job_runs.labels(name, "failed").inc()
            log.exception("A job failed: %s; it is tried again in a minute", job.run.__module__)
            self._resting[job] = began_at, max(job.every, REST)
            return 0
        else:
            metrics.job_runs.labels(name, "done").inc()
            return done
        finally:
            sql.session().rollback()  # what a job read or left undone is not the next one's

    def _is_due(self, job: Job) -> bool:
        """Whether a job's rest is over."""
        last, rest = self._resting.get(job, (None, timedelta()))
        return has_passed(rest, since=last, now=self._now())
