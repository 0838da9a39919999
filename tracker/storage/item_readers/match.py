"""Items whose prompts are matched with options."""

from collections.abc import Collection

from tracker.assessment.item_types import Option, PairMatch, Prompt
from tracker.storage import markdown
from tracker.storage.bank_fields import Fields
from tracker.storage.item_readers.parts import Context, check_distinct, read_misconception

LONGEST_OPTION = 60
"""A drop-down list on a phone shows no more."""


def read_match(fields: Fields, context: Context) -> PairMatch:
    """Three to six prompts, and three to six options that may serve several of them or none."""
    prompts = tuple(_prompt(table) for table in fields.tables("prompts", at_least=3, at_most=6))
    keys = {prompt.key for prompt in prompts}
    options = tuple(_option(table, context, keys) for table in fields.tables("options", at_least=3, at_most=6))
    check_distinct(fields, "options", options)
    for name in sorted(keys - {option.id for option in options}):
        fields.fault("prompts", f"key: there is no option {name}")
    if len({prompt.id for prompt in prompts}) < len(prompts):
        fields.fault("prompts", "two have the same id")
    if len({prompt.text for prompt in prompts}) < len(prompts):
        fields.fault("prompts", "two have the same text")
    return PairMatch(prompts, options)


def _prompt(table: Fields) -> Prompt:
    prompt = Prompt(
        id=table.text("id"),
        text=markdown.inline(table.text("text")),
        key=table.text("key"),
        note=markdown.inline(table.text("note")),
    )
    table.done()
    return prompt


def _option(table: Fields, context: Context, keys: Collection[str]) -> Option:
    option_id, text = table.text("id"), table.text("text")
    if len(text) > LONGEST_OPTION or "\n" in text:
        table.fault("text", f"at most {LONGEST_OPTION} characters on one line")
    is_key = option_id in keys
    option = Option(
        id=option_id,
        token=context.token(option_id),
        text=markdown.inline(text),
        plain=markdown.plain(text),
        note=markdown.inline(table.text("note", "" if is_key else None)),
        is_key=is_key,
        misconception=read_misconception(table, context),
    )
    table.done()
    return option
