"""Leases in MongoDB: of several processes one does a work, as long as it says again and again that it does."""

from datetime import datetime, timedelta

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.storage import documents
from tracker.storage.documents import Document


def take(work: str, *, holder: str, now: datetime, length: timedelta) -> bool:
    """Take a lease, or go on holding it, for this long. Says whether it is held; else somebody else holds it.

    One that ends later than any that was taken now would is from before the clock was set back: it counts for nothing.
    """
    is_free = [{"holder": holder}, {"ends_at": {"$lt": now}}, {"ends_at": {"$gt": now + 2 * length}}]
    change = {"$set": {"holder": holder, "ends_at": now + length}}
    try:
        _leases().update_one({"_id": work, "$or": is_free}, change, upsert=True)
    except DuplicateKeyError:
        return False
    return True


def list_held(now: datetime) -> frozenset[str]:
    """The works that somebody says to be doing."""
    return frozenset(lease["_id"] for lease in _leases().find({}) if lease["ends_at"] > now)


def give_up(work: str, *, holder: str) -> None:
    """End a lease that is held, so that somebody else can take it at once."""
    _leases().delete_one({"_id": work, "holder": holder})


def _leases() -> Collection[Document]:
    return documents.collection("leases")
