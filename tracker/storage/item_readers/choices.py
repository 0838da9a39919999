"""Items that show options to choose from: single choice and multiple response."""

from collections.abc import Sequence

from tracker.assessment.item_types import MultipleResponse, Option, SingleChoice
from tracker.storage.bank_fields import Fields
from tracker.storage.item_readers.parts import Context, read_options


def read_single(fields: Fields, context: Context) -> SingleChoice:
    """Three to five options, exactly one of them the key."""
    options = read_options(fields, context, at_least=3, at_most=5)
    check_one_key(fields, options)
    return SingleChoice(options)


def read_multiple(fields: Fields, context: Context) -> MultipleResponse:
    """Four to six options, at least two keys and at least one distractor."""
    options = read_options(fields, context, at_least=4, at_most=6)
    keys = sum(option.is_key for option in options)
    if options and not 2 <= keys < len(options):
        fields.fault("options", "at least two keys and at least one distractor are needed")
    return MultipleResponse(options)


def check_one_key(fields: Fields, options: Sequence[Option]) -> None:
    """Of options that exclude each other, exactly one is right."""
    if options and sum(option.is_key for option in options) != 1:
        fields.fault("options", "exactly one must be the key")
