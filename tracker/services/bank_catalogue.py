"""The bank as its authors see it: what it covers, and its items by topic, type, level and proof."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tracker.assessment.family import Family, split_version, variant_version
from tracker.assessment.health_state import HealthState
from tracker.assessment.item import Item
from tracker.assessment.key_state import KeyState, judge_key
from tracker.assessment.proof import Proof
from tracker.assessment.quality.coverage import Coverage
from tracker.assessment.roadmap import Area, Topic
from tracker.services.accounts import Person, check_author
from tracker.services.bank_quality import get_stats
from tracker.services.item_health import list_states
from tracker.storage.proofs import load_proofs
from tracker.storage.question_bank import QuestionBank, get_bank

PAGE_SIZE = 50
LIVE = "live"
RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the bank: an item, which has one version, or a family, which has one a variant."""

    id: str
    topic: Topic
    type: str
    difficulty: int
    status: str
    proof: Proof
    versions: tuple[str, ...]
    is_family: bool

    @property
    def slug(self) -> str:
        return self.id.rpartition("/")[2]

    @property
    def file_version(self) -> str:
        return split_version(self.versions[0])[0]

    def is_within(self, place: str) -> bool:
        """Whether it belongs to this topic or area, by its id."""
        return self.id.startswith(f"{place}/")


@dataclass(frozen=True, slots=True)
class Row:
    """One file as listed."""

    entry: Entry
    state: KeyState
    health: HealthState


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for, an empty text for what does not matter. `place` is a topic's or area's id."""

    place: str = ""
    type: str = ""
    level: str = ""
    state: str = ""
    status: str = ""
    health: str = ""

    def fits(self, row: Row) -> bool:
        """Whether this is looked for."""
        entry = row.entry
        return (
            (not self.place or entry.is_within(self.place))
            and self.type in ("", entry.type)
            and self.level in ("", str(entry.difficulty))
            and self.state in ("", row.state)
            and self.status in ("", entry.status)
            and self.health in ("", row.health)
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what was found. Pages are counted from 1, and there is always one."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """An area's topics with what each has."""

    area: Area
    topics: tuple[tuple[Topic, Coverage], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the live items cover, how far their keys are proved here, and how they do."""

    areas: tuple[AreaCoverage, ...]
    total: Coverage
    states: Mapping[KeyState, int]
    health: Mapping[HealthState, int]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    areas: tuple[AreaCoverage, ...]
    total: Coverage
    entries: tuple[Entry, ...]


def get_overview(*, author: Person) -> Overview:
    """What the bank covers. Raises: NotFound to those who write no items."""
    check_author(author)
    catalogue = _catalogue(get_bank())
    rows = [row for row in _rows(catalogue.entries) if row.entry.status == LIVE]
    return Overview(
        areas=catalogue.areas,
        total=catalogue.total,
        states=Counter(row.state for row in rows),
        health=Counter(row.health for row in rows),
    )


def list_entries(wanted: Wanted, *, page: int, author: Person) -> Listing:
    """What fits, by topic and name; a page beyond the last is the last.

    Raises: NotFound to those who write no items.
    """
    check_author(author)
    found = [row for row in _rows(_catalogue(get_bank()).entries) if wanted.fits(row)]
    pages = max(1, -(-len(found) // PAGE_SIZE))
    shown = min(max(1, page), pages)
    rows = found[(shown - 1) * PAGE_SIZE : shown * PAGE_SIZE]
    return Listing(rows=tuple(rows), total=len(found), page=shown, pages=pages)


def _rows(entries: Sequence[Entry]) -> Iterator[Row]:
    results, health = load_proofs(), list_states()
    for entry in entries:
        state = judge_key(entry.proof, entry.versions, results)
        yield Row(entry, state, health.get(entry.file_version, HealthState.UNMEASURED))


@cache
def _catalogue(bank: QuestionBank) -> _Catalogue:
    """All that does not change while the bank does not."""
    stats = get_stats()
    by_topic = {coverage.topic_id: coverage for coverage in stats.topics}
    return _Catalogue(
        areas=tuple(
            AreaCoverage(area, tuple((topic, by_topic[topic.id]) for topic in area.topics))
            for area in bank.roadmap.areas
        ),
        total=stats.total,
        entries=tuple(_entries(bank)),
    )


def _entries(bank: QuestionBank) -> Iterator[Entry]:
    by_topic: dict[str, list[Item | Family]] = {topic.id: [] for topic in bank.roadmap.topics}
    everything: list[Item | Family] = [*bank.items.values(), *bank.families.values()]
    for entry in everything:
        by_topic[entry.topic_id].append(entry)
    for topic in bank.roadmap.topics:
        for entry in sorted(by_topic[topic.id], key=lambda entry: entry.id):
            yield _entry(entry, topic)


def _entry(entry: Item | Family, topic: Topic) -> Entry:
    item = entry.sample
    return Entry(
        id=entry.id,
        topic=topic,
        type=item.body.name,
        difficulty=item.difficulty,
        status=RETIRED if item.retired else LIVE,
        proof=item.proof,
        versions=_versions(entry),
        is_family=isinstance(entry, Family),
    )


def _versions(entry: Item | Family) -> tuple[str, ...]:
    if isinstance(entry, Family):
        return tuple(variant_version(entry.version, surface) for surface in entry.surfaces)
    return (entry.version,)
