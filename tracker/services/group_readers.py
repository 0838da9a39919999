"""Whose data the leads of cohorts see beside the figures of a group."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.sees import Sees
from tracker.storage import contributors
from tracker.storage.answers import Sitting


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads what of a cohort's members. seen_by: by member, then by cohort. assigning_ids: by assignment."""

    cohort_id: int
    seen_by: Mapping[int, Mapping[int, Sees]]
    assigning_ids: Mapping[str, int]

    def of_scores(self, learner_id: int) -> frozenset[int]:
        """The cohorts whose leads see somebody's scores."""
        return self._including(Sees.SCORES, learner_id)

    def of_answers(self, sitting: Sitting, now: datetime) -> frozenset[int]:
        """The cohorts whose leads see what was answered in an attempt: it is released, and no other's."""
        cohort_ids = self._including(Sees.ANSWERS, sitting.learner_id)
        if sitting.assignment is None:
            return cohort_ids
        if not sitting.assignment.is_released(now):
            return frozenset()
        return cohort_ids & {self.assigning_ids.get(sitting.assignment.assignment_id)}

    def _including(self, sees: Sees, learner_id: int) -> frozenset[int]:
        seen = self.seen_by[learner_id]
        return frozenset(cohort_id for cohort_id, seen_there in seen.items() if seen_there.includes(sees))


def find_readers(cohort_id: int) -> Readers:
    """Who reads what of this cohort's members now."""
    return Readers(cohort_id, contributors.list_seen_by(cohort_id), contributors.list_assigning_ids(cohort_id))
