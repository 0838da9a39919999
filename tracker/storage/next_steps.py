"""Next steps in MongoDB: one document for each set of steps that was shown, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.storage import documents
from tracker.storage.documents import Document


@dataclass(frozen=True, slots=True)
class StoredSteps:
    """Steps as plain values, and all that they were made from.

    attempts: ids of the finished attempts, in the order they ended. model, parameters, roadmap: the scoring model's and
    the items' parameters' revisions, and the roadmap's hash. made_at is aware UTC.
    """

    id: str
    learner_id: int
    made_at: datetime
    attempts: tuple[str, ...]
    model: int
    parameters: int
    roadmap: str
    steps: Sequence[Document]


def prepare_indexes() -> None:
    """Build the index that the queries below need; what is there already stays."""
    _steps().create_index([("learner_id", ASCENDING), ("made_at", DESCENDING)])


def add(stored: StoredSteps) -> None:
    """Store steps for good; the same again changes nothing."""
    try:
        _steps().insert_one(_to_document(stored))
    except DuplicateKeyError:
        return


def find_newest(learner_id: int) -> StoredSteps | None:
    """The steps that a learner was shown last."""
    document = _steps().find_one({"learner_id": learner_id}, sort=[("made_at", DESCENDING)])
    return _from_document(document) if document else None


def list_of(learner_id: int) -> list[StoredSteps]:
    """All steps that a learner was shown, newest first."""
    found = _steps().find({"learner_id": learner_id}).sort([("made_at", DESCENDING)])
    return [_from_document(document) for document in found]


def list_learner_ids(*, before: datetime) -> list[int]:
    """Ids of all who were shown steps before this moment."""
    found = _steps().find({"made_at": {"$lt": before}}, {"learner_id": 1})
    return sorted({document["learner_id"] for document in found})


def _steps() -> Collection[Document]:
    return documents.collection("next_steps")


def _to_document(stored: StoredSteps) -> Document:
    return {
        "_id": stored.id,
        "learner_id": stored.learner_id,
        "made_at": stored.made_at,
        "attempts": list(stored.attempts),
        "model": stored.model,
        "parameters": stored.parameters,
        "roadmap": stored.roadmap,
        "steps": list(stored.steps),
    }


def _from_document(document: Document) -> StoredSteps:
    return StoredSteps(
        id=document["_id"],
        learner_id=document["learner_id"],
        made_at=document["made_at"],
        attempts=tuple(document["attempts"]),
        model=document["model"],
        parameters=document["parameters"],
        roadmap=document["roadmap"],
        steps=document["steps"],
    )
