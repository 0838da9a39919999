"""What makes a family's variants different, as its file says it."""

import tomllib
from collections.abc import Mapping

from tracker.storage.bank_fields import Fields
from tracker.storage.families import Value, read_family
from tracker.storage.item_files import Source


def list_parameters(source: Source) -> Mapping[str, Mapping[str, Value]]:
    """The values of a family's parameters, by the surface that they make."""
    return read_family(Fields(tomllib.loads(source.text), "", [])).combinations
