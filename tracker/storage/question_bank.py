"""The question bank: read from its TOML files, checked as a whole, kept in memory for good."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from flask import current_app

from tracker.assessment.blueprint import Assessment, Kind, Length, adaptive_assessments
from tracker.assessment.family import Family, split_version
from tracker.assessment.item import Item, Misconception
from tracker.assessment.roadmap import Area, Resource, Roadmap, Topic
from tracker.assessment.target import LEVEL_NAMES, TargetTemplate
from tracker.errors import BankError, NotFound
from tracker.storage.bank_fields import Fields, read_toml
from tracker.storage.item_files import ItemFiles, Source, read_files, read_one
from tracker.storage.rendered import remembering

EXTENSION = "question_bank"
RENDERED_FILE = "rendered.json"


@dataclass(frozen=True, slots=True, eq=False)
class QuestionBank:
    """Everything the bank's files say, indexed by what requests ask for; equal only to itself."""

    roadmap: Roadmap
    assessments: Mapping[str, Assessment]
    adaptive: Mapping[str, Assessment]
    misconceptions: Mapping[str, Misconception]
    items: Mapping[str, Item]
    families: Mapping[str, Family]
    live_by_topic: Mapping[str, tuple[Item | Family, ...]]
    items_by_version: Mapping[str, Item]
    families_by_version: Mapping[str, Family]
    sources: Mapping[str, Source]
    sample: Item
    target_templates: Mapping[str, TargetTemplate]

    def assessment(self, slug: str) -> Assessment:
        """The assessment with this slug. Raises: NotFound."""
        found = self.assessments.get(slug) or self.adaptive.get(slug)
        if found is None:
            raise NotFound
        return found

    def find_item(self, version: str) -> Item | None:
        """The item, or the variant of a family, with this version; None when the bank no longer has it."""
        file_version, surface = split_version(version)
        family = self.families_by_version.get(file_version)
        if family:
            return family.variant(surface) if surface in family.surfaces else None
        return self.items_by_version.get(version)


def get_bank() -> QuestionBank:
    """The bank of the running app."""
    bank: QuestionBank = current_app.extensions[EXTENSION]
    return bank


def open_bank(folder: Path, *, instance: Path) -> QuestionBank:
    """Read and check the whole bank; only what is new since last time is rendered. Raises: BankError."""
    with remembering(instance / RENDERED_FILE):
        return load_bank(folder)


def load_bank(folder: Path) -> QuestionBank:
    """Read and check the whole bank. Raises: BankError with every fault, one line each."""
    faults: list[str] = []
    roadmap = _roadmap(folder, faults)
    misconceptions = _misconceptions(folder, roadmap, faults)
    topic_ids = [topic.id for topic in roadmap.topics]
    files = read_files(folder, topic_ids=topic_ids, misconceptions=misconceptions, faults=faults)
    live = _live_by_topic(files, topic_ids)
    assessments, adaptive = _assessments(folder, roadmap, live, faults)
    sample = read_one(
        folder / "sample.toml", folder=folder, item_id="sample", misconceptions=misconceptions, faults=faults
    )
    target_templates = _target_templates(folder, roadmap, faults)
    faults += [f"items/{topic_id}: the topic has no items" for topic_id, entries in live.items() if not entries]
    named = _named_misconceptions(files, sample)
    faults += [f"misconceptions.toml: {slug}: no item names it" for slug in misconceptions.keys() - named]
    if faults:
        raise BankError(sorted(faults))
    return QuestionBank(
        roadmap=roadmap,
        assessments=assessments,
        adaptive=adaptive,
        misconceptions=misconceptions,
        items=files.items,
        families=files.families,
        live_by_topic=live,
        items_by_version={item.version: item for item in files.items.values()},
        families_by_version={family.version: family for family in files.families.values()},
        sources=files.sources,
        sample=sample,
        target_templates=target_templates,
    )


