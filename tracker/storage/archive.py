"""The text of every item's file that was ever served, in MongoDB, so that attempts can go on showing it."""

from collections.abc import Collection, Iterable, Mapping

from flask import current_app
from pymongo.collection import Collection as DocumentCollection
from pymongo.errors import BulkWriteError

from tracker.storage import documents
from tracker.storage.documents import Document
from tracker.storage.item_files import Source

DUPLICATE_KEY = 11000

EXTENSION = "kept_sources"


def has_kept(file_versions: Iterable[str]) -> bool:
    """Whether this app has seen all these versions in the store; nothing is ever taken out of it."""
    return _kept().issuperset(file_versions)


def keep(sources: Collection[Source]) -> None:
    """Store these sources durably; what is there already stays as it is."""
    kept = _kept()
    by_version = {source.version: source for source in sources if source.version not in kept}
    if by_version:
        _keep(by_version)
        kept.update(by_version)


def _kept() -> set[str]:
    kept: set[str] = current_app.extensions.setdefault(EXTENSION, set())
    return kept


def _keep(by_version: Mapping[str, Source]) -> None:
    there = {
        document["_id"]
        for versions in documents.some_at_a_time([*by_version])
        for document in _archive().find({"_id": {"$in": versions}}, {"_id": 1})
    }
    missing = [_to_document(source) for version, source in by_version.items() if version not in there]
    if not missing:
        return
    try:
        _archive().insert_many(missing, ordered=False)
    except BulkWriteError as error:
        faults = [*error.details["writeErrors"], *error.details["writeConcernErrors"]]
        if any(fault["code"] != DUPLICATE_KEY for fault in faults):
            raise


def list_sources(file_versions: Collection[str]) -> dict[str, Source]:
    """The sources whose content has one of these hashes, by hash; one that was never served is absent."""
    found = _archive().find({"_id": {"$in": list(file_versions)}})
    return {document["_id"]: Source(document["item_id"], document["text"]) for document in found}


def _to_document(source: Source) -> Document:
    return {"_id": source.version, "item_id": source.item_id, "text": source.text}


def _archive() -> DocumentCollection[Document]:
    return documents.collection("item_sources")
