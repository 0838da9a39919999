"""Items that are answered by typing: a number, a text, what is printed."""

from tracker.assessment.item_types import BadAnswer, NumberAnswer, OutputAnswer, TextAnswer, Typed
from tracker.storage.bank_fields import Fields
from tracker.storage.item_readers.parts import Context, read_misses


def read_number(fields: Fields, context: Context) -> NumberAnswer:
    """A number with its tolerance and unit."""
    body = NumberAnswer(
        answer=fields.number("answer"),
        tolerance=fields.number("tolerance", 0),
        unit=fields.text("unit", ""),
        misses=read_misses(fields, context),
    )
    check_foreseen(fields, "answer", body)
    return body


def read_text(fields: Fields, context: Context) -> TextAnswer:
    """A text and what else is accepted for it."""
    body = TextAnswer(
        answers=fields.texts("answers", at_least=1),
        case_sensitive=fields.flag("case_sensitive"),
        misses=read_misses(fields, context),
    )
    check_foreseen(fields, "answers", body)
    return body


def read_output(fields: Fields, context: Context) -> OutputAnswer:
    """What the stem's code prints."""
    body = OutputAnswer(answer=fields.text("answer"), misses=read_misses(fields, context))
    check_foreseen(fields, "answer", body)
    return body


def check_foreseen(fields: Fields, name: str, body: Typed) -> None:
    """Every accepted answer and every miss must be what people can type, and marked as its author says."""
    for answer, is_right in body.foreseen:
        _check_mark(fields, name if is_right else "misses", body, answer, is_right=is_right)


def _check_mark(fields: Fields, name: str, body: Typed, answer: str, *, is_right: bool) -> None:
    shown = answer if answer.isprintable() else repr(answer)
    try:
        mark = body.mark(body.read([answer]))
    except BadAnswer as error:
        fields.fault(name, f"{shown} cannot be typed: {error}")
        return
    if mark != is_right:
        fields.fault(name, f"{shown} would be marked {'wrong' if is_right else 'right'}")
