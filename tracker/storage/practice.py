"""Practice in MongoDB: one card a learner and item, with every answer in it; an answer is one conditional write."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.assessment.family import split_version
from tracker.assessment.met import Meeting
from tracker.assessment.practice import Card, PracticeAnswer
from tracker.assessment.practice_set import Given
from tracker.storage import documents
from tracker.storage.documents import Document


def prepare_indexes() -> None:
    """Build the index that the queries below need; what is there already stays."""
    _practice().create_index([("learner_id", ASCENDING), ("due", ASCENDING)])


def list_due(learner_id: int, *, before: datetime) -> dict[str, Card]:
    """A learner's cards that are due before then, by item id."""
    return _cards({"learner_id": learner_id, "due": {"$lt": before}})


def list_cards(learner_id: int, item_ids: Iterable[str]) -> dict[str, Card]:
    """A learner's cards of these items, by item id; one that was never practised is absent."""
    wanted = [_id(learner_id, item_id) for item_id in item_ids]
    found: dict[str, Card] = {}
    for ids in documents.some_at_a_time(wanted):
        found |= _cards({"_id": {"$in": ids}})
    return found


def find_card(learner_id: int, item_id: str) -> tuple[Card, tuple[PracticeAnswer, ...]] | None:
    """A learner's card of an item, with all their answers to it, oldest first."""
    document = _practice().find_one({"_id": _id(learner_id, item_id)})
    return (_card(document), tuple(_answer(entry) for entry in document["answers"])) if document else None


def append_answer(card: Card, answer: PracticeAnswer) -> bool:
    """Save an answer and the card as it is after it, in one write, if there was exactly one answer less before.

    Says whether it was saved; if not, nothing is changed.
    """
    if card.seq == 1:
        return _add(card, answer)
    changed = _practice().update_one(
        {"_id": _id(card.learner_id, card.item_id), "seq": card.seq - 1},
        {"$push": {"answers": asdict(answer)}, "$set": asdict(card)},
    )
    return changed.modified_count == 1


def list_met(learner_id: int, *, since: datetime) -> list[Meeting]:
    """What practice has shown since then."""
    return [
        Meeting(at=document["last_at"], surfaces={document["item_id"]: _surfaces(document, since)})
        for document in _practice().find({"learner_id": learner_id, "last_at": {"$gte": since}})
    ]


def list_given(learner_ids: Sequence[int], *, since: datetime) -> dict[int, list[Given]]:
    """The answers that these learners have given since then, by learner; who gave none may be absent."""
    found: defaultdict[int, list[Given]] = defaultdict(list)
    for ids in documents.some_at_a_time(learner_ids):
        answered = {"learner_id": {"$in": ids}, "last_at": {"$gte": since}}
        for document in _practice().find(answered, {"learner_id": 1, "item_id": 1, "answers.at": 1}):
            topic_id = document["item_id"].rpartition("/")[0]
            found[document["learner_id"]] += [Given(topic_id, answer["at"]) for answer in document["answers"]]
    return found


def _practice() -> Collection[Document]:
    return documents.collection("practice")


def _id(learner_id: int, item_id: str) -> str:
    return f"{learner_id}/{item_id}"


def _surfaces(document: Document, since: datetime) -> set[str]:
    return {split_version(answer["item_version"])[1] for answer in document["answers"] if answer["at"] >= since}


def _add(card: Card, answer: PracticeAnswer) -> bool:
    document = {"_id": _id(card.learner_id, card.item_id), **asdict(card), "answers": [asdict(answer)]}
    try:
        _practice().insert_one(document)
    except DuplicateKeyError:
        return False
    return True


def _cards(wanted: Document) -> dict[str, Card]:
    found = _practice().find(wanted, {"answers": False})
    return {document["item_id"]: _card(document) for document in found}


def _card(document: Document) -> Card:
    values = {field.name: document[field.name] for field in fields(Card)}
    return Card(**{**values, "surfaces": tuple(document["surfaces"])})


def _answer(entry: Document) -> PracticeAnswer:
    return PracticeAnswer(**{**entry, "answer": tuple(entry["answer"])})
