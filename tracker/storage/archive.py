"""The text of every item's file that was ever served, in MongoDB, so that attempts can go on showing it."""

from collections.abc import Collection, Mapping

from pymongo.collection import Collection as DocumentCollection
from pymongo.errors import BulkWriteError

from tracker.storage import documents
from tracker.storage.documents import Document
from tracker.storage.item_files import Source

DUPLICATE_KEY = 11000

kept: set[str] = set()
"""Versions that this process has seen in the store; nothing is ever taken out of it."""


def keep(sources: Collection[Source]) -> None:
    """Store these sources durably; what is there already stays as it is."""
    by_version = {source.version: source for source in sources if source.version not in kept}
    if by_version:
        _keep(by_version)
        kept.update(by_version)


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
