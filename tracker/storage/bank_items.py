"""One item's file: its fields, by type, into an Item with its Markdown rendered."""

import hashlib
from collections.abc import Callable, Collection

from tracker.assessment.item import Item, Source
from tracker.assessment.item_types import (
    BadAnswer,
    Body,
    Miss,
    MultipleResponse,
    NumberAnswer,
    Option,
    SingleChoice,
    TextAnswer,
)
from tracker.storage import markdown
from tracker.storage.bank_fields import Fields

RUN_KINDS = ("python", "sqlite", "postgresql", "mongodb", "git")
CITED = "cited"
VERSION_LENGTH = 16
TOKEN_LENGTH = 8


def read_item(fields: Fields, *, item_id: str, content: bytes, misconceptions: Collection[str]) -> Item:
    """The item in these fields; what is wrong with them is in their list of faults."""
    digest = hashlib.sha256(content).hexdigest()
    type_name = fields.one_of("type", list(READERS))
    item = Item(
        id=item_id,
        version=digest[:VERSION_LENGTH],
        difficulty=fields.whole("difficulty", 1, 5),
        stem=markdown.block(fields.text("stem")),
        explanation=markdown.block(fields.text("explanation")),
        source=_source(fields.entry("source")),
        body=READERS[type_name](fields, digest, misconceptions),
        proof_kind=_proof(fields.entry("proof")),
    )
    fields.done()
    return item


def _source(table: Fields) -> Source:
    source = Source(title=table.text("title"), url=table.url("url"), version=table.text("version"))
    table.done()
    return source


def _proof(table: Fields) -> str:
    kind = table.one_of("kind", [*RUN_KINDS, CITED])
    if kind == CITED:
        table.texts("facts", at_least=2)
    else:
        table.text("code")
    table.done()
    return kind


def _single(fields: Fields, digest: str, misconceptions: Collection[str]) -> SingleChoice:
    options = _options(fields, digest, misconceptions, at_least=3, at_most=5)
    if options and sum(option.is_key for option in options) != 1:
        fields.fault("options", "exactly one must be the key")
    return SingleChoice(options)


def _multiple(fields: Fields, digest: str, misconceptions: Collection[str]) -> MultipleResponse:
    options = _options(fields, digest, misconceptions, at_least=4, at_most=6)
    keys = sum(option.is_key for option in options)
    if options and not 2 <= keys < len(options):
        fields.fault("options", "at least two keys and at least one distractor are needed")
    return MultipleResponse(options)


def _number(fields: Fields, _digest: str, misconceptions: Collection[str]) -> NumberAnswer:
    body = NumberAnswer(
        answer=fields.number("answer"),
        tolerance=fields.number("tolerance", 0),
        unit=fields.text("unit", ""),
        misses=tuple(_miss(table, misconceptions) for table in fields.tables("misses")),
    )
    _check_typed(fields, body)
    return body


def _text(fields: Fields, _digest: str, misconceptions: Collection[str]) -> TextAnswer:
    body = TextAnswer(
        accepted=fields.texts("answers", at_least=1),
        case_sensitive=fields.flag("case_sensitive"),
        misses=tuple(_miss(table, misconceptions) for table in fields.tables("misses")),
    )
    _check_typed(fields, body)
    return body


READERS: dict[str, Callable[[Fields, str, Collection[str]], Body]] = {
    SingleChoice.name: _single,
    MultipleResponse.name: _multiple,
    NumberAnswer.name: _number,
    TextAnswer.name: _text,
}


def _options(
    fields: Fields, digest: str, misconceptions: Collection[str], *, at_least: int, at_most: int
) -> tuple[Option, ...]:
    tables = fields.tables("options", at_least=at_least, at_most=at_most)
    options = tuple(_option(table, digest, misconceptions) for table in tables)
    if len({option.id for option in options}) < len(options):
        fields.fault("options", "two have the same id")
    if len({option.text for option in options}) < len(options):
        fields.fault("options", "two have the same text")
    return options


def _option(table: Fields, digest: str, misconceptions: Collection[str]) -> Option:
    option_id = table.text("id")
    option = Option(
        id=option_id,
        token=hashlib.sha256(f"{digest}/{option_id}".encode()).hexdigest()[:TOKEN_LENGTH],
        text=markdown.inline(table.text("text")),
        note=markdown.inline(table.text("note")),
        is_key=table.flag("key"),
        misconception=_misconception(table, misconceptions),
    )
    if option.is_key and option.misconception:
        table.fault("misconception", "a key shows none")
    table.done()
    return option


def _miss(table: Fields, misconceptions: Collection[str]) -> Miss:
    answer = table.table.get("answer")
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        table.asked.add("answer")
        answer = f"{answer!r}"
    else:
        answer = table.text("answer")
    miss = Miss(
        answer=answer,
        note=markdown.inline(table.text("note")),
        misconception=_misconception(table, misconceptions),
    )
    table.done()
    return miss


def _misconception(table: Fields, misconceptions: Collection[str]) -> str | None:
    slug = table.text("misconception", "")
    if slug and slug not in misconceptions:
        table.fault("misconception", f"{slug} is not in misconceptions.toml")
    return slug or None


def _check_typed(fields: Fields, body: NumberAnswer | TextAnswer) -> None:
    """Every accepted answer and every miss must be what people can give, and marked as its author says."""
    for answer in body.accepted:
        _check_mark(fields, "answers" if isinstance(body, TextAnswer) else "answer", body, answer, is_right=True)
    for miss in body.misses:
        _check_mark(fields, "misses", body, miss.answer, is_right=False)


def _check_mark(fields: Fields, name: str, body: NumberAnswer | TextAnswer, answer: str, *, is_right: bool) -> None:
    try:
        mark = body.mark(body.read([answer]))
    except BadAnswer as error:
        fields.fault(name, f"{answer} cannot be typed: {error}")
        return
    if mark != is_right:
        fields.fault(name, f"{answer} would be marked {'wrong' if is_right else 'right'}")
