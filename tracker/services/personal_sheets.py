"""What a person did as tables: rows of what `personal_attempts` told, which holds nothing back that they could tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.services.personal_attempts import Values


def attempt_rows(told: Values) -> list[Values]:
    """A told attempt, in one row."""
    answered = {event["position"]: event["answer"] for event in told["events"] if event["type"] == "answered"}
    scores = told["report"]["scores"] if told["report"] else {}
    return [
        {
            "attempt": told["id"],
            "assessment": told["assessment_name"],
            "is_assigned": "yes" if told["assignment"] else "no",
            "started_at": told["started_at"],
            "deadline": told["deadline"],
            "finished_at": told["finished_at"],
            "questions": len(told["questions"]),
            "answers": sum(1 for answer in answered.values() if answer),
            "scores": _joined(f"{area_slug} {score['value']}" for area_slug, score in scores.items()),
        }
    ]


def response_rows(told: Values) -> list[Values]:
    """The answers that counted in a told attempt that is finished, a row each."""
    return [
        {
            "attempt": told["id"],
            "assessment": told["assessment_name"],
            "finished_at": told["finished_at"],
            "question": response["question"],
            "answer": _joined(response["answer"]),
            "mark": response.get("mark"),
            "seconds": response["seconds"],
        }
        for response in told["responses"]
    ]


def late_rows(told: Values) -> list[Values]:
    """The told late answers of an attempt, a row each."""
    return [
        {
            "attempt": told["attempt"],
            "arrived_at": entry["arrived_at"],
            "late_by_seconds": entry["late_by_seconds"],
            "question": entry["question"],
            "answer": _joined(entry["answer"]),
        }
        for entry in told["answers"]
    ]


def practice_rows(told: Values) -> list[Values]:
    """The answers of a told card, a row each."""
    return [
        {
            "at": entry["at"],
            "question": entry["question"],
            "answer": _joined(entry["answer"]),
            "mark": entry.get("mark"),
            "seconds": entry["seconds"],
        }
        for entry in told["answers"]
    ]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of what is told of a collection's documents. rows_of: those of one document."""

    name: str
    what: str
    rows_of: Callable[[Values], list[Values]]


SHEETS: Mapping[str, Sequence[Sheet]] = {
    "attempts": (
        Sheet("attempts", "Your attempts, a line each.", attempt_rows),
        Sheet("answers", "Your answers in finished attempts, a line each.", response_rows),
    ),
    "late_answers": (Sheet("late_answers", "Answers that came after an attempt was over, a line each.", late_rows),),
    "practice": (Sheet("practice", "Your answers in practice, a line each.", practice_rows),),
}
"""The tables of each collection that has some."""


def _joined(parts: Iterable[str]) -> str:
    return " | ".join(parts)
