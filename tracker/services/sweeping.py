"""Sweeping: round after round, what is over is closed, lost time given back, and profiles that lag behind repaired.

One process at a time does it, the one that holds the lease; a second one would only do double work, never harm.
"""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from tracker.services import attempts, outages, profiles
from tracker.services.rounds import HeldLease, Trouble, has_passed
from tracker.storage import documents, heartbeats

WORK = "sweep"
LEASE = timedelta(seconds=6)
RENEWED_EVERY = timedelta(seconds=1)
CHECKED_EVERY = timedelta(minutes=1)
CHECKED_AGAIN = timedelta(minutes=10)
"""How far a check goes back behind the last one: an attempt ends at its deadline, but may be closed after it."""

LONGEST_CHECK = timedelta(seconds=1)
"""How long a round looks at profiles; the next one goes on."""

log = logging.getLogger(__name__)


class Sweeper:
    """The rounds of one process. `now` tells the time: a round may take longer than its lease."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lease = HeldLease(WORK, length=LEASE, renewed_every=RENEWED_EVERY, now=now)
        self._trouble = Trouble(log, who="the sweep")
        self._beaten_at: datetime | None = None
        self._minute_began_at: datetime | None = None
        self._checked_at: datetime | None = None
        self._to_check: deque[int] = deque()
        self._broken: set[str] = set()

    def sweep(self) -> int:
        """One round, unless another process sweeps. Returns: how many attempts it finished; what fails is logged."""
        try:
            finished = self._round()
        except Exception as error:
            self._trouble.tell(error)
            return 0
        self._trouble.is_over()
        return finished

    def stop(self) -> None:
        """Let somebody else sweep at once."""
        try:
            self._lease.give_up()
        except Exception as error:
            self._trouble.tell(error)

    def _round(self) -> int:
        if not self._renewed():
            return 0
        is_minute_over = self._is_due(self._minute_began_at, CHECKED_EVERY)
        if is_minute_over:
            self._broken.clear()
        finished = self._close()
        if is_minute_over:
            self._note_whom_to_check()
            self._minute_began_at = self._now()
        self._check_profiles()
        return finished

    def _close(self) -> int:
        finished = 0
        for was_finished in attempts.close_overdue(self._now(), broken=self._broken):
            finished += was_finished
            self._renewed()
        return finished

    def _note_whom_to_check(self) -> None:
        """Everybody in the first round; then those of whom an attempt has ended lately. Who they are may be unknown."""
        since = self._checked_at - CHECKED_AGAIN if self._checked_at else None
        waiting = set(self._to_check)
        try:
            found = profiles.list_learners_to_check(done_since=since)
        except Exception as error:
            if documents.is_away(error):
                raise
            log.exception("Whose profile to check is not known now; tried again later")
            return
        self._to_check.extend(learner_id for learner_id in found if learner_id not in waiting)
        self._checked_at = self._now()

    def _check_profiles(self) -> None:
        """Repair the profiles that lag behind, as far as this round gets."""
        until = self._now() + LONGEST_CHECK
        while self._to_check and self._now() < until:
            learner_id = self._to_check.popleft()
            try:
                profiles.repair_profile(learner_id)
            except Exception as error:
                if documents.is_away(error):
                    self._to_check.append(learner_id)
                    raise
                log.exception("The profile of learner %s could not be repaired", learner_id)
            self._renewed()

    def _renewed(self) -> bool:
        """Hold the lease, give back what an outage took, then note that the service is up, every second at most.

        Says whether the lease is ours. Giving back may take long: that is no outage of its own.
        """
        if not self._is_due(self._beaten_at, RENEWED_EVERY):
            return True
        if not self._lease.is_ours():
            return False
        for _ in outages.give_all_back(self._now()):
            if not self._lease.is_ours():
                return False
        now = self._now()
        heartbeats.beat(now)
        self._beaten_at = now
        return True

    def _is_due(self, last: datetime | None, every: timedelta) -> bool:
        return has_passed(every, since=last, now=self._now())
