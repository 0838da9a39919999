"""The bank's items as their authors wrote them, for judging."""

import tomllib
from collections.abc import Iterator
from typing import Any

from tracker.assessment.family import Family
from tracker.assessment.item import Item
from tracker.assessment.quality.draft import Choice, Draft
from tracker.storage.bank_fields import Fields
from tracker.storage.families import read_family
from tracker.storage.item_files import Source
from tracker.storage.question_bank import QuestionBank


def iterate_drafts(bank: QuestionBank) -> Iterator[Draft]:
    """Every live item, and of every live family its first variant, by topic."""
    for entries in bank.live_by_topic.values():
        for entry in entries:
            yield _draft(bank.sources[entry.version], entry)


def _draft(source: Source, entry: Item | Family) -> Draft:
    table = tomllib.loads(source.text)
    item = entry.sample
    if isinstance(entry, Family):
        family = read_family(Fields(table, "", []))
        table = family.variant(next(iter(family.combinations)))
    return Draft(
        id=item.id,
        type=item.body.name,
        difficulty=item.difficulty,
        stem=table["stem"],
        explanation=table["explanation"],
        choices=tuple(_choices(table)),
        proof=item.proof,
        is_family=isinstance(entry, Family),
    )


def _choices(table: dict[str, Any]) -> Iterator[Choice]:
    if table["type"] in ("single", "multiple"):
        for option in table["options"]:
            yield Choice(text=option["text"].strip(), is_key=option.get("key", False))
