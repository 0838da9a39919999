"""Attempts in MongoDB: one document each, every change one conditional update of it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Literal

import pymongo
from flask import Flask, current_app
from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tracker.assessment.assembly import Placement
from tracker.assessment.assigned_attempt import AssignedAttempt
from tracker.assessment.attempt import MOST_SIGNALS, REVIEW, Attempt, Event, Signal, Stop
from tracker.assessment.family import split_version
from tracker.assessment.item_types import Answer
from tracker.assessment.met import Meeting
from tracker.assessment.pace import BURST, Pace
from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.score import Report
from tracker.assessment.time_ledger import GRACE, Credit
from tracker.errors import NotFound
from tracker.storage import attempt_document, documents
from tracker.storage.attempt_document import FIELDS_OF_ASSIGNED, FIELDS_OF_HISTORY, FIELDS_OF_MARKED
from tracker.storage.documents import Document
from tracker.storage.latest_attempts import LatestAttempts

PACE = "pace"
LATEST = "latest_attempts"
PATIENCE_SECONDS = 60  # for what goes through all attempts

log = logging.getLogger(__name__)


def connect(app: Flask, pace: Pace | None) -> None:
    """Tell the app how fast attempts take changes; as fast as they come with None."""
    app.extensions[PACE] = pace
    app.extensions[LATEST] = LatestAttempts()


def get_pace() -> Pace | None:
    """How fast attempts take changes; None for as fast as they come."""
    pace: Pace | None = current_app.extensions[PACE]
    return pace


def prepare_indexes() -> None:
    """Build the indexes that the queries below need; what is there already stays.

    `open_key` is there while an attempt is open: it allows one open attempt a learner, assessment and assignment.
    `assigned_key` is there for good: it allows one attempt a learner, assignment and number.
    `assignment.assignment_id` finds all attempts under an assignment.
    """
    attempts = _attempts()
    attempts.create_index("open_key", unique=True, sparse=True)
    attempts.create_index("assigned_key", unique=True, sparse=True)
    attempts.create_index("assignment.assignment_id", sparse=True)
    attempts.create_index([("learner_id", ASCENDING), ("started_at", DESCENDING)])
    attempts.create_index([("finished_at", ASCENDING), ("deadline", ASCENDING)])


def add(attempt: Attempt) -> bool:
    """Store a new attempt, unless the learner has this assessment open already, or had this attempt at an assignment.

    Says whether it was stored.
    """
    try:
        _attempts().insert_one(attempt_document.write(attempt))
    except DuplicateKeyError:
        return False
    return True


def get(attempt_id: str, *, learner_id: int) -> Attempt:
    """A learner's own attempt. Raises: NotFound, also when it is somebody else's."""
    document = _attempts().find_one({"_id": attempt_id, "learner_id": learner_id})
    if document is None:
        raise NotFound
    return attempt_document.read(document)


def get_at(attempt_id: str, seq: int, *, learner_id: int) -> Attempt:
    """A learner's own attempt as this process stored it, if it is known to have been at `seq` then; else as `get`.

    It may have been changed since, so it is for `append_turn` only, and given once: the next time it is read.
    Raises: NotFound, as `get`.
    """
    kept = _latest().take(attempt_id)
    if kept and (kept.seq, kept.learner_id) == (seq, learner_id):
        return kept
    return get(attempt_id, learner_id=learner_id)


def get_of_anybody(attempt_id: str) -> Attempt:
    """An attempt, whosever it is. Raises: NotFound."""
    document = _attempts().find_one({"_id": attempt_id})
    if document is None:
        raise NotFound
    return attempt_document.read(document)


def find_open(learner_id: int, assessment_slug: str, *, assignment_id: str | None = None) -> Attempt | None:
    """The attempt that a learner has open at an assessment, of their own will or under an assignment."""
    document = _attempts().find_one({"open_key": attempt_document.open_key(learner_id, assessment_slug, assignment_id)})
    return attempt_document.read(document) if document else None


def find_by_key(learner_id: int, key: str) -> Attempt | None:
    """The attempt of a learner that has an event with this request's key."""
    document = _attempts().find_one({"learner_id": learner_id, "events.key": key})
    return attempt_document.read(document) if document else None


def count_assigned(learner_id: int, assignment_id: str) -> int:
    """How many attempts a learner has started under an assignment."""
    return _attempts().count_documents({"learner_id": learner_id, "assignment.assignment_id": assignment_id})


