"""Drawing a form: which items one person gets, in which order, with which order of options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from tracker.assessment.blueprint import Assessment
from tracker.assessment.family import Family
from tracker.assessment.item import Item
from tracker.assessment.met import Seen
from tracker.assessment.roadmap import Roadmap

USED_UP = 2**31 - 1
"""The staleness of a family whose surfaces a learner has all met; it cannot be given again."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an adaptive attempt gave an item, as `scoring.selection` says it: its terms, so that it can be checked.

    theta: the topic's ability then, logits. weight: W. information and drawn are per squared logit.
    """

    criterion: str
    wanted: str
    theta: float
    weight: float
    information: float
    drawn: float


@dataclass(frozen=True, slots=True)
class Placement:
    """One place of a form: an item, the version served, and the order its options are shown in.

    reason: why this item; None in a fixed form.
    """

    item_id: str
    item_version: str
    option_ids: tuple[str, ...]
    reason: Reason | None = None


def draw_form(
    assessment: Assessment,
    *,
    roadmap: Roadmap,
    live_by_topic: Mapping[str, Sequence[Item | Family]],
    seen: Seen,
    seed: int,
) -> tuple[Placement, ...]:
    """Draw a form: areas, then topics, share the places evenly; what was not in `seen` comes first, then
    what was met least lately.

    A family gives a variant that is not in `seen`; one without such a variant is not drawn. The same arguments give the
    same form. Raises: ValueError when a topic's share exceeds what can be drawn.
    """
    random = Random(seed)  # noqa: S311 -- reproducible on purpose; nothing secret depends on it
    form: list[Placement] = []
    for area_slug, places in _share(assessment.item_count, assessment.area_slugs, random):
        topic_ids = [topic.id for topic in roadmap.area(area_slug).topics]
        for topic_id, count in _share(places, topic_ids, random):
            chosen = _choose(live_by_topic[topic_id], count, seen=seen, random=random)
            form += [_place(item, random) for item in chosen]
    return tuple(form)


def place_next(entry: Item | Family, *, seen: Seen, random: Random, reason: Reason) -> Placement:
    """One more place of an adaptive form; a family, not used up, gives a variant that is not in `seen`."""
    item = entry if isinstance(entry, Item) else _draw_variant(entry, seen, random)
    return replace(_place(item, random), reason=reason)


def staleness(entry: Item | Family, seen: Seen) -> int:
    """0: never met; else how lately, by rank. `USED_UP`: a family met with every surface."""
    if entry.id not in seen:
        return 0
    if isinstance(entry, Family) and not _new_surfaces(entry, seen):
        return USED_UP
    return seen[entry.id].rank


def _share(total: int, names: Sequence[str], random: Random) -> list[tuple[str, int]]:
    """Split a total over names as evenly as it goes; who gets one more is drawn."""
    least, extra = divmod(total, len(names))
    lucky = set(random.sample(range(len(names)), extra))
    return [(name, least + (index in lucky)) for index, name in enumerate(names)]


def _choose(entries: Sequence[Item | Family], count: int, *, seen: Seen, random: Random) -> list[Item]:
    """Draw `count` items, those first that the learner met least lately or never, shown from easy to hard."""
    shuffled = random.sample(entries, len(entries))
    usable = [entry for entry in shuffled if staleness(entry, seen) < USED_UP]
    if count > len(usable):
        raise ValueError(f"{count} items wanted, the topic has {len(usable)}")
    chosen = sorted(usable, key=lambda entry: staleness(entry, seen))[:count]
    items = [entry if isinstance(entry, Item) else _draw_variant(entry, seen, random) for entry in chosen]
    return sorted(items, key=lambda item: item.difficulty)


def _new_surfaces(family: Family, seen: Seen) -> list[str]:
    met = seen[family.id].surfaces if family.id in seen else frozenset()
    return [surface for surface in family.surfaces if surface not in met]


def _draw_variant(family: Family, seen: Seen, random: Random) -> Item:
    return family.variant(random.choice(_new_surfaces(family, seen)))


def _place(item: Item, random: Random) -> Placement:
    return Placement(item.id, item.version, item.body.arrange(random))
