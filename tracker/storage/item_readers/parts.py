"""Pieces that the files of several types have: options, misses, misconceptions."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.assessment.item_types import Miss, Option
from tracker.storage import markdown
from tracker.storage.bank_fields import Fields

TOKEN_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader must know of the rest. `misconceptions` are the slugs there are; None lets any pass."""

    version: str
    stem_code: str
    misconceptions: Collection[str] | None

    def token(self, option_id: str) -> str:
        """What stands for an option in pages; it tells nothing of the id, and no two items share one."""
        return hashlib.sha256(f"{self.version}/{option_id}".encode()).hexdigest()[:TOKEN_LENGTH]


def read_options(fields: Fields, context: Context, *, at_least: int, at_most: int) -> tuple[Option, ...]:
    """The options of a choice, written in Markdown."""
    options = tuple(_option(table, context) for table in fields.tables("options", at_least=at_least, at_most=at_most))
    check_distinct(fields, "options", options)
    return options


def check_distinct(fields: Fields, name: str, options: Sequence[Option]) -> None:
    """No two options may have the same id or say the same."""
    if len({option.id for option in options}) < len(options):
        fields.fault(name, "two have the same id")
    if len({option.plain for option in options}) < len(options):
        fields.fault(name, "two have the same text")


def read_misses(fields: Fields, context: Context) -> tuple[Miss, ...]:
    """The foreseen wrong answers to what is typed."""
    return tuple(_miss(table, context) for table in fields.tables("misses"))


def read_misconception(table: Fields, context: Context, *, is_key: bool = False) -> str | None:
    """The slug of the misconception that a wrong answer shows; None without one."""
    slug = table.text("misconception", "")
    if slug and context.misconceptions is not None and slug not in context.misconceptions:
        table.fault("misconception", f"{slug} is not in misconceptions.toml")
    if slug and is_key:
        table.fault("misconception", "a key shows none")
    return slug or None


def _option(table: Fields, context: Context) -> Option:
    option_id, text, is_key = table.text("id"), table.text("text"), table.flag("key")
    option = Option(
        id=option_id,
        token=context.token(option_id),
        text=markdown.inline(text),
        plain=markdown.plain(text),
        note=markdown.inline(table.text("note")),
        is_key=is_key,
        misconception=read_misconception(table, context, is_key=is_key),
    )
    table.done()
    return option


def _miss(table: Fields, context: Context) -> Miss:
    miss = Miss(
        answer=table.text_or_number("answer"),
        note=markdown.inline(table.text("note")),
        misconception=read_misconception(table, context),
    )
    table.done()
    return miss
