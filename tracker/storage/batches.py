"""Many things, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(contents: Iterable[T], size: int) -> Iterator[list[T]]:
    """The same, so many at a time."""
    left = iter(contents)
    yield from iter(lambda: list(islice(left, size)), [])
