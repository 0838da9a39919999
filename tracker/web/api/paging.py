"""Long lists, some at a time: each page says where the next one is."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import request, url_for
from pydantic import Field

from tracker.errors import BadInput
from tracker.web.api.models import Input, Model

MOST = 100
USUAL = 50
LONGEST_CURSOR = 200
LAST_NUMBER = 2**31 - 1
NO_PLACE = "This is no place in this list. Begin again without a cursor."

T = TypeVar("T")


class PageQuery(Input):
    """Which part of a list is asked for."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="How many entries to give at most.", examples=[USUAL])
    cursor: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_CURSOR,
        description="Where to go on, as `next` says; without it, at the beginning.",
    )


class Page(Model):
    """What every part of a list says."""

    next: str | None = Field(description="The address of what follows; null after the last entry.", examples=[None])


def some_of(entries: Sequence[T], query: PageQuery, *, key: Callable[[T], str]) -> tuple[Sequence[T], str | None]:
    """The part of a list that is asked for, and the address of what follows it; `key` names an entry for good.

    Raises: BadInput when the cursor is none of this list.
    """
    begin = _place_of(query.cursor, [key(entry) for entry in entries]) if query.cursor else 0
    shown = entries[begin : begin + query.limit]
    if begin + query.limit >= len(entries):
        return shown, None
    return shown, address_after(key(shown[-1]), query)


def number_after(query: PageQuery) -> int:
    """After which number a list by numbers, up to 2**31, goes on. Raises: BadInput."""
    try:
        number = int(_read(query.cursor)) if query.cursor else 0
    except ValueError:
        number = -1
    if not 0 <= number <= LAST_NUMBER:
        raise BadInput({"cursor": [NO_PLACE]})
    return number


def address_after(key: str, query: PageQuery) -> str:
    """The address of what follows the entry that this key names, in the list that is asked for."""
    cursor = urlsafe_b64encode(key.encode()).decode().rstrip("=")
    return url_for(request.endpoint or "", **(request.view_args or {}), limit=query.limit, cursor=cursor)


def _place_of(cursor: str, keys: Sequence[str]) -> int:
    """The place after the entry that a cursor names."""
    try:
        return keys.index(_read(cursor)) + 1
    except ValueError:
        raise BadInput({"cursor": [NO_PLACE]}) from None


def _read(cursor: str) -> str:
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
