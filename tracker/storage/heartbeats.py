"""The service's heartbeat in MongoDB: one document that says when the service was last known to be up."""

from datetime import datetime

from pymongo.collection import Collection

from tracker.storage import documents
from tracker.storage.documents import Document

SERVICE = "service"


def beat(now: datetime) -> None:
    """Note that the service is up."""
    _heartbeats().update_one({"_id": SERVICE}, {"$set": {"at": now}}, upsert=True)


def find_last() -> datetime | None:
    """When the service was last known to be up; None when that was never noted."""
    document = _heartbeats().find_one({"_id": SERVICE})
    return document["at"] if document else None


def _heartbeats() -> Collection[Document]:
    return documents.collection("heartbeats")
