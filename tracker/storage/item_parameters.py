"""Item parameters in MongoDB: one document a revision, never changed; the newest one counts."""

from dataclasses import asdict
from functools import lru_cache

from pymongo import DESCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.assessment.parameters import AUTHORS_WORD, Estimate, ParameterSet, Population
from tracker.storage import documents
from tracker.storage.documents import Document

MOST_KEPT = 4


def current() -> ParameterSet:
    """The newest revision; the authors' word before any."""
    newest = _parameters().find_one({}, {"_id": 1}, sort=[("_id", DESCENDING)])
    return get(newest["_id"]) if newest else AUTHORS_WORD


@lru_cache(MOST_KEPT)
def get(revision: int) -> ParameterSet:
    """One revision, kept in memory. Raises: KeyError if there is none."""
    document = _parameters().find_one({"_id": revision})
    if document is None:
        raise KeyError(revision)
    return _from_document(document)


def add(parameters: ParameterSet) -> bool:
    """Store a new revision. Says whether it was stored: not when one with its number is there already."""
    try:
        _parameters().insert_one(_to_document(parameters))
    except DuplicateKeyError:
        return False
    return True


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
    )
