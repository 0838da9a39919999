"""Items whose lines of code are put in order."""

from tracker.assessment.item_types import Distractor, LineOrder, Option
from tracker.storage import markdown
from tracker.storage.bank_fields import Fields
from tracker.storage.item_readers.parts import Context, check_distinct, read_misconception


def read_order(fields: Fields, context: Context) -> LineOrder:
    """Three to eight lines in the right order, and up to three that do not belong."""
    language = fields.text("language")
    lines = tuple(_line(table, context, language) for table in fields.tables("lines", at_least=3, at_most=8))
    distractors = tuple(
        _distractor(table, context, language, lines) for table in fields.tables("distractors", at_most=3)
    )
    body = LineOrder(lines, distractors)
    check_distinct(fields, "lines", body.options)
    return body


def _line(table: Fields, context: Context, language: str) -> Option:
    line = _option(table, context, language, is_key=True)
    table.done()
    return line


def _distractor(table: Fields, context: Context, language: str, lines: tuple[Option, ...]) -> Distractor:
    instead_of = table.text("instead_of", "") or None
    if instead_of and instead_of not in {line.id for line in lines}:
        table.fault("instead_of", f"there is no line {instead_of}")
    distractor = Distractor(_option(table, context, language, is_key=False), instead_of)
    table.done()
    return distractor


def _option(table: Fields, context: Context, language: str, *, is_key: bool) -> Option:
    option_id, code = table.text("id"), table.text("code").rstrip("\n")
    return Option(
        id=option_id,
        token=context.token(option_id),
        text=markdown.code(code, language),
        plain=code,
        note="" if is_key else markdown.inline(table.text("note")),
        is_key=is_key,
        misconception=None if is_key else read_misconception(table, context),
    )
