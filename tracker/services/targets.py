"""Targets: the level that a lead wants a cohort's members to reach in areas and topics; their own or a template's."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.assessment.roadmap import Area
from tracker.assessment.target import LEVEL_NAMES, TargetTemplate, wanted_levels
from tracker.errors import BadInput, NotFound
from tracker.services import cohorts
from tracker.storage import targets
from tracker.storage.cohort_tables import Cohort
from tracker.storage.question_bank import get_bank


@dataclass(frozen=True, slots=True)
class Targets:
    """A cohort's targets for its lead. levels: as the lead set them, by area's slug or topic's id."""

    cohort: Cohort
    areas: tuple[Area, ...]
    levels: Mapping[str, str]
    templates: tuple[TargetTemplate, ...]

    @property
    def named_levels(self) -> list[tuple[str, str]]:
        """What is set, by the names of areas and topics, each area before its topics."""
        names = ((skill, name) for area in self.areas for skill, name in _named(area))
        return [(name, self.levels[skill]) for skill, name in names if skill in self.levels]


def open_targets(public_id: str, *, lead_id: int) -> Targets:
    """A cohort's targets, for its lead. Raises: NotFound, also to everybody else."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    bank = get_bank()
    return Targets(
        cohort=cohort,
        areas=bank.roadmap.areas,
        levels=list_targets(cohort.id),
        templates=tuple(bank.target_templates.values()),
    )


def list_targets(cohort_id: int) -> dict[str, str]:
    """The level that a cohort's leads set for areas and topics, as far as the bank has these."""
    skills = _skills()
    return {skill: level for skill, level in targets.list_of(cohort_id).items() if skill in skills}


def list_wanted(cohort_id: int) -> dict[str, str]:
    """The level wanted of each area and topic that has one: a topic without its own takes its area's."""
    return wanted_levels(list_targets(cohort_id), get_bank().roadmap)


def set_targets(public_id: str, levels: Mapping[str, str], *, lead_id: int) -> None:
    """Want these levels from now on, by area's slug or topic's id, and no others.

    Raises: NotFound, also to all but the lead; BadInput for a skill or a level that there is not; nothing is changed.
    """
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    if not (levels.keys() <= _skills() and set(levels.values()) <= set(LEVEL_NAMES)):
        raise BadInput({"levels": ["Choose areas, topics and levels from the lists."]})
    targets.replace(cohort.id, levels)


def take_template(public_id: str, template_slug: str, *, lead_id: int) -> TargetTemplate:
    """Want what a template wants, in place of all that was set. Raises: NotFound, also to all but the lead."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    template = get_bank().target_templates.get(template_slug)
    if template is None:
        raise NotFound
    targets.replace(cohort.id, template.levels)
    return template


def _named(area: Area) -> list[tuple[str, str]]:
    return [(area.slug, area.name), *((topic.id, topic.name) for topic in area.topics)]


def _skills() -> set[str]:
    roadmap = get_bank().roadmap
    return {area.slug for area in roadmap.areas} | {topic.id for topic in roadmap.topics}
