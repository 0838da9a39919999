"""Reviews of flagged items in MongoDB: one document a version of an item's file, to which every decision is added."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from pymongo.collection import Collection as DocumentCollection

from tracker.assessment.item_review import UNDER_REVIEW, Decision, ItemReview
from tracker.storage import documents
from tracker.storage.documents import Document


def find(version: str) -> ItemReview | None:
    """The review of this version of a file; None when it was never flagged."""
    document = _reviews().find_one({"_id": version})
    return _from_document(document) if document else None


def list_all() -> dict[str, ItemReview]:
    """Every review there ever was, by the file's version."""
    return {document["_id"]: _from_document(document) for document in _reviews().find()}


def list_unscored(versions: Collection[str]) -> frozenset[str]:
    """Those of these files' versions that are under review now."""
    found = _reviews().find({"_id": {"$in": list(versions)}, "state": UNDER_REVIEW}, {"_id": 1})
    return frozenset(document["_id"] for document in found)


def add_decision(version: str, decision: Decision, *, item_id: str, rules: Collection[str] = ()) -> None:
    """Add a decision, with the alarms it weighed, to the review of a file's version; the first one opens the review."""
    _reviews().update_one(
        {"_id": version},
        {
            "$set": {"item_id": item_id, "state": decision.state},
            "$push": {"decisions": asdict(decision)},
            "$addToSet": {"rules": {"$each": sorted(rules)}},
        },
        upsert=True,
    )


def _reviews() -> DocumentCollection[Document]:
    return documents.collection("item_reviews")


def _from_document(document: dict[str, Any]) -> ItemReview:
    return ItemReview(
        version=document["_id"],
        item_id=document["item_id"],
        state=document["state"],
        rules=tuple(document["rules"]),
        decisions=tuple(Decision(**entry) for entry in document["decisions"]),
    )
