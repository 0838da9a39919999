"""What the stores hold, looked at as it is stored: whose documents they are, what they refer to, what is broken."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pymongo

from tracker.assessment.family import split_version
from tracker.storage import attempt_document, documents
from tracker.storage.documents import Document
from tracker.storage.personal_documents import PERSONAL_COLLECTIONS

PATIENCE_SECONDS = 60 * 60
BATCH = 100


@dataclass(slots=True)
class Attempts:
    """Of all attempts: their ids, the item files that they and practice serve, and what is wrong with which."""

    ids: set[str] = field(default_factory=set)
    file_versions: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def read_attempts() -> Attempts:
    """Go through all attempts and practice."""
    found = Attempts()
    with pymongo.timeout(PATIENCE_SECONDS):
        for document in documents.collection("attempts").find({}, batch_size=BATCH):
            found.ids.add(document["_id"])
            found.file_versions.update(split_version(place["item_version"])[0] for place in document["form"])
            found.faults += [f"Attempt {document['_id']} {fault}." for fault in list_faults(document)]
        for card in documents.collection("practice").find({}, {"answers.item_version": 1}, batch_size=BATCH):
            found.file_versions.update(split_version(answer["item_version"])[0] for answer in card["answers"])
    return found


def list_faults(document: Document) -> Iterator[str]:
    """What is wrong with an attempt's document in itself, as the ends of sentences."""
    try:
        attempt = attempt_document.read(document)
    except (KeyError, TypeError, ValueError) as error:
        yield f"cannot be read ({type(error).__name__}: {error})"
        return
    numbers = [event.seq for event in attempt.events]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "lacks an event, or has one twice"
    elif document["seq"] != attempt.seq:
        yield "does not end with its newest event"
    keys = Counter(event.key for event in attempt.events if event.key)
    if any(count > 1 for count in keys.values()):
        yield "has taken the same request twice"
    finishes = [event.type for event in attempt.events].count("finished")
    if finishes != (attempt.finished_at is not None):
        yield "is not as finished as its events say"
    if ("open_key" in document) != (attempt.finished_at is None):
        yield "does not say rightly whether it is open"
    if document["deadline"] != attempt.deadline:
        yield "has a deadline that does not follow from its time"


def list_learner_ids() -> dict[str, set[int]]:
    """Whose documents each collection of people's own has."""
    found = {}
    with pymongo.timeout(PATIENCE_SECONDS):
        for kept in PERSONAL_COLLECTIONS:
            name = "_id" if kept.of(0) == {"_id": 0} else "learner_id"
            cursor = documents.collection(kept.name).find({}, {name: 1}, batch_size=BATCH * BATCH)
            found[kept.name] = {document[name] for document in cursor}
    return found


def list_late_attempt_ids() -> set[str]:
    """The attempts that late answers were kept of."""
    with pymongo.timeout(PATIENCE_SECONDS):
        return {document["_id"] for document in documents.collection("late_answers").find({}, {"_id": 1})}


def list_source_versions() -> set[str]:
    """The versions of the item files that were ever served."""
    with pymongo.timeout(PATIENCE_SECONDS):
        return {document["_id"] for document in documents.collection("item_sources").find({}, {"_id": 1})}
