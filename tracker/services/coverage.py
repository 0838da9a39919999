"""What a cohort covers, for its leads: how many hold the level wanted in each topic, what is missing, who could help.

All of it is made of what its leads see of each member; nobody is counted by more than that.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from tracker.assessment.roadmap import Area, Topic
from tracker.scoring.coverage import Flags, Ranks, chance_of_at_least, chances, holdings
from tracker.scoring.disclosure import LEAST
from tracker.scoring.levels import LEVELS, percent
from tracker.services.cohorts import get_led
from tracker.services.matrix import MOST_SORTED
from tracker.services.rises import Help, Plan, list_helps, make_plan
from tracker.services.seen_group import RANKS, SeenGroup, get_seen_group
from tracker.services.targets import list_wanted
from tracker.storage import cohorts as stored_cohorts
from tracker.storage.cohort_tables import Cohort
from tracker.storage.question_bank import get_bank
from tracker.storage.tables import User

MOST_HOLDERS = LEAST
USUALLY_WANTED = "Proficient"


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """How many of the members hold the level wanted in a topic: surely, perhaps, or it is not known.

    known: how many have enough evidence. chance: that enough of these hold it, in percent; None where it is not said.
    holder: the only one who surely holds it.
    """

    topic: Topic
    wanted: str
    members: int
    known: int
    surely: int
    perhaps: int
    chance: int | None
    holder: User | None

    @property
    def unknown(self) -> int:
        """Of how many it is not known."""
        return self.members - self.known

    @property
    def not_yet(self) -> int:
        """How many do not hold it."""
        return self.known - self.surely - self.perhaps


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """An area and its topics in which a level is wanted, at least one."""

    area: Area
    topics: tuple[TopicCoverage, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a cohort covers. Of too few or too many members there are no areas; without targets, no plan and no helps.

    Nor are there areas when nothing above the lowest level is wanted: everybody is there from the start.
    holders: how many are to hold each wanted level. levels_only: of how many leads see levels only.
    """

    cohort: Cohort
    members: int
    holders: int
    has_targets: bool
    levels_only: int = 0
    areas: tuple[AreaCoverage, ...] = ()
    plan: Plan | None = None
    helps: tuple[Help, ...] = ()

    @property
    def is_too_small(self) -> bool:
        """Whether there are so few members that what is said of all would be said of one."""
        return self.members < LEAST

    @property
    def is_too_large(self) -> bool:
        """Whether there are more members than a page is summed up for."""
        return self.members > MOST_SORTED

    @property
    def held_by_one(self) -> list[TopicCoverage]:
        """The topics in which exactly one member surely holds the level wanted."""
        return [one for area in self.areas for one in area.topics if one.surely == 1]

    @property
    def held_by_nobody(self) -> list[TopicCoverage]:
        """The topics in which nobody surely holds it."""
        return [one for area in self.areas for one in area.topics if one.surely == 0]


def review_coverage(public_id: str, *, lead_id: int, holders: int, now: datetime) -> Coverage:
    """What a cohort covers if so many are to hold each wanted level, 1 to 5, for its lead.

    Without targets every topic is read at Proficient. Raises: NotFound, also to everybody else.
    """
    cohort = get_led(public_id, lead_id=lead_id)
    targets = list_wanted(cohort.id)
    has_targets = bool(targets)
    empty = Coverage(
        cohort=cohort, members=stored_cohorts.count_members(cohort.id), holders=holders, has_targets=has_targets
    )
    if empty.is_too_small or empty.is_too_large:
        return empty
    group = get_seen_group(cohort, now=now)
    wanted = group.ranks(targets) if has_targets else np.full(len(group.topics), RANKS[USUALLY_WANTED])
    return replace(
        empty,
        levels_only=group.levels_only,
        areas=_areas(group, wanted, holders),
        plan=make_plan(group, wanted, holders=holders) if has_targets else None,
        helps=list_helps(group, wanted) if has_targets else (),
    )


def _areas(group: SeenGroup, wanted: Ranks, holders: int) -> tuple[AreaCoverage, ...]:
    topics = _topics(group, wanted, holders)
    areas = (
        AreaCoverage(area, tuple(one for one in topics if one.topic.area_slug == area.slug))
        for area in get_bank().roadmap.areas
    )
    return tuple(one for one in areas if one.topics)


def _topics(group: SeenGroup, wanted: Ranks, holders: int) -> list[TopicCoverage]:
    """Every topic in which a level is wanted."""
    held = holdings(group.levels, wanted)
    known = group.levels.is_known.sum(axis=0)
    enough = chance_of_at_least(holders, chances(group.standings, group.columns, wanted))
    is_said = (known >= holders) & (group.levels_only == 0)
    return [
        TopicCoverage(
            topic=topic,
            wanted=LEVELS[wanted[place]].name,
            members=len(group.memberships),
            known=int(known[place]),
            surely=int(held.surely[:, place].sum()),
            perhaps=int(held.perhaps[:, place].sum()),
            chance=percent(float(enough[place])) if is_said[place] else None,
            holder=_only(group, held.surely[:, place]),
        )
        for place, topic in enumerate(group.topics)
        if wanted[place]
    ]


def _only(group: SeenGroup, holds: Flags) -> User | None:
    members = np.flatnonzero(holds)
    return group.user(int(members[0])) if members.size == 1 else None
