"""A cohort's settings, for its leads: its name, what they see, how it is joined, and whether it is archived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.services import audit, cohorts
from tracker.storage import cohorts as stored_cohorts
from tracker.storage.cohort_tables import Cohort


@dataclass(frozen=True, slots=True)
class Settings:
    """A cohort, and how many of its members agreed to what."""

    cohort: Cohort
    agreed: Mapping[Sees, int]

    @property
    def member_count(self) -> int:
        """How many members there are."""
        return sum(self.agreed.values())

    def count_seen_at(self, sees: Sees) -> int:
        """How many members agreed to this much, or to more."""
        return sum(count for agreed_to, count in self.agreed.items() if agreed_to.includes(sees))


def open_settings(public_id: str, *, lead_id: int) -> Settings:
    """A cohort's settings. Raises: NotFound, also to all but its leads."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    return Settings(cohort=cohort, agreed=stored_cohorts.count_agreed(cohort.id))


def change_settings(public_id: str, *, lead_id: int, name: str, sees: Sees, joining: Joining, now: datetime) -> bool:
    """Replace a cohort's settings. Who agreed to less than leads see from now on is asked, and seen as before.

    Says whether members are asked. Raises: NotFound, also to all but its leads.
    """
    settings = open_settings(public_id, lead_id=lead_id)
    stored_cohorts.change_settings(settings.cohort.id, name=name, sees=sees, joining=joining)
    audit.record("cohort.changed", actor_id=lead_id, subject=f"cohort:{public_id}", now=now, sees=sees, joining=joining)
    return settings.count_seen_at(sees) < settings.member_count


def archive(public_id: str, *, lead_id: int, now: datetime) -> None:
    """Let nobody join and assign nothing any more; all can still read. Raises: NotFound, also to all but its leads."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    stored_cohorts.set_archived(cohort.id, cohort.archived_at or now)
    audit.record("cohort.archived", actor_id=lead_id, subject=f"cohort:{public_id}", now=now)


def restore(public_id: str, *, lead_id: int, now: datetime) -> None:
    """Take a cohort out of the archive. Raises: NotFound, also to all but its leads."""
    stored_cohorts.set_archived(cohorts.get_led(public_id, lead_id=lead_id).id, None)
    audit.record("cohort.restored", actor_id=lead_id, subject=f"cohort:{public_id}", now=now)
