"""Standings in MongoDB: of each profile, the few numbers that a cohort's pages need, so that many are read at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.storage import documents
from tracker.storage.documents import Document

BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class StoredStanding:
    """A packed standing of this format, and what the profile it is of was made from, as in `StoredProfile`."""

    learner_id: int
    attempts: int
    revision: int
    parameters: int
    format: int
    skills: tuple[str, ...]
    numbers: bytes


def put(stored: StoredStanding) -> None:
    """Store a standing, unless a newer revision or one made from more attempts is there already."""
    made_from = ("attempts", "revision", "parameters", "format")
    older = {name: {"$not": {"$gt": getattr(stored, name)}} for name in made_from}
    try:
        _standings().replace_one({"_id": stored.learner_id, **older}, to_document(stored), upsert=True)
    except DuplicateKeyError:
        return


def find(learner_id: int, *, revision: int, format: int) -> StoredStanding | None:
    """A learner's standing, if this revision of the scoring model and this format made it."""
    document = _standings().find_one({"_id": learner_id, "revision": revision, "format": format})
    return _from_document(document) if document else None


def list_of(learner_ids: Sequence[int], *, revision: int, format: int) -> dict[int, StoredStanding]:
    """The standings of these learners by this revision and format, by learner; who has none is absent."""
    return {
        document["_id"]: _from_document(document)
        for ids in documents.some_at_a_time(learner_ids)
        for document in _standings().find({"_id": {"$in": ids}, "revision": revision, "format": format})
    }


def list_learner_ids() -> list[int]:
    """Ids of all who have a standing."""
    return [document["_id"] for document in _standings().find({}, {"_id": 1})]


def count_attempts_by_learner(*, revision: int, parameters: int, format: int) -> dict[int, int]:
    """How many attempts each standing of these revisions and this format was made from, by learner."""
    made = {"revision": revision, "parameters": parameters, "format": format}
    return {document["_id"]: document["attempts"] for document in _standings().find(made, {"attempts": 1})}


def _standings() -> Collection[Document]:
    return documents.collection("standings")


def to_document(stored: StoredStanding) -> Document:
    """How a standing is stored."""
    return {
        "_id": stored.learner_id,
        "attempts": stored.attempts,
        "revision": stored.revision,
        "parameters": stored.parameters,
        "format": stored.format,
        "skills": BETWEEN.join(stored.skills),
        "numbers": stored.numbers,
    }


def _from_document(document: Document) -> StoredStanding:
    return StoredStanding(
        learner_id=document["_id"],
        attempts=document["attempts"],
        revision=document["revision"],
        parameters=document["parameters"],
        format=document["format"],
        skills=tuple(document["skills"].split(BETWEEN)) if document["skills"] else (),
        numbers=document["numbers"],
    )
