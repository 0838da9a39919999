"""What a person did, for them to take away: as it is stored, but in words they know, and without keys that are held.

An answer is told by what it says, not by the ids that authors gave its options. Of items that an open attempt may ask,
or that are not released, it is not told whether an answer was right, nor what an adaptive attempt made of it, nor what
was reported of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tracker.assessment.item import Item
from tracker.assessment.item_title import title_of
from tracker.assessment.practice_queue import QuizHistory
from tracker.services.items import find_items

Values = dict[str, Any]

UNKNOWN = "(a question that is not kept any more)"


def tell_attempt(document: Mapping[str, Any], history: QuizHistory) -> Values:
    """An attempt."""
    items = find_items(place["item_version"] for place in document["form"])
    is_held = any(history.holds_item(place["item_id"]) for place in document["form"])
    versions = [place["item_version"] for place in document["form"]]
    told = {name: value for name, value in document.items() if name not in _LEFT_OUT}
    told["id"] = told.pop("_id")
    told["questions"] = [_question(place, items, is_held=is_held) for place in document["form"]]
    told["events"] = [_event(event, versions, items) for event in document["events"]]
    told["responses"] = [_response(response, items, history) for response in document["responses"]]
    if "time" in document:
        told["time"] = {**document["time"], "credits": [_credit(credit) for credit in document["time"]["credits"]]}
    return told


def tell_late(document: Mapping[str, Any], _history: QuizHistory) -> Values:
    """The answers that came after an attempt was over."""
    items = find_items(entry["item_version"] for entry in document["answers"])
    return {
        "attempt": document["_id"],
        "answers": [_answered(entry, items, but={"id", "key", "item_version"}) for entry in document["answers"]],
    }


def tell_practice(document: Mapping[str, Any], history: QuizHistory) -> Values:
    """The practice of one item, with every answer to it."""
    items = find_items(entry["item_version"] for entry in document["answers"])
    is_held = history.holds_item(document["item_id"])
    hidden = {"item_version", "mark"} if is_held else {"item_version"}
    told = {name: value for name, value in document.items() if name not in {"_id", "learner_id", "answers"}}
    if is_held:
        told = {name: told[name] for name in ("item_version", "seq", "last_at")}
    return {**told, "answers": [_answered(entry, items, but=hidden) for entry in document["answers"]]}


def tell_profile(document: Mapping[str, Any], _history: QuizHistory) -> Values:
    """A profile. How many answers were right is told with the answers that may be told of."""
    return {name: _without_right(value) for name, value in document.items() if name != "_id"}


def tell_next_steps(document: Mapping[str, Any], history: QuizHistory) -> Values:
    """The steps that were shown, with the answers they rest on."""
    told = {name: value for name, value in document.items() if name not in {"_id", "learner_id"}}
    return {**told, "steps": [_step(step, history) for step in document["steps"]]}


def tell_reports(rows: Sequence[Values], history: QuizHistory) -> list[Values]:
    """What was reported of items, as the rows of its table."""
    items = find_items(row["item_version"] for row in rows)
    return [_report(row, items, is_held=history.holds_item(row["item_id"])) for row in rows]


TELLERS: Mapping[str, Callable[[Mapping[str, Any], QuizHistory], Values]] = {
    "attempts": tell_attempt,
    "late_answers": tell_late,
    "practice": tell_practice,
    "profiles": tell_profile,
    "next_steps": tell_next_steps,
}
"""How the documents of each collection are told."""

ROW_TELLERS: Mapping[str, Callable[[Sequence[Values], QuizHistory], list[Values]]] = {"reports": tell_reports}
"""How the rows of a table are told that are about items."""

_LEFT_OUT = {"learner_id", "schema", "open_key", "assigned_key", "form", "seed"}
_TOLD_OF_ITEM = ("item_id", "text", "reply", "replied_by")


def _question(place: Mapping[str, Any], items: Mapping[str, Item], *, is_held: bool) -> Values:
    question = {"question": _title(place["item_version"], items), "item_version": place["item_version"]}
    return question if is_held else {**question, "item": place["item_id"], "reason": place.get("reason")}


def _event(event: Mapping[str, Any], versions: list[str], items: Mapping[str, Item]) -> Values:
    told = {name: value for name, value in event.items() if name != "key"}
    position = event["position"]
    if event["answer"]:
        told["answer"] = _words(event["answer"], items.get(versions[position]))
    return told


def _response(response: Mapping[str, Any], items: Mapping[str, Item], history: QuizHistory) -> Values:
    hidden = {"item_version"}
    if history.holds_item(response["item_id"]):
        hidden |= {"mark", "item_id", "difficulty", "guessing"}
    return _answered(response, items, but=hidden)


def _answered(entry: Mapping[str, Any], items: Mapping[str, Item], *, but: Iterable[str]) -> Values:
    kept = {name: value for name, value in entry.items() if name not in but}
    version = entry["item_version"]
    return {**kept, "question": _title(version, items), "answer": _words(entry["answer"], items.get(version))}


def _without_right(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_right(inner) for name, inner in value.items() if name != "right"}
    return [_without_right(inner) for inner in value] if isinstance(value, list) else value


def _step(step: Mapping[str, Any], history: QuizHistory) -> Values:
    evidence = step["evidence"]
    if evidence is None:
        return dict(step)
    return {**step, "evidence": {**evidence, "records": [_record(one, history) for one in evidence["records"]]}}


def _record(record: Mapping[str, Any], history: QuizHistory) -> Values:
    hidden = {"item_id", "is_right"} if history.holds_item(record["item_id"]) else set()
    return {name: value for name, value in record.items() if name not in hidden}


def _report(row: Values, items: Mapping[str, Item], *, is_held: bool) -> Values:
    version = row["item_version"]
    held = dict.fromkeys(_TOLD_OF_ITEM) if is_held else {}
    return {**row, **held, "question": _title(version, items), "answer": _words(row["answer"], items.get(version))}


def _title(version: str, items: Mapping[str, Item]) -> str:
    item = items.get(version)
    if item is None:
        return UNKNOWN
    title = title_of(item)
    return f"{title.words} {title.code}".strip()


def _words(answer: Iterable[str], item: Item | None) -> list[str]:
    """What an answer says: of what was chosen its text, and what was typed."""
    options = {option.id: option.plain for option in item.body.options} if item else {}
    return [options.get(part, part) for part in answer]


def _credit(credit: Mapping[str, Any]) -> Values:
    return {name: value for name, value in credit.items() if name not in {"id", "giver_id"}}
