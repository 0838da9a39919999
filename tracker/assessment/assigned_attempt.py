"""An assigned attempt as its cohort's leads may see it: when it ended, what was noticed, never an answer or a score."""

from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.noticed import Noticed
from tracker.assessment.time_ledger import GRACE


@dataclass(frozen=True, slots=True)
class AssignedAttempt:
    """One attempt under an assignment. noticed: also whose it is, and which of the attempts allowed."""

    assignment_id: str
    deadline: datetime
    finished_at: datetime | None
    noticed: Noticed

    @property
    def learner_id(self) -> int:
        return self.noticed.learner_id

    def ended_at(self, now: datetime) -> datetime | None:
        """When it ended, closed or not; None while answers are taken."""
        return self.finished_at or (self.deadline if now > self.deadline + GRACE else None)
