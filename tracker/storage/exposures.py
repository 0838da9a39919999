"""How often adaptive attempts gave each item, in MongoDB: one document, counted up once an attempt, when it ends."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from pymongo.collection import Collection as DocumentCollection

from tracker.storage import documents
from tracker.storage.documents import Document

_ADAPTIVE = "adaptive"


@dataclass(frozen=True, slots=True)
class Exposures:
    """How many attempts covered each topic, by its id, and gave each item, by the version of its file."""

    attempts: Counter[str]
    given: Counter[str]


def get() -> Exposures:
    """What was counted so far."""
    document = _exposures().find_one({"_id": _ADAPTIVE}) or {}
    return Exposures(Counter(document.get("attempts", {})), Counter(document.get("given", {})))


def count(*, topic_ids: Collection[str], file_versions: Collection[str]) -> None:
    """Count one more attempt that covered these topics and gave these items."""
    steps = {f"attempts.{topic_id}": 1 for topic_id in topic_ids} | {f"given.{version}": 1 for version in file_versions}
    _exposures().update_one({"_id": _ADAPTIVE}, {"$inc": steps}, upsert=True)


def _exposures() -> DocumentCollection[Document]:
    return documents.collection("exposures")