def _live_by_topic(files: ItemFiles, topic_ids: Sequence[str]) -> dict[str, tuple[Item | Family, ...]]:
    """What new forms are drawn from: items and families that are not retired."""
    found: dict[str, list[Item | Family]] = {topic_id: [] for topic_id in topic_ids}
    entries: list[Item | Family] = [*files.items.values(), *files.families.values()]
    for entry in entries:
        if entry.id not in files.retired:
            found[entry.topic_id].append(entry)
    return {topic_id: tuple(sorted(members, key=lambda entry: entry.id)) for topic_id, members in found.items()}


def _named_misconceptions(files: ItemFiles, sample: Item) -> frozenset[str]:
    first_variants = [family.sample for family in files.families.values()]
    return frozenset[str]().union(*(item.misconceptions for item in (*files.items.values(), *first_variants, sample)))


def _roadmap(folder: Path, faults: list[str]) -> Roadmap:
    fields = read_toml(folder / "roadmap.toml", root=folder, faults=faults)
    areas = tuple(_area(table) for table in fields.tables("areas", at_least=1))
    fields.done()
    roadmap = Roadmap(areas)
    names = Counter([area.slug for area in areas] + [topic.id for area in areas for topic in area.topics])
    faults += [f"roadmap.toml: {name}: slug: is there twice" for name, count in names.items() if count > 1]
    known = {topic.id for topic in roadmap.topics}
    for topic in roadmap.topics:
        faults += [
            f"roadmap.toml: {topic.id}: prerequisites: there is no topic {name}"
            for name in topic.prerequisites
            if name not in known
        ]
    faults += [f"roadmap.toml: {loop}: prerequisites: the topic would build on itself" for loop in _loops(roadmap)]
    return roadmap


def _area(table: Fields) -> Area:
    slug = table.text("slug")
    topics = tuple(_topic(slug, topic) for topic in table.tables("topics", at_least=1))
    area = Area(slug=slug, name=table.text("name"), description=table.text("description"), topics=topics)
    table.done()
    return area


def _topic(area_slug: str, table: Fields) -> Topic:
    topic = Topic(
        id=f"{area_slug}/{table.text('slug')}",
        name=table.text("name"),
        description=table.text("description"),
        prerequisites=table.texts("prerequisites"),
        resources=tuple(_resource(entry) for entry in table.tables("resources", at_least=2, at_most=4)),
    )
    table.done()
    return topic


def _resource(table: Fields) -> Resource:
    resource = Resource(title=table.text("title"), url=table.url("url"), minutes=table.whole("minutes", 1, 600))
    table.done()
    return resource


def _loops(roadmap: Roadmap) -> Iterator[str]:
    """Ids of topics that build, over any number of steps, on themselves."""
    for start in roadmap.topics:
        waiting, reached = list(start.prerequisites), set[str]()
        while waiting:
            topic = roadmap.find_topic(waiting.pop())
            if topic and topic.id not in reached:
                reached.add(topic.id)
                waiting += topic.prerequisites
        if start.id in reached:
            yield start.id


def _misconceptions(folder: Path, roadmap: Roadmap, faults: list[str]) -> dict[str, Misconception]:
    fields = read_toml(folder / "misconceptions.toml", root=folder, faults=faults)
    found: dict[str, Misconception] = {}
    for table in fields.tables("misconceptions"):
        misconception = Misconception(
            slug=table.text("slug"),
            name=table.text("name"),
            description=table.text("description"),
            topic_id=table.one_of("topic", [topic.id for topic in roadmap.topics]),
        )
        if misconception.slug in found:
            table.fault("slug", f"{misconception.slug} is there twice")
        if misconception.name.endswith("."):
            table.fault("name", "ends without a full stop: pages go on after it")
        table.done()
        found[misconception.slug] = misconception
    fields.done()
    return found


