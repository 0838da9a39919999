"""Documents in backups and back: as raw BSON, so that every type stays what it is."""

from collections.abc import Iterable, Iterator

import pymongo
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection

from tracker.errors import Conflict
from tracker.storage import documents
from tracker.storage.backup_file import RAW, Backup, Draft, Kind, OnRow
from tracker.storage.batches import batched
from tracker.storage.checksum import Sum

DERIVED = {"profiles": "folded anew from the attempts", "standings": "of the profiles"}
PASSING = {
    "leases": "which process does what just now",
    "counters": "how often somebody tried something; gone within an hour",
    "windows": "how often somebody tried something; gone within an hour",
}
LEFT_OUT = DERIVED | PASSING
"""Collections that are in no backup, and why."""

ATTEMPTS = "attempts"
ITEM_SOURCES = "item_sources"
REFERRED_TO = (ATTEMPTS, "item_parameters", ITEM_SOURCES)
"""Read after all others, in this order: what was referred to in what was read before is there then."""

AT_ONCE = 100
PATIENCE_SECONDS = 6 * 60 * 60


def count() -> int:
    """How many documents a backup has, more or less."""
    return sum(_collection(name).estimated_document_count() for name in list_names())


def list_names() -> list[str]:
    """The collections that a backup has, in the order in which they are read."""
    found = [name for name in documents.list_options() if not name.startswith("system.") and name not in LEFT_OUT]
    return sorted(found, key=lambda name: (REFERRED_TO.index(name) if name in REFERRED_TO else -1, name))


def write(draft: Draft, on_row: OnRow) -> set[str]:
    """Add everything but the items' sources. Gives the ids of the attempts."""
    attempt_ids: set[str] = set()

    def noted(found: Iterable[RawBSONDocument]) -> Iterator[bytes]:
        for document in found:
            attempt_ids.add(document["_id"])
            yield bytes(document.raw)

    with pymongo.timeout(PATIENCE_SECONDS):
        for name in list_names():
            if name != ITEM_SOURCES:
                found = _read(name)
                contents = noted(found) if name == ATTEMPTS else (bytes(document.raw) for document in found)
                draft.write(Kind.DOCUMENTS, name, contents, on_row)
    return attempt_ids


def write_rest(draft: Draft, attempt_ids: Iterable[str], on_row: OnRow) -> None:
    """Add these attempts, too, and then the items' sources, which are kept before any attempt that serves them."""
    with pymongo.timeout(PATIENCE_SECONDS):
        late = [bytes(document.raw) for id in attempt_ids for document in _collection(ATTEMPTS).find({"_id": id})]
        if late:
            draft.write(Kind.DOCUMENTS, ATTEMPTS, late, on_row)
        if ITEM_SOURCES in list_names():
            draft.write(Kind.DOCUMENTS, ITEM_SOURCES, (bytes(document.raw) for document in _read(ITEM_SOURCES)), on_row)


def find_any() -> str:
    """The name of a collection that has documents which do not pass by themselves; empty when none has."""
    names = [*list_names(), *DERIVED]
    return next((name for name in names if _collection(name).find_one({}, {"_id": 1})), "")


def put(backup: Backup, on_row: OnRow) -> None:
    """Store all documents of a backup in collections made anew, and look whether they are there.

    Indexes and shapes are to be declared afterwards. Raises: Conflict, when something else is there than was read.
    """
    with pymongo.timeout(PATIENCE_SECONDS):
        remove_all()
        for part in backup.list_parts(Kind.DOCUMENTS):
            for some in batched(backup.read_documents(part), AT_ONCE):
                _collection(part.name).insert_many(some)
                for _document in some:
                    on_row()
        for (kind, name), wanted in backup.manifest.sums().items():
            if kind is Kind.DOCUMENTS and sum_of(name) != wanted:
                raise Conflict(f"What the document store took as {name} is not what the backup holds.")


def remove_all() -> None:
    """Take all collections away that a backup has."""
    for name in list_names():
        _collection(name).drop()


def sum_of(name: str) -> Sum:
    """What a collection's documents add up to now."""
    with pymongo.timeout(PATIENCE_SECONDS):
        return Sum().plus(bytes(document.raw) for document in _read(name))


def _read(name: str) -> Iterable[RawBSONDocument]:
    return _collection(name).find({}, batch_size=AT_ONCE)


def _collection(name: str) -> Collection[RawBSONDocument]:
    return documents.collection(name).with_options(codec_options=RAW)
