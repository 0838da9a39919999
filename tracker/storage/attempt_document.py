"""An attempt as a document of MongoDB, and back."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from tracker.assessment.assembly import Placement, Reason
from tracker.assessment.assigned_attempt import AssignedAttempt
from tracker.assessment.assignment import AssignedTerms, Release
from tracker.assessment.attempt import Attempt, Event, Plan, Signal
from tracker.assessment.noticed import Noticed
from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.score import Report, Score
from tracker.assessment.time_ledger import Credit, TimeLedger
from tracker.storage.documents import Document

SCHEMA = 1

FIELDS_OF_MARKED = ("finished_at", "responses", "report", "assignment")
FIELDS_OF_ASSIGNED = (
    "learner_id",
    "assignment.assignment_id",
    "assignment.number",
    "deadline",
    "finished_at",
    "signals.type",
)
FIELDS_OF_HISTORY = (
    "finished_at",
    "form.item_id",
    "plan.topic_ids",
    "assignment",
    "responses.item_id",
    "responses.mark",
    "responses.unscored",
)


def write(attempt: Attempt) -> Document:
    """The document of an attempt."""
    return {
        "_id": attempt.id,
        "schema": SCHEMA,
        "learner_id": attempt.learner_id,
        "assessment_slug": attempt.assessment_slug,
        "assessment_name": attempt.assessment_name,
        **_keys(attempt),
        "form": [asdict(place) for place in attempt.form],
        "seed": attempt.seed,
        "started_at": attempt.started_at,
        "time": write_time(attempt.time),
        "deadline": attempt.deadline,
        "seq": attempt.seq,
        "events": [asdict(event) for event in attempt.events],
        "finished_at": attempt.finished_at,
        "responses": [asdict(response) for response in attempt.responses],
        "report": asdict(attempt.report) if attempt.report else None,
        "plan": asdict(attempt.plan) if attempt.plan else None,
        "assignment": asdict(attempt.assignment) if attempt.assignment else None,
        "stopped_by": attempt.stopped_by,
        "signals": [asdict(signal) for signal in attempt.signals],
    }


def read(document: Document) -> Attempt:
    """The attempt in a document. Raises: KeyError, TypeError or ValueError when it holds none."""
    return Attempt(
        id=document["_id"],
        learner_id=document["learner_id"],
        assessment_slug=document["assessment_slug"],
        assessment_name=document["assessment_name"],
        form=tuple(_placement(place) for place in document["form"]),
        seed=document["seed"],
        started_at=document["started_at"],
        time=_time(document),
        events=tuple(_event(entry) for entry in document["events"]),
        finished_at=document["finished_at"],
        responses=tuple(_response(entry) for entry in document["responses"]),
        report=_report(document.get("report")),
        plan=_plan(document.get("plan")),
        assignment=terms_of(document),
        stopped_by=document.get("stopped_by"),
        signals=tuple(Signal(**entry) for entry in document.get("signals", [])),
    )


def read_marked(document: Document) -> MarkedAttempt:
    """An attempt that is over, as scoring sees it, of a document of `FIELDS_OF_MARKED`."""
    return MarkedAttempt(
        attempt_id=document["_id"],
        finished_at=document["finished_at"],
        responses=tuple(_response(entry) for entry in document["responses"]),
        report=_report(document.get("report")),
        assignment=terms_of(document),
    )


def read_assigned(document: Document) -> AssignedAttempt:
    """An attempt under an assignment, as leads may see it, of a document of `FIELDS_OF_ASSIGNED`."""
    return AssignedAttempt(
        assignment_id=document["assignment"]["assignment_id"],
        deadline=document["deadline"],
        finished_at=document["finished_at"],
        noticed=_noticed(document),
    )


def terms_of(document: Document) -> AssignedTerms | None:
    """The terms an attempt was assigned under; those from before there were assignments have none."""
    entry = document.get("assignment")
    return AssignedTerms(**{**entry, "release": Release(entry["release"])}) if entry else None


def read_quiz_history(found: Sequence[Document], now: datetime) -> QuizHistory:
    """What attempts mean for practice, of documents of `FIELDS_OF_HISTORY`.

    An attempt is open until it is closed: past its end, too, because an outage may still be made good.
    """
    still_open = [one for one in found if one["finished_at"] is None]
    over = sorted((one for one in found if one["finished_at"]), key=lambda one: one["finished_at"])
    unreleased = {one["_id"] for one in found if (terms := terms_of(one)) and not terms.is_released(now)}
    newest = {
        entry["item_id"]: (entry["mark"], one["finished_at"])
        for one in over
        if one["_id"] not in unreleased
        for entry in one["responses"]
        if entry.get("unscored") is None
    }
    holding = QuizHistory(
        open_item_ids=frozenset(place["item_id"] for one in still_open for place in one["form"]),
        open_topic_ids=frozenset(
            topic_id for one in still_open if one.get("plan") for topic_id in one["plan"]["topic_ids"]
        ),
        missed={},
        unreleased_item_ids=frozenset(
            place["item_id"] for one in found if one["_id"] in unreleased for place in one["form"]
        ),
    )
    missed = {item_id: at for item_id, (mark, at) in newest.items() if mark < 1 and not holding.holds_item(item_id)}
    return replace(holding, missed=missed)


def write_time(time: TimeLedger) -> Document:
    """The part of an attempt's document that its time is in."""
    return {
        "limit_seconds": time.limit.total_seconds(),
        "factor": time.factor,
        "credits": [_credit_document(credit) for credit in time.credits],
        "closes_at": time.closes_at,
        "extra_seconds": time.extra.total_seconds(),
    }


