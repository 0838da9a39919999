"""The question bank: read from its TOML files, checked as a whole, kept in memory for good."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from tracker.assessment.blueprint import Assessment
from tracker.assessment.item import Item, Misconception
from tracker.assessment.roadmap import Area, Resource, Roadmap, Topic
from tracker.errors import BankError, NotFound
from tracker.storage import bank_items
from tracker.storage.bank_fields import Fields, read_toml

EXTENSION = "question_bank"


@dataclass(frozen=True, slots=True, eq=False)
class QuestionBank:
    """Everything the bank's files say, indexed by what requests ask for; equal only to itself."""

    roadmap: Roadmap
    assessments: Mapping[str, Assessment]
    misconceptions: Mapping[str, Misconception]
    items: Mapping[str, Item]
    items_by_topic: Mapping[str, tuple[Item, ...]]
    items_by_version: Mapping[str, Item]
    sample: Item

    def assessment(self, slug: str) -> Assessment:
        """The assessment with this slug. Raises: NotFound."""
        try:
            return self.assessments[slug]
        except KeyError:
            raise NotFound from None


def get_bank() -> QuestionBank:
    """The bank of the running app."""
    bank: QuestionBank = current_app.extensions[EXTENSION]
    return bank


def load_bank(folder: Path) -> QuestionBank:
    """Read and check the whole bank. Raises: BankError with every fault, one line each."""
    faults: list[str] = []
    roadmap = _roadmap(folder, faults)
    misconceptions = _misconceptions(folder, roadmap, faults)
    items = _items(folder, roadmap, misconceptions, faults)
    by_topic: dict[str, list[Item]] = defaultdict(list)
    for item in items.values():
        by_topic[item.topic_id].append(item)
    assessments = _assessments(folder, roadmap, by_topic, faults)
    sample = _item(folder / "sample.toml", folder, "sample", misconceptions, faults)
    faults += [f"items/{topic.id}: the topic has no items" for topic in roadmap.topics if not by_topic[topic.id]]
    named = frozenset[str]().union(*(item.misconceptions for item in (*items.values(), sample)))
    faults += [f"misconceptions.toml: {slug}: no item names it" for slug in misconceptions.keys() - named]
    if faults:
        raise BankError(sorted(faults))
    return QuestionBank(
        roadmap=roadmap,
        assessments=assessments,
        misconceptions=misconceptions,
        items=items,
        items_by_topic={topic_id: tuple(members) for topic_id, members in by_topic.items()},
        items_by_version={item.version: item for item in items.values()},
        sample=sample,
    )


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
        table.done()
        found[misconception.slug] = misconception
    fields.done()
    return found


def _items(
    folder: Path, roadmap: Roadmap, misconceptions: Mapping[str, Misconception], faults: list[str]
) -> dict[str, Item]:
    items: dict[str, Item] = {}
    ids_by_version: dict[str, str] = {}
    for path in sorted((folder / "items").rglob("*.toml")):
        item_id = path.relative_to(folder / "items").with_suffix("").as_posix()
        if roadmap.find_topic(item_id.rpartition("/")[0]) is None:
            faults.append(f"items/{item_id}.toml: path: must be items/<area>/<topic>/<slug>.toml with a known topic")
            continue
        item = items[item_id] = _item(path, folder, item_id, misconceptions, faults)
        twin_id = ids_by_version.setdefault(item.version, item_id)
        if twin_id != item_id:
            faults.append(f"items/{item_id}.toml: file: the same as items/{twin_id}.toml")
    return items


def _item(
    path: Path, folder: Path, item_id: str, misconceptions: Mapping[str, Misconception], faults: list[str]
) -> Item:
    fields = read_toml(path, root=folder, faults=faults)
    content = path.read_bytes() if path.is_file() else b""
    return bank_items.read_item(fields, item_id=item_id, content=content, misconceptions=misconceptions)


def _assessments(
    folder: Path, roadmap: Roadmap, by_topic: Mapping[str, list[Item]], faults: list[str]
) -> dict[str, Assessment]:
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
        _check_share(assessment, roadmap, by_topic, table.fault)
        table.done()
        found[assessment.slug] = assessment
    fields.done()
    return found


def _check_share(
    assessment: Assessment,
    roadmap: Roadmap,
    by_topic: Mapping[str, list[Item]],
    fault: Callable[[str, str], Any],
) -> None:
    """Every topic must have the items that the largest possible share of the form asks of it."""
    areas = [area for area in roadmap.areas if area.slug in assessment.area_slugs]
    for area in areas:
        in_area = -(-assessment.item_count // len(areas))
        in_topic = -(-in_area // len(area.topics))
        for topic in area.topics:
            there = len(by_topic.get(topic.id, ()))
            if 0 < there < in_topic:
                fault("items", f"{topic.id} has {there} items, a form may need {in_topic}")
