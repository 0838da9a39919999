"""The least that documents must be, held by the document store itself against whatever writes to it (`$jsonSchema`).

Only what a learner's record rests on, and of it what no version of ours will ever leave out: old and new versions can
share a store. The newest shape is declared at every start; what is stored already is judged when it is changed.
"""

from collections.abc import Mapping

from tracker.storage import documents
from tracker.storage.documents import Document

NUMBER = {"bsonType": ["int", "long"]}
TEXT = {"bsonType": "string"}
MOMENT = {"bsonType": "date"}
LIST = {"bsonType": "array"}
MAP = {"bsonType": "object"}


def _shape(**properties: Document) -> Document:
    return {"bsonType": "object", "required": sorted(properties), "properties": properties}


def _list_of(**properties: Document) -> Document:
    return {"bsonType": "array", "items": _shape(**properties)}


SHAPES: Mapping[str, Document] = {
    "attempts": _shape(
        _id=TEXT,
        learner_id=NUMBER,
        assessment_slug=TEXT,
        form=_list_of(item_id=TEXT, item_version=TEXT),
        started_at=MOMENT,
        deadline=MOMENT,
        seq=NUMBER,
        events=_list_of(seq=NUMBER, type=TEXT, at=MOMENT),
        finished_at={"bsonType": ["date", "null"]},
        responses=LIST,
    ),
    "late_answers": _shape(_id=TEXT, learner_id=NUMBER, answers=_list_of(id=TEXT, arrived_at=MOMENT)),
    "item_sources": _shape(_id=TEXT, item_id=TEXT, text=TEXT),
    "practice": _shape(_id=TEXT, learner_id=NUMBER, item_id=TEXT, seq=NUMBER, answers=_list_of(at=MOMENT)),
    "profiles": _shape(_id=NUMBER, attempts=NUMBER, revision=NUMBER, parameters=NUMBER, values=MAP),
    "standings": _shape(_id=NUMBER, attempts=NUMBER, revision=NUMBER, parameters=NUMBER, format=NUMBER),
    "next_steps": _shape(_id=TEXT, learner_id=NUMBER, made_at=MOMENT, steps=LIST),
    "item_reviews": _shape(_id=TEXT, item_id=TEXT, state=TEXT, decisions=_list_of(at=MOMENT)),
}


def declare() -> None:
    """Let the document store hold all of these; doing so again changes nothing. Raises: PyMongoError.

    What does not fit already may go on as it is; what fits once must go on to do so.
    """
    there = documents.list_options()
    for name in _list_undeclared(there):
        verb = "collMod" if name in there else "create"
        documents.command({verb: name, "validator": _validator(name), "validationLevel": "moderate"})


def list_undeclared() -> list[str]:
    """The collections that the document store does not hold to their shape. Raises: PyMongoError."""
    return _list_undeclared(documents.list_options())


def _list_undeclared(there: Mapping[str, Document]) -> list[str]:
    return [name for name in SHAPES if there.get(name, {}).get("validator") != _validator(name)]


def _validator(name: str) -> Document:
    return {"$jsonSchema": SHAPES[name]}
