"""What it means for an attempt that it was assigned: its end, and when its learner sees the keys."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.assessment.time_ledger import GRACE

MOST_ATTEMPTS = 5
"""An assignment allows at most so many."""

MOST_EXTRA_MINUTES = 240
"""An assignment adds at most so many to the time limit, for everybody."""

LEAST_PRACTICE, MOST_PRACTICE = 5, 100
"""A practice set asks for so many answers."""


class Release(StrEnum):
    """When the learners see the keys of what was assigned to them; their scores they see at once."""

    AT_ONCE = "at once"
    AFTER_DEADLINE = "after the deadline"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class AssignedTerms:
    """The terms of an assigned attempt, as they were when it started: nothing that is done later moves them.

    number: which of the attempts allowed it is, from 1. closes_at: the assignment's end. extra_minutes: on top of the
    limit, for everybody.
    """

    assignment_id: str
    number: int
    closes_at: datetime
    release: Release
    extra_minutes: int = 0

    def is_released(self, now: datetime) -> bool:
        """Whether its learner may see the keys; after the deadline, once nobody's answers are taken any more."""
        if self.release is Release.AFTER_DEADLINE:
            return now > self.closes_at + GRACE
        return self.release is Release.AT_ONCE
