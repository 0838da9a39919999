"""Profiles in MongoDB: derived from the attempts, one document a learner, rebuildable at any time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.storage import documents
from tracker.storage.documents import Document


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A profile's plain values, and what it was made from: how many finished attempts, by which revisions.

    `revision` is the scoring model's, `parameters` the items' parameters'.
    """

    learner_id: int
    attempts: int
    revision: int
    parameters: int
    values: Document
    last_finished_at: datetime


def put(stored: StoredProfile) -> None:
    """Store a profile, unless a newer revision or one made from more attempts is there already."""
    made_from = ("attempts", "revision", "parameters")
    older = {name: {"$not": {"$gt": getattr(stored, name)}} for name in made_from}
    try:
        _profiles().replace_one({"_id": stored.learner_id, **older}, _to_document(stored), upsert=True)
    except DuplicateKeyError:
        return


def find(learner_id: int, *, revision: int) -> StoredProfile | None:
    """A learner's profile, if this revision of the scoring model made it."""
    document = _profiles().find_one({"_id": learner_id, "revision": revision})
    return _from_document(document) if document else None


def find_without_moments(learner_id: int, *, revision: int) -> StoredProfile | None:
    """The same without its moments, which are most of it."""
    document = _profiles().find_one({"_id": learner_id, "revision": revision}, {"values.moments": False})
    return _from_document(document) if document else None


def iterate_whole(learner_ids: Sequence[int], *, revision: int) -> Iterator[StoredProfile]:
    """The profiles of these learners by this revision, with their moments; some at a time, since they are large."""
    for ids in documents.some_at_a_time(learner_ids):
        yield from map(_from_document, _profiles().find({"_id": {"$in": ids}, "revision": revision}))


def list_learner_ids() -> list[int]:
    """Ids of all who have a profile."""
    return [document["_id"] for document in _profiles().find({}, {"_id": 1})]


def count_attempts_by_learner(*, revision: int, parameters: int) -> dict[int, int]:
    """How many attempts each profile of these revisions was made from, by learner."""
    found = _profiles().find({"revision": revision, "parameters": parameters}, {"attempts": 1})
    return {document["_id"]: document["attempts"] for document in found}


def _profiles() -> Collection[Document]:
    return documents.collection("profiles")


def _to_document(stored: StoredProfile) -> Document:
    return {
        "_id": stored.learner_id,
        "attempts": stored.attempts,
        "revision": stored.revision,
        "parameters": stored.parameters,
        "values": stored.values,
        "last_finished_at": stored.last_finished_at,
    }


def _from_document(document: Document) -> StoredProfile:
    return StoredProfile(
        learner_id=document["_id"],
        attempts=document["attempts"],
        revision=document["revision"],
        parameters=document["parameters"],
        values=document["values"],
        last_finished_at=document["last_finished_at"],
    )
