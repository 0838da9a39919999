"""Item parameters in MongoDB: one document a revision, never changed; the newest one counts.

One more document says which is the newest: SecantusDB would go through all of them to find out, at every request.
"""

from dataclasses import asdict
from datetime import datetime
from functools import lru_cache

from pymongo import DESCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.assessment.parameters import AUTHORS_WORD, Estimate, ParameterSet, Population
from tracker.storage import documents
from tracker.storage.documents import Document

NEWEST = "newest"
MOST_KEPT = 4
MOST_SHOWN = 12


def current() -> ParameterSet:
    """The newest revision; the authors' word before any."""
    newest = _parameters().find_one({"_id": NEWEST})
    return get(newest["revision"]) if newest else AUTHORS_WORD


@lru_cache(MOST_KEPT)
def get(revision: int) -> ParameterSet:
    """One revision, kept in memory. Raises: KeyError if there is none."""
    if revision == AUTHORS_WORD.revision:
        return AUTHORS_WORD
    document = _parameters().find_one({"_id": revision})
    if document is None:
        raise KeyError(revision)
    return _from_document(document)


def find_before(moment: datetime) -> ParameterSet | None:
    """The newest revision that was made before a moment; None when there is none."""
    older = _parameters().find_one({"made_at": {"$lt": moment}}, {"_id": 1}, sort=[("_id", DESCENDING)])
    return get(older["_id"]) if older else None


def list_revisions() -> list[int]:
    """The numbers of all revisions, oldest first; the authors' word is not among them."""
    stored = _parameters().find({"_id": {"$ne": NEWEST}}, {"_id": 1})
    return sorted(document["_id"] for document in stored)


def history(version: str) -> list[tuple[datetime, Estimate]]:
    """What the newest dozen revisions say of this version of an item's file, and when they were made; oldest first."""
    newest, field = current().revision, f"estimates.{version}"
    shown = list(range(max(1, newest - MOST_SHOWN + 1), newest + 1))
    found = _parameters().find({"_id": {"$in": shown}, field: {"$exists": True}}, {"made_at": 1, field: 1})
    ordered = sorted(found, key=lambda document: document["_id"])
    return [(document["made_at"], Estimate(**document["estimates"][version])) for document in ordered]


def add(parameters: ParameterSet) -> bool:
    """Store a new revision. Says whether it was stored: not when one with its number is there already.

    It counts once it is called the newest; a crash before that is mended by adding one with its number again.
    """
    try:
        _parameters().insert_one(_to_document(parameters))
        is_stored = True
    except DuplicateKeyError:
        is_stored = False
    _parameters().update_one({"_id": NEWEST}, {"$max": {"revision": parameters.revision}}, upsert=True)
    return is_stored


def _parameters() -> Collection[Document]:
    return documents.collection("item_parameters")


def _to_document(parameters: ParameterSet) -> Document:
    values = asdict(parameters)
    return {"_id": values.pop("revision"), **values}


def _from_document(document: Document) -> ParameterSet:
    return ParameterSet(
        revision=document["_id"],
        made_at=document["made_at"],
        estimates={version: Estimate(**values) for version, values in document["estimates"].items()},
        area_walk=document["area_walk"],
        topic_walk=document["topic_walk"],
        populations={
            slug: Population(people=values["people"], weights=tuple(values["weights"]))
            for slug, values in document["populations"].items()
        },
        responses=document.get("responses", 0),
        log=document.get("log", ""),
    )
