"""What a person did, for them to take away: as it is stored, but in words they know, and without keys that are held.

An answer is told by what it says, not by the ids that authors gave its options. Of items that an open attempt may ask,
or that are not released, it is not told whether an answer was right; nor what an adaptive attempt made of it.
"""

from collections.abc import Callable, Iterable, Mapping
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


def tell_answers(attempt: Values) -> list[Values]:
    """The answers that counted in a finished attempt that `tell_attempt` told, a row each."""
    return [
        {
            "attempt": attempt["id"],
            "assessment": attempt["assessment_name"],
            "finished_at": attempt["finished_at"],
            "question": response["question"],
            "answer": " | ".join(response["answer"]),
            "mark": response.get("mark"),
            "seconds": response["seconds"],
        }
        for response in attempt["responses"]
    ]


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


def tell_as_it_is(document: Mapping[str, Any], _history: QuizHistory) -> Values:
    """What is no answer, as it is stored."""
    return {name: value for name, value in document.items() if name not in {"_id", "learner_id"}}


TELLERS: Mapping[str, Callable[[Mapping[str, Any], QuizHistory], Values]] = {
    "attempts": tell_attempt,
    "late_answers": tell_late,
    "practice": tell_practice,
    "profiles": tell_as_it_is,
    "next_steps": tell_as_it_is,
}
"""How the documents of each collection are told."""

_LEFT_OUT = {"learner_id", "schema", "open_key", "assigned_key", "form", "seed"}


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
