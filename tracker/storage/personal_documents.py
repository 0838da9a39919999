"""What the document store holds of a person, collection by collection: to take it away, and to forget it.

A collection that is in neither list fails the tests: whoever adds one says what it holds of people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pymongo
from pymongo.collection import Collection

from tracker.storage import documents
from tracker.storage.documents import Document
from tracker.storage.leavers import SOMEBODY

PATIENCE_SECONDS = 60
"""For what goes through a whole collection."""


@dataclass(frozen=True, slots=True)
class PersonalCollection:
    """What a collection holds of a learner in documents of their own.

    key: the field that is their id. order: the field by which they are told.
    """

    name: str
    what: str
    key: str = "learner_id"
    order: str = "_id"
    is_exported: bool = True

    def of(self, learner_id: int) -> Document:
        """What finds a learner's documents."""
        return {self.key: learner_id}


PERSONAL_COLLECTIONS = (
    PersonalCollection("attempts", "Your attempts, with every event.", order="started_at"),
    PersonalCollection("late_answers", "Answers that came after an attempt was over."),
    PersonalCollection("practice", "Your practice, with every answer.", order="due"),
    PersonalCollection("profiles", "Your profile: what your scores rest on.", key="_id"),
    PersonalCollection("next_steps", "The next steps that you were shown.", order="made_at"),
    PersonalCollection("standings", "The profile's numbers once more, packed.", key="_id", is_exported=False),
)

SHARED_COLLECTIONS: Mapping[str, str] = {
    "group_figures": "figures of a group; they go with anybody who was part of them",
    "group_tellings": "what was told of a group; whoever was part of it becomes a number that means nobody",
    "group_people": "whom a group was ever told of; as in its tellings",
    "item_reviews": "decisions about items, with their authors' names; who left is named no more",
    "item_statistics": "of all learners together",
    "item_parameters": "of all learners together",
    "exposures": "of all learners together",
    "item_sources": "the texts of items",
    "heartbeats": "when the service was up",
    "leases": "which process does what",
    "counters": "how often somebody tried something; gone within an hour",
    "windows": "how often somebody tried something; gone within an hour",
}
"""Collections without documents of one person, and what becomes of what they hold when somebody is erased."""


def iterate_of(kept: PersonalCollection, learner_id: int) -> Iterator[Document]:
    """What a collection holds of a learner, in its order."""
    yield from _collection(kept.name).find(kept.of(learner_id)).sort(kept.order)


def forget(learner_id: int) -> int:
    """Delete all documents of a learner's own; doing it again changes nothing. Returns: how many there were."""
    with pymongo.timeout(PATIENCE_SECONDS):
        return sum(
            _collection(kept.name).delete_many(kept.of(learner_id)).deleted_count for kept in PERSONAL_COLLECTIONS
        )


def forget_giver(giver_id: int, *, learner_ids: Sequence[int]) -> None:
    """Let the time that somebody gave to these learners stay theirs, given by nobody.

    Some learners at a time: going through all attempts at once, the embedded store would keep others waiting.
    """
    for ids in documents.some_at_a_time(learner_ids):
        with pymongo.timeout(PATIENCE_SECONDS):
            _collection("attempts").update_many(
                {"learner_id": {"$in": ids}, "time.credits.giver_id": giver_id},
                {"$set": {"time.credits.$[credit].giver_id": None}},
                array_filters=[{"credit.giver_id": giver_id}],
            )


def forget_author(name: str) -> None:
    """Let decisions about items that somebody of this name made stay, made by somebody who left."""
    _collection("item_reviews").update_many(
        {"decisions.by": name},
        {"$set": {"decisions.$[decision].by": SOMEBODY}},
        array_filters=[{"decision.by": name}],
    )


def forget_in_groups(learner_id: int, *, nobody: int) -> None:
    """Let no group's figures name a learner any more: shown ones go, told ones keep a number that is nobody's.

    What may be told of others rests on what was told before, and on which parts of it were one person's.
    """
    with pymongo.timeout(PATIENCE_SECONDS):
        _collection("group_figures").delete_many({"learners": learner_id})
        for people in list(_collection("group_people").find({"learners": learner_id})):
            for telling in _collection("group_tellings").find({"cohort_id": people["_id"]}, {"figure": False}):
                _forget_in_telling(telling, learner_id, nobody)
            learners = sorted(nobody if one == learner_id else one for one in people["learners"])
            _collection("group_people").update_one({"_id": people["_id"]}, {"$set": {"learners": learners}})


def _forget_in_telling(telling: Document, learner_id: int, nobody: int) -> None:
    changed: Document = {name: _without(telling[name], learner_id, nobody) for name in ("exposed", "known")}
    changed["groups"] = [_without(group, learner_id, nobody) for group in telling["groups"]]
    if any(telling[name] != value for name, value in changed.items()):
        _collection("group_tellings").update_one({"_id": telling["_id"]}, {"$set": changed})


def _without(parts: list[list[int]], learner_id: int, nobody: int) -> list[list[int]]:
    return sorted([nobody if who == learner_id else who, datum] for who, datum in parts)


def _collection(name: str) -> Collection[dict[str, Any]]:
    return documents.collection(name)
