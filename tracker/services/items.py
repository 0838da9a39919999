"""Items as they were served, also after the bank has changed."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from tracker.assessment.assembly import Placement
from tracker.assessment.family import split_version
from tracker.assessment.item import Item
from tracker.assessment.item_types import Answer, BadAnswer
from tracker.errors import BadInput
from tracker.storage import archive
from tracker.storage.item_files import Source, find_version
from tracker.storage.question_bank import get_bank

MOST_KEPT = 500


def keep_served(form: Iterable[Placement]) -> None:
    """Keep for good what this form serves, before anybody sees it.

    The first form of a process keeps the whole bank: what others serve later need not be written then.
    """
    if not archive.has_kept(split_version(place.item_version)[0] for place in form):
        archive.keep(get_bank().sources.values())


def find_item(version: str) -> Item | None:
    """The item with this version, from the bank or else as it was when it was served; None when nothing knows it."""
    return find_items([version]).get(version)


def find_items(versions: Iterable[str]) -> dict[str, Item]:
    """The items with these versions; one that nothing knows is absent. At most one query, and none for today's bank."""
    bank = get_bank()
    found = {version: bank.find_item(version) for version in versions}
    changed = [version for version, item in found.items() if item is None]
    if changed:
        sources = archive.list_sources({split_version(version)[0] for version in changed})
        found |= {
            version: _read(sources[file_version], version)
            for version in changed
            if (file_version := split_version(version)[0]) in sources
        }
    return {version: item for version, item in found.items() if item}


def read_answer(item: Item, sent: Sequence[str]) -> Answer:
    """The answer to this item in what was sent. Raises: BadInput."""
    try:
        return item.body.read(sent)
    except BadAnswer as error:
        raise BadInput({"answer": [str(error)]}) from None


@lru_cache(MOST_KEPT)
def _read(source: Source, version: str) -> Item | None:
    return find_version(source, version)
