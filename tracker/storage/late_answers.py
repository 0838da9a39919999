"""Late answers in MongoDB: one document an attempt, each answer in it once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.assessment.late_answer import MOST_LATE, LateAnswer
from tracker.storage import documents
from tracker.storage.documents import Document


def prepare_indexes() -> None:
    """Build the index that finds all of somebody's; what is there already stays."""
    _late_answers().create_index("learner_id")


def add(late: LateAnswer, *, attempt_id: str, learner_id: int) -> LateAnswer | None:
    """Keep a late answer, unless one of its id is there or the attempt has as many as it keeps.

    Returns: what is kept under its id; None when that is nothing.
    """
    _open(attempt_id, learner_id)
    _late_answers().update_one(
        {"_id": attempt_id, "answers.id": {"$ne": late.id}, f"answers.{MOST_LATE - 1}": {"$exists": False}},
        {"$push": {"answers": _to_entry(late)}},
    )
    return next((kept for kept in list_of(attempt_id) if kept.id == late.id), None)


def list_of(attempt_id: str) -> tuple[LateAnswer, ...]:
    """An attempt's late answers, in the order they came."""
    document = _late_answers().find_one({"_id": attempt_id})
    return tuple(_late_answer(entry) for entry in document["answers"]) if document else ()


def count_of(attempt_ids: Sequence[str]) -> dict[str, int]:
    """How many late answers these attempts have, by id; those without any are absent."""
    counted: dict[str, int] = {}
    for ids in documents.some_at_a_time(attempt_ids):
        found = _late_answers().find({"_id": {"$in": ids}}, {"answers.id": 1})
        counted |= {document["_id"]: len(document["answers"]) for document in found}
    return counted


def _late_answers() -> Collection[Document]:
    return documents.collection("late_answers")


def _open(attempt_id: str, learner_id: int) -> None:
    """Make the attempt's document, if it is not there."""
    try:
        _late_answers().insert_one({"_id": attempt_id, "learner_id": learner_id, "answers": []})
    except DuplicateKeyError:
        return


def _to_entry(late: LateAnswer) -> Document:
    entry = asdict(late)
    late_by = entry.pop("late_by")
    return {"id": late.id, **entry, "late_by_seconds": late_by.total_seconds()}


def _late_answer(entry: dict[str, Any]) -> LateAnswer:
    return LateAnswer(
        seq=entry["seq"],
        position=entry["position"],
        item_version=entry["item_version"],
        answer=tuple(entry["answer"]),
        key=entry["key"],
        arrived_at=entry["arrived_at"],
        late_by=timedelta(seconds=entry["late_by_seconds"]),
    )
