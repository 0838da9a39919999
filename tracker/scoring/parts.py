"""Work in parts, several at once: the products and the ufuncs of one part let those of others run."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS = 2  # on two cores, four take up to twice as long; elsewhere others have work to do as well

Part = TypeVar("Part")
Result = TypeVar("Result")


def each(work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """What the work gives for each part, in their order."""
    if len(parts) < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(min(THREADS, len(parts))) as threads:
        return list(threads.map(work, parts))


def slices(count: int, size: int) -> list[slice]:
    """So many things in parts of this size, the last one perhaps smaller."""
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]
