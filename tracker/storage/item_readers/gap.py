"""Items whose gaps in the stem's code are filled."""

from tracker.assessment.item_types import GapFill, Option, SingleChoice, TextAnswer
from tracker.assessment.item_types.gap import GAP, Gap
from tracker.storage import markdown
from tracker.storage.bank_fields import Fields
from tracker.storage.item_readers.choices import check_one_key
from tracker.storage.item_readers.parts import Context, check_distinct, read_misconception, read_misses
from tracker.storage.item_readers.typed import check_foreseen


def read_gap(fields: Fields, context: Context) -> GapFill:
    """One to four gaps, each standing once in the first block of the stem's code."""
    tables = fields.tables("gaps", at_least=1, at_most=4)
    gaps = tuple(_gap(table, context, f"GAP{number}") for number, table in enumerate(tables, start=1))
    names = [f"GAP{number}" for number in range(1, len(gaps) + 1)]
    stem = fields.text("stem")
    if sorted(found[0] for found in GAP.finditer(context.stem_code)) != names:
        fields.fault("stem", f"its first block of code must hold each of these once: {', '.join(names)}")
    elif len(GAP.findall(markdown.block(stem))) < len(GAP.findall(stem)):
        fields.fault("stem", "the colours of its language cut a gap in two; call the block text")
    return GapFill(gaps)


def _gap(table: Fields, context: Context, name: str) -> Gap:
    if table.text("name") != name:
        table.fault("name", f"must be {name}")
    gap = _chosen(table, context, name) if "options" in table.table else _typed(table, context)
    table.done()
    return gap


def _chosen(table: Fields, context: Context, name: str) -> SingleChoice:
    """The options of one gap; their ids begin with its name, so that no two gaps share one."""
    options = tuple(_option(entry, context, name) for entry in table.tables("options", at_least=2, at_most=6))
    check_distinct(table, "options", options)
    check_one_key(table, options)
    return SingleChoice(options)


def _option(table: Fields, context: Context, name: str) -> Option:
    option_id, text, is_key = f"{name}/{table.text('id')}", table.text("text"), table.flag("key")
    option = Option(
        id=option_id,
        token=context.token(option_id),
        text=markdown.code(text, "text"),
        plain=text,
        note=markdown.inline(table.text("note")),
        is_key=is_key,
        misconception=read_misconception(table, context, is_key=is_key),
    )
    table.done()
    return option


def _typed(table: Fields, context: Context) -> TextAnswer:
    gap = TextAnswer(
        answers=table.texts("answers", at_least=1),
        case_sensitive=table.flag("case_sensitive", default=True),
        misses=read_misses(table, context),
    )
    check_foreseen(table, "answers", gap)
    return gap