def open_key(learner_id: int, assessment_slug: str, assignment_id: str | None) -> str:
    """What the unique index of open attempts holds of one."""
    own = f"{learner_id}/{assessment_slug}"
    return f"{own}/{assignment_id}" if assignment_id else own


def _keys(attempt: Attempt) -> Document:
    """What the unique indexes hold of a new attempt."""
    learner_id, terms = attempt.learner_id, attempt.assignment
    if terms is None:
        return {"open_key": open_key(learner_id, attempt.assessment_slug, None)}
    return {
        "open_key": open_key(learner_id, attempt.assessment_slug, terms.assignment_id),
        "assigned_key": f"{terms.assignment_id}/{learner_id}/{terms.number}",
    }


def _time(document: Document) -> TimeLedger:
    """An attempt's time; those from before it was a ledger have a limit only."""
    if "time" not in document:
        return TimeLedger(timedelta(seconds=document["time_limit_seconds"]))
    entry = document["time"]
    return TimeLedger(
        limit=timedelta(seconds=entry["limit_seconds"]),
        factor=entry["factor"],
        credits=tuple(_credit(credit) for credit in entry["credits"]),
        closes_at=entry["closes_at"],
        extra=timedelta(seconds=entry.get("extra_seconds", 0)),
    )


def _credit_document(credit: Credit) -> Document:
    return {
        "id": credit.id,
        "at": credit.at,
        "seconds": credit.length.total_seconds(),
        "giver_id": credit.giver_id,
        "reason": credit.reason,
    }


def _credit(entry: Document) -> Credit:
    return Credit(
        id=entry["id"],
        at=entry["at"],
        length=timedelta(seconds=entry["seconds"]),
        giver_id=entry["giver_id"],
        reason=entry["reason"],
    )


def _placement(entry: dict[str, Any]) -> Placement:
    reason = entry.get("reason")
    return Placement(
        item_id=entry["item_id"],
        item_version=entry["item_version"],
        option_ids=tuple(entry["option_ids"]),
        reason=Reason(**reason) if reason else None,
    )


def _plan(entry: dict[str, Any] | None) -> Plan | None:
    return Plan(**{**entry, "topic_ids": tuple(entry["topic_ids"])}) if entry else None


def _noticed(document: Document) -> Noticed:
    types = [signal["type"] for signal in document.get("signals", [])]
    return Noticed(
        attempt_id=document["_id"],
        learner_id=document["learner_id"],
        number=document["assignment"]["number"],
        left=types.count("left"),
        pasted=types.count("pasted"),
    )


def _event(entry: dict[str, Any]) -> Event:
    return Event(**{**entry, "answer": tuple(entry["answer"])})


def _report(entry: dict[str, Any] | None) -> Report | None:
    if entry is None:
        return None
    scores = {slug: Score(**values) for slug, values in entry["scores"].items()}
    return Report(
        model=entry["model"], parameters=entry["parameters"], scores=scores, improved=entry.get("improved", {})
    )


def _response(entry: dict[str, Any]) -> Response:
    return Response(**{**entry, "answer": tuple(entry["answer"])})