def list_assigned(assignment_ids: Sequence[str]) -> list[AssignedAttempt]:
    """Everybody's attempts under these assignments, as leads may see them."""
    return [
        attempt_document.read_assigned(document)
        for ids in documents.some_at_a_time(assignment_ids)
        for document in _attempts().find(
            {"assignment.assignment_id": {"$in": ids}}, dict.fromkeys(FIELDS_OF_ASSIGNED, 1)
        )
    ]


def is_there(attempt_id: str) -> bool:
    """Whether there is an attempt with this id."""
    return _attempts().find_one({"_id": attempt_id}, {"_id": 1}) is not None


def find_last_finish(learner_id: int, assessment_slug: str) -> datetime | None:
    """When a learner's last attempt at an assessment ended; None without one."""
    taken = {"learner_id": learner_id, "assessment_slug": assessment_slug, "finished_at": {"$ne": None}}
    return max((found["finished_at"] for found in _attempts().find(taken, {"finished_at": 1})), default=None)


def list_of(learner_id: int) -> list[Attempt]:
    """All attempts of a learner that can be read, newest first."""
    found = _attempts().find({"learner_id": learner_id}).sort([("started_at", DESCENDING), ("_id", ASCENDING)])
    return _readable(found)


def list_marked(learner_id: int) -> list[MarkedAttempt]:
    """A learner's finished attempts, as scoring sees them, in the order they ended."""
    found = (
        _attempts()
        .find({"learner_id": learner_id, "finished_at": {"$ne": None}}, dict.fromkeys(FIELDS_OF_MARKED, 1))
        .sort([("finished_at", ASCENDING), ("_id", ASCENDING)])
    )
    return [attempt_document.read_marked(document) for document in found]


def list_met(learner_id: int, *, apart_from: str | None = None) -> list[Meeting]:
    """What was ever in a form of this learner, one attempt's apart."""
    taken = {"learner_id": learner_id, "_id": {"$ne": apart_from}}
    found = _attempts().find(taken, {"started_at": 1, "form.item_id": 1, "form.item_version": 1})
    return [
        Meeting(
            at=document["started_at"],
            surfaces={place["item_id"]: [split_version(place["item_version"])[1]] for place in document["form"]},
        )
        for document in found
    ]


def get_quiz_history(learner_id: int, *, now: datetime) -> QuizHistory:
    """What a learner's attempts mean for their practice."""
    found = list(_attempts().find({"learner_id": learner_id}, dict.fromkeys(FIELDS_OF_HISTORY, 1)))
    return attempt_document.read_quiz_history(found, now)


def get_past(learner_id: int, *, now: datetime) -> tuple[list[MarkedAttempt], QuizHistory]:
    """Both `list_marked` and `get_quiz_history` in one read."""
    wanted = [name for name in FIELDS_OF_HISTORY if not name.startswith("responses.")]
    found = list(_attempts().find({"learner_id": learner_id}, dict.fromkeys([*FIELDS_OF_MARKED, *wanted], 1)))
    over = sorted((one for one in found if one["finished_at"]), key=lambda one: (one["finished_at"], one["_id"]))
    marked = [attempt_document.read_marked(document) for document in over]
    return marked, attempt_document.read_quiz_history(found, now)


def count(learner_id: int) -> int:
    """How many attempts a learner has."""
    return _attempts().count_documents({"learner_id": learner_id})


def count_finished(learner_id: int) -> int:
    """How many of a learner's attempts are over."""
    return _attempts().count_documents({"learner_id": learner_id, "finished_at": {"$ne": None}})


def count_finished_by_learner() -> dict[int, int]:
    """How many attempts are over, by learner; goes through all of them."""
    with pymongo.timeout(PATIENCE_SECONDS):
        counted = _attempts().aggregate(
            [
                {"$match": {"finished_at": {"$ne": None}}},
                {"$group": {"_id": "$learner_id", "attempts": {"$sum": 1}}},
            ]
        )
        return {entry["_id"]: entry["attempts"] for entry in counted}


def list_learners_done_since(moment: datetime) -> list[int]:
    """Ids of the learners of whom an attempt ended after this moment."""
    found = _attempts().find({"finished_at": {"$gt": moment}}, {"learner_id": 1})
    return sorted({document["learner_id"] for document in found})


