"""The attempts that a process changed last, so that the next change of one need not read it again."""

from threading import Lock

from tracker.assessment.attempt import Attempt

MOST_LATEST = 256


class LatestAttempts:
    """Attempts as they were stored by this process, the latest few. Another one may have changed them since.

    Each is given once: who could not use it reads the next time.
    """

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}
        self._lock = Lock()

    def keep(self, attempt: Attempt) -> None:
        """Keep an attempt as it has just been stored."""
        with self._lock:
            self._attempts.pop(attempt.id, None)
            self._attempts[attempt.id] = attempt
            if len(self._attempts) > MOST_LATEST:
                del self._attempts[next(iter(self._attempts))]

    def take(self, attempt_id: str) -> Attempt | None:
        """What was kept of an attempt, which is kept no longer."""
        with self._lock:
            return self._attempts.pop(attempt_id, None)
