"""One item's file: its fields, by type, into an Item with its Markdown rendered."""

from collections.abc import Collection

from tracker.assessment.item import Item, Retirement, Source
from tracker.assessment.item_types import GapFill
from tracker.assessment.proof import CITED, EXECUTED_KINDS, Proof
from tracker.storage import markdown
from tracker.storage.bank_fields import Fields
from tracker.storage.item_readers import READERS, Context

STEM = "stem"


def read_item(fields: Fields, *, item_id: str, version: str, misconceptions: Collection[str] | None) -> Item:
    """The item in these fields; what is wrong with them is in their list of faults."""
    type_name = fields.one_of("type", list(READERS))
    stem = fields.text("stem")
    stem_code = markdown.first_code(stem)
    item = Item(
        id=item_id,
        version=version,
        difficulty=fields.whole("difficulty", 1, 5),
        stem=_stem(stem, type_name),
        stem_code=stem_code,
        explanation=markdown.block(fields.text("explanation")),
        source=_source(fields.entry("source")),
        body=READERS[type_name](fields, Context(version, stem_code, misconceptions)),
        proof=_proof(fields.entry("proof"), stem_code),
        retired=_retirement(fields.find_entry("retired")),
    )
    fields.done()
    return item


def _stem(text: str, type_name: str) -> str:
    html = markdown.block(text)
    return markdown.with_gaps(html) if type_name == GapFill.name else html


def _source(table: Fields) -> Source:
    source = Source(title=table.text("title"), url=table.url("url"), version=table.text("version"))
    table.done()
    return source


def _proof(table: Fields, stem_code: str) -> Proof:
    """Facts for what is cited; else code, or the stem's own."""
    kind = table.one_of("kind", [*EXECUTED_KINDS, CITED])
    facts: tuple[str, ...] = ()
    code = ""
    runs_stem = kind != CITED and "run" in table.table
    if kind == CITED:
        facts = table.texts("facts", at_least=2)
    elif runs_stem:
        table.one_of("run", [STEM])
        code = stem_code
        if not stem_code:
            table.fault("run", "the stem has no code to run")
    else:
        code = table.text("code")
    table.done()
    return Proof(kind=kind, code=code, runs_stem=runs_stem, facts=facts)


def _retirement(table: Fields | None) -> Retirement | None:
    if table is None:
        return None
    retirement = Retirement(
        on=table.date("on"), reason=table.text("reason"), replaced_by=table.text("replaced_by", "") or None
    )
    table.done()
    return retirement
