"""A cohort's members in every topic of the roadmap, as its leads see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from tracker.assessment.roadmap import Topic
from tracker.assessment.sees import Sees
from tracker.scoring.ability import Ability
from tracker.scoring.coverage import Flags, Ranks, SeenLevels, seen_levels
from tracker.scoring.levels import LEVELS, to_score
from tracker.scoring.sight import SeenScore, seen
from tracker.scoring.standings import Standings
from tracker.services.standings import list_standings
from tracker.storage import cohorts
from tracker.storage.cohort_tables import Cohort, Membership, Role
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import User

RANKS = {level.name: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True, eq=False)
class SeenGroup:
    """m members and t topics; columns: those of the topics in `standings`; levels: what is seen of them."""

    cohort: Cohort
    memberships: tuple[Membership, ...]
    topics: tuple[Topic, ...]
    standings: Standings
    columns: Ranks
    levels: SeenLevels

    @property
    def may_mentor(self) -> Flags:
        """Who agreed to help others, shape (m,)."""
        return np.array([membership.may_mentor for membership in self.memberships])

    @property
    def levels_only(self) -> int:
        """Of how many members leads see levels only."""
        return sum(not self._sees(member).includes(Sees.SCORES) for member in range(len(self.memberships)))

    def user(self, member: int) -> User:
        """The member in this row."""
        return self.memberships[member].user

    def users(self, members: Iterable[int]) -> tuple[User, ...]:
        """The members in these rows."""
        return tuple(self.user(member) for member in members)

    def ranks(self, wanted: Mapping[str, str]) -> Ranks:
        """The ranks of the levels wanted of the topics, shape (t,); 0 where nothing is."""
        return np.array([RANKS[wanted.get(topic.id, LEVELS[0].name)] for topic in self.topics])

    def score(self, member: int, topic: int) -> SeenScore:
        """What is seen of a member's score in a topic."""
        place, standings = (member, self.columns[topic]), self.standings
        numbers = (standings.theta, standings.standard_error, standings.low, standings.high)
        ability = Ability(*(float(values[place]) for values in numbers))
        is_enough = bool(standings.is_enough[place])
        score = to_score(ability, responses=int(standings.responses[place]), is_enough=is_enough)
        return seen(score, self._sees(member))

    def last_answered(self, member: int, topic: int) -> datetime | None:
        """When a member last answered anything in a topic."""
        at = float(self.standings.last_answered[member, self.columns[topic]])
        return None if np.isnan(at) else datetime.fromtimestamp(at, UTC)

    def _sees(self, member: int) -> Sees:
        return self.memberships[member].agreed_to.at_most(self.cohort.sees)


def get_seen_group(cohort: Cohort, *, now: datetime) -> SeenGroup:
    """A cohort's members as of now; leads are none of them."""
    memberships = tuple(one for one in cohorts.list_memberships_in(cohort.id) if one.role is Role.MEMBER)
    topics = tuple(get_bank().roadmap.topics)
    standings = list_standings([membership.user_id for membership in memberships], now=now)
    columns = np.array([standings.place(topic.id) for topic in topics])
    return SeenGroup(cohort, memberships, topics, standings, columns, seen_levels(standings, columns))
