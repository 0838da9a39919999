"""Lena's cohort with members of whom a test says what is known, and what she wants of them."""

from dataclasses import asdict

from tests.conftest import NOON, Cast, add_person
from tracker.assessment.sees import Sees
from tracker.scoring.ability import normal
from tracker.scoring.profile import REVISION, AreaProfile, Profile, TopicProfile
from tracker.services import cohorts, profiles, targets
from tracker.storage import sql
from tracker.storage.cohort_tables import Membership, Role
from tracker.storage.profiles import StoredProfile

EXPERT, PROFICIENT, DEVELOPING, FOUNDATION = 2.2, 1.0, 0.0, -2.0
SURE, UNSURE = 0.1, 0.5


class Guild:
    """So many members, who agreed to show that much; `id` is the cohort's public id."""

    def __init__(self, cast: Cast, *, members: int = 6, sees: Sees = Sees.LEVELS, lead_id: int | None = None) -> None:
        self.lead_id = lead_id or cast.lena
        self._cohort = cohorts.create_cohort("Guild", lead_id=self.lead_id, now=NOON, sees=sees)
        self.id = self._cohort.public_id
        self.member_ids = [self.add(f"Member {number}", agreed_to=sees) for number in range(members)]

    def add(self, name: str, *, agreed_to: Sees = Sees.LEVELS, may_mentor: bool = False) -> int:
        """Let somebody in. Gives their id."""
        member_id = add_person(f"{name.replace(' ', '.').lower()}@example.org", name)
        with sql.writing() as session:
            session.add(
                Membership(
                    cohort_id=self._cohort.id,
                    user_id=member_id,
                    role=Role.MEMBER,
                    agreed_to=agreed_to,
                    may_mentor=may_mentor,
                    joined_at=NOON,
                )
            )
        return member_id

    def want(self, levels: dict[str, str]) -> None:
        """Want these levels, by area's slug or topic's id."""
        targets.set_targets(self.id, levels, lead_id=self.lead_id)


def know(learner_id: int, topics: dict[str, float], *, sd: float = SURE) -> None:
    """Let so much be known of a learner's topics, all of one area, by an attempt at noon."""
    (area_slug,) = {topic_id.partition("/")[0] for topic_id in topics}
    known = tuple(
        TopicProfile(topic_id, normal(theta, sd), covariance=sd**2 / 2, responses=10, right=5, last_answered=NOON)
        for topic_id, theta in topics.items()
    )
    area = AreaProfile(area_slug, normal(0, sd), as_of=NOON, responses=20, right=10, last_answered=NOON, topics=known)
    values = asdict(Profile(areas=(area,)))
    profiles.keep(StoredProfile(learner_id, 1, REVISION, 0, values, last_finished_at=NOON))
