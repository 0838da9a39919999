"""Readers of what each type of item has in its file beside the common fields: one function and one line a type."""

from collections.abc import Callable

from tracker.assessment.item_types import Body
from tracker.storage.bank_fields import Fields
from tracker.storage.item_readers.choices import read_multiple, read_single
from tracker.storage.item_readers.gap import read_gap
from tracker.storage.item_readers.match import read_match
from tracker.storage.item_readers.order import read_order
from tracker.storage.item_readers.parts import Context
from tracker.storage.item_readers.typed import read_number, read_output, read_text

READERS: dict[str, Callable[[Fields, Context], Body]] = {
    "single": read_single,
    "multiple": read_multiple,
    "number": read_number,
    "text": read_text,
    "output": read_output,
    "order": read_order,
    "match": read_match,
    "gap": read_gap,
}

__all__ = ["READERS", "Context"]
