"""The level that a cohort's members are to reach, in an area or a topic."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.assessment.roadmap import Roadmap

WANTED_ANYWAY = "Proficient"
"""The level wanted of every area when no target is set."""

LEVEL_NAMES = ("Foundation", "Developing", "Proficient", "Expert")


@dataclass(frozen=True, slots=True)
class TargetTemplate:
    """Targets to begin with. levels: by area's slug or topic's id, the name of the level."""

    slug: str
    name: str
    description: str
    levels: Mapping[str, str]


def wanted_levels(own: Mapping[str, str], roadmap: Roadmap) -> dict[str, str]:
    """The level wanted of each area and topic that has one: a topic without its own takes its area's."""
    of_areas = {area.slug: own[area.slug] for area in roadmap.areas if area.slug in own}
    of_topics = {topic.id: own.get(topic.id) or of_areas.get(topic.area_slug) for topic in roadmap.topics}
    return of_areas | {topic_id: level for topic_id, level in of_topics.items() if level}


def goals_of(own: Mapping[str, str], roadmap: Roadmap) -> Mapping[str, str]:
    """What somebody's need is told by: the targets as they were set or, without any, one for every area."""
    return own or {area.slug: WANTED_ANYWAY for area in roadmap.areas}
