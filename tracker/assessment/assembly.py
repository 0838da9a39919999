"""Drawing a form: which items one person gets, in which order, with which order of options."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tracker.assessment.blueprint import Assessment
from tracker.assessment.item import Item
from tracker.assessment.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class Placement:
    """One place of a form: an item, the version served, and the order its options are shown in."""

    item_id: str
    item_version: str
    option_ids: tuple[str, ...]


def draw_form(
    assessment: Assessment,
    *,
    roadmap: Roadmap,
    items_by_topic: Mapping[str, Sequence[Item]],
    seen: Collection[str],
    seed: int,
) -> tuple[Placement, ...]:
    """Draw a form: areas, then topics, share the places evenly; items not in `seen` come first.

    The same arguments give the same form. Raises: ValueError when a topic's share exceeds its items.
    """
    random = Random(seed)  # noqa: S311 -- reproducible on purpose; nothing secret depends on it
    form: list[Placement] = []
    for area_slug, places in _share(assessment.item_count, assessment.area_slugs, random):
        topic_ids = [topic.id for topic in roadmap.area(area_slug).topics]
        for topic_id, count in _share(places, topic_ids, random):
            chosen = _choose(items_by_topic[topic_id], count, seen=seen, random=random)
            form += [_place(item, random) for item in chosen]
    return tuple(form)


def _share(total: int, names: Sequence[str], random: Random) -> list[tuple[str, int]]:
    """Split a total over names as evenly as it goes; who gets one more is drawn."""
    least, extra = divmod(total, len(names))
    lucky = set(random.sample(range(len(names)), extra))
    return [(name, least + (index in lucky)) for index, name in enumerate(names)]


def _choose(items: Sequence[Item], count: int, *, seen: Collection[str], random: Random) -> list[Item]:
    """Draw `count` items, unseen ones first, shown from easy to hard."""
    if count > len(items):
        raise ValueError(f"{count} items wanted, the topic has {len(items)}")
    shuffled = random.sample(items, len(items))
    chosen = sorted(shuffled, key=lambda item: item.id in seen)[:count]
    return sorted(chosen, key=lambda item: item.difficulty)


def _place(item: Item, random: Random) -> Placement:
    option_ids = [option.id for option in item.body.options]
    random.shuffle(option_ids)
    return Placement(item.id, item.version, tuple(option_ids))