def _assessments(
    folder: Path, roadmap: Roadmap, live: Mapping[str, Sequence[Item | Family]], faults: list[str]
) -> tuple[dict[str, Assessment], dict[str, Assessment]]:
    """Everything that can be taken, by slug: the fixed forms, and the adaptive assessments."""
    fields = read_toml(folder / "assessments.toml", root=folder, faults=faults)
    area_slugs = [area.slug for area in roadmap.areas]
    found: dict[str, Assessment] = {}
    for table in fields.tables("assessments", at_least=1):
        assessment = Assessment(
            slug=table.text("slug"),
            name=table.text("name"),
            description=table.text("description"),
            area_slugs=tuple(table.texts("areas", among=area_slugs, at_least=1)),
            item_count=table.whole("items", 1, 200),
            time_limit=timedelta(minutes=table.whole("minutes", 1, 240)),
        )
        if assessment.slug in found:
            table.fault("slug", f"{assessment.slug} is there twice")
        if len(set(assessment.area_slugs)) < len(assessment.area_slugs):
            table.fault("areas", "one is there twice")
        _check_share(assessment, roadmap, live, table.fault)
        table.done()
        found[assessment.slug] = assessment
    adaptive = _adaptive(fields, roadmap, found)
    fields.done()
    return found, adaptive


def _adaptive(fields: Fields, roadmap: Roadmap, fixed: Mapping[str, Assessment]) -> dict[str, Assessment]:
    """The adaptive assessments, by slug: as long as their table says, the rest follows from the roadmap."""
    table = fields.entry("adaptive")
    lengths = {kind: _length(table.entry(kind)) for kind in get_args(Kind)}
    table.done()
    found: dict[str, Assessment] = {}
    for assessment in adaptive_assessments(roadmap, lengths):
        if assessment.slug in found or assessment.slug in fixed:
            fields.fault("adaptive", f"two assessments would be called {assessment.slug}")
        found[assessment.slug] = assessment
    return found


def _length(table: Fields) -> Length:
    length = Length(
        item_count=table.whole("items", 1, 200), time_limit=timedelta(minutes=table.whole("minutes", 1, 240))
    )
    table.done()
    return length


def _check_share(
    assessment: Assessment,
    roadmap: Roadmap,
    live: Mapping[str, Sequence[Item | Family]],
    fault: Callable[[str, str], Any],
) -> None:
    """Every topic must have the items that the largest possible share of the form asks of it.

    Families do not count: a learner who has met all their variants gets them no more.
    """
    areas = [area for area in roadmap.areas if area.slug in assessment.area_slugs]
    for area in areas:
        in_area = -(-assessment.item_count // len(areas))
        in_topic = -(-in_area // len(area.topics))
        for topic in area.topics:
            there = sum(isinstance(entry, Item) for entry in live[topic.id])
            if live[topic.id] and there < in_topic:
                fault("items", f"{topic.id} has {there} items, a form may need {in_topic}")


def _target_templates(folder: Path, roadmap: Roadmap, faults: list[str]) -> dict[str, TargetTemplate]:
    """Targets to begin with, by slug."""
    fields = read_toml(folder / "targets.toml", root=folder, faults=faults)
    found: dict[str, TargetTemplate] = {}
    for table in fields.tables("templates"):
        template = TargetTemplate(
            slug=table.text("slug"),
            name=table.text("name"),
            description=table.text("description"),
            levels=_levels(table.entry("levels"), roadmap),
        )
        if template.slug in found:
            table.fault("slug", f"{template.slug} is there twice")
        table.done()
        found[template.slug] = template
    fields.done()
    return found


def _levels(table: Fields, roadmap: Roadmap) -> dict[str, str]:
    """A level of each area or topic that is named."""
    skills = [*(area.slug for area in roadmap.areas), *(topic.id for topic in roadmap.topics)]
    levels = {skill: table.one_of(skill, LEVEL_NAMES) for skill in skills if skill in table.table}
    table.done()
    return levels