def list_overdue_ids(now: datetime) -> list[str]:
    """Ids of the open attempts whose time, and the grace, are over."""
    return _ids({"finished_at": None, "deadline": {"$lt": now - GRACE}})


def list_ids_open_at(moment: datetime) -> list[str]:
    """Ids of the open attempts that had begun before this moment and whose time was not over then."""
    return _ids({"finished_at": None, "deadline": {"$gt": moment}, "started_at": {"$lt": moment}})


def list_overdue_ids_of(learner_id: int, *, now: datetime) -> list[str]:
    """Ids of a learner's open attempts whose time, and the grace, are over."""
    return _ids({"learner_id": learner_id, "finished_at": None, "deadline": {"$lt": now - GRACE}})


def append_answer(
    attempt_id: str,
    *,
    learner_id: int,
    seq: int,
    item_version: str,
    position: int,
    answer: Answer,
    then: int,
    arrived_at: datetime,
    key: str = "",
) -> Attempt | None:
    """Save an answer in one update, if the attempt is this learner's, open, in time and unchanged since `seq`.

    key: the request's; another with the same key is refused. An adaptive attempt, which is no form to move about in,
    takes an answer only to its last place, and stays there.
    Returns: the attempt with the answer in it; None when any of these does not hold, and then nothing is changed.
    """
    event = Event(seq=seq + 1, type="answered", at=arrived_at, position=position, then=then, answer=answer, key=key)
    served = {f"form.{position}.item_version": item_version}
    saved = _append(event, attempt_id, learner_id, {**served, "plan": None})
    if saved or then != position:
        return saved
    return _append(event, attempt_id, learner_id, {**served, f"form.{position + 1}": {"$exists": False}})


def append_turn(attempt: Attempt, event: Event, *, place: Placement | None, stopped_by: Stop | None) -> Attempt | None:
    """Save an answer of an adaptive attempt and what follows, one more place or the rule that stops it, in one update.

    Under the conditions of `append_answer`, the attempt and its time being as they were read. Returns: as
    `append_answer`.
    """
    if event.at > attempt.deadline + GRACE:
        return None
    conditions = {**_open_in_time(event, attempt.id, attempt.learner_id), **_same_time(attempt)}
    change: Document = {
        "$push": {"events": asdict(event)},
        "$set": {"seq": event.seq, "stopped_by": stopped_by},
    }
    if place:
        change["$push"]["form"] = asdict(place)
    if not _attempts().update_one(conditions, change).modified_count:
        return None
    turned = replace(
        attempt,
        events=(*attempt.events, event),
        form=(*attempt.form, place) if place else attempt.form,
        stopped_by=stopped_by,
    )
    _latest().keep(turned)
    return turned


def append_move(attempt_id: str, *, learner_id: int, seq: int, then: int, arrived_at: datetime) -> Attempt | None:
    """Go to another place in one update, under the conditions of `append_answer`. Returns: as `append_answer`."""
    event = Event(seq=seq + 1, type="moved", at=arrived_at, position=REVIEW, then=then)
    return _append(event, attempt_id, learner_id, {"plan": None})


def append_flag(
    attempt_id: str, *, learner_id: int, seq: int, position: int, is_on: bool, then: int, arrived_at: datetime
) -> Attempt | None:
    """Mark a place of a fixed form to come back to, or no longer, in one update.

    Under the conditions of `append_answer`. Returns: as `append_answer`.
    """
    kind: Literal["flagged", "unflagged"] = "flagged" if is_on else "unflagged"
    event = Event(seq=seq + 1, type=kind, at=arrived_at, position=position, then=then)
    return _append(event, attempt_id, learner_id, {"plan": None, f"form.{position}": {"$exists": True}})


def append_opened(attempt: Attempt, *, at: datetime, key: str = "") -> Attempt | None:
    """Note in one update that a page shows the attempt as it was read: its place stays.

    Under the conditions of `append_answer`. Returns: as `append_answer`.
    """
    place = attempt.position
    event = Event(seq=attempt.seq + 1, type="opened", at=at, position=place, then=place, key=key)
    return _append(event, attempt.id, attempt.learner_id, {})


def add_signal(attempt_id: str, signal: Signal, *, learner_id: int) -> bool:
    """Note what a page of a learner's own open attempt noticed; its number stays. Says whether it was noted."""
    has_room = {"finished_at": None, f"signals.{MOST_SIGNALS - 1}": {"$exists": False}}
    noted = _attempts().update_one(
        {"_id": attempt_id, "learner_id": learner_id, **has_room}, {"$push": {"signals": asdict(signal)}}
    )
    return noted.modified_count == 1


def add_credit(attempt: Attempt, credit: Credit) -> Attempt | None:
    """Give an attempt more time in one update, if it is open and its time is as it was read.

    Returns: the attempt with the credit; None when either does not hold, and then nothing is changed.
    """
    credited = attempt.credited(credit)
    return _update(
        {"_id": attempt.id, "finished_at": None, **_same_time(attempt)},
        {"$set": {"time": attempt_document.write_time(credited.time), "deadline": credited.deadline}},
    )


def finish(attempt: Attempt, *, finished_at: datetime, responses: Sequence[Response], report: Report) -> Attempt | None:
    """Close an attempt for good, with its score, if it is open and as it was read, its time too.

    Returns: the finished attempt; None when another request was first, and then nothing is changed.
    """
    event = Event(seq=attempt.seq + 1, type="finished", at=finished_at, position=REVIEW, then=REVIEW)
    return _update(
        {"_id": attempt.id, "finished_at": None, "seq": attempt.seq, "deadline": attempt.deadline},
        {
            "$push": {"events": asdict(event)},
            "$set": {
                "seq": event.seq,
                "finished_at": finished_at,
                "responses": [asdict(response) for response in responses],
                "report": asdict(report),
            },
            "$unset": {"open_key": ""},
        },
    )


def _attempts() -> Collection[Document]:
    return documents.collection("attempts")


def _latest() -> LatestAttempts:
    latest: LatestAttempts = current_app.extensions[LATEST]
    return latest


def _ids(conditions: Document) -> list[str]:
    return [document["_id"] for document in _attempts().find(conditions, {"_id": 1})]


def _append(event: Event, attempt_id: str, learner_id: int, conditions: Document) -> Attempt | None:
    """Add an event to a learner's own attempt while it is open, in time and unchanged since the event before.

    Returns: the attempt with it as its newest event, whatever came after it, unless that closed the attempt.
    """
    place = {} if event.then == REVIEW else {f"form.{event.then}": {"$exists": True}}
    change = {"$push": {"events": asdict(event)}, "$set": {"seq": event.seq}}
    saved = _update({**_open_in_time(event, attempt_id, learner_id), **place, **conditions}, change)
    return replace(saved, events=saved.events[: event.seq]) if saved and not saved.is_finished else saved


def _open_in_time(event: Event, attempt_id: str, learner_id: int) -> Document:
    """The conditions under which a learner's own attempt takes this event."""
    unused = {"events.key": {"$ne": event.key}} if event.key else {}
    return {
        "_id": attempt_id,
        "learner_id": learner_id,
        "finished_at": None,
        "seq": event.seq - 1,
        "deadline": {"$gte": event.at - GRACE},
        **unused,
        **_not_too_fast(event),
    }


def _same_time(attempt: Attempt) -> Document:
    """The conditions under which an attempt's time is as it was read."""
    return {"deadline": attempt.deadline, f"time.credits.{len(attempt.time.credits)}": {"$exists": False}}


def _not_too_fast(event: Event) -> Document:
    """The condition that the event so many places before this one is not of a moment ago."""
    pace, before = get_pace(), event.seq - 1 - BURST
    if pace is None or before < 0:
        return {}
    return {f"events.{before}.at": {"$not": {"$gt": event.at - pace.window, "$lte": event.at}}}


def _update(conditions: Document, change: Document) -> Attempt | None:
    """One conditional update, then a read by id: SecantusDB scans all attempts for a find_one_and_update."""
    if not _attempts().update_one(conditions, change).modified_count:
        return None
    document = _attempts().find_one({"_id": conditions["_id"]})
    return attempt_document.read(document) if document else None


def _readable(found: Iterable[Document]) -> list[Attempt]:
    """Those of these attempts that can be read; one that cannot be is logged, and hides no other."""
    attempts = []
    for document in found:
        try:
            attempts.append(attempt_document.read(document))
        except (KeyError, TypeError, ValueError):
            log.exception("Attempt %s could not be read", document["_id"])
    return attempts
