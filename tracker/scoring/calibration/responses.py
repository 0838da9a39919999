"""The responses as the E-step needs them: people in blocks, each a sparse matrix of who got what right and wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BLOCK = 4096  # people: what is computed for them at all points then stays in the processor's cache
DENSE = 0.04  # the share of all people x items above which a dense product beats a sparse one


@dataclass(frozen=True, slots=True)
class Responses:
    """Checked responses in long format: person, item, and whether right; all of shape (n,)."""

    person: IntArray
    item: IntArray
    right: BoolArray

    def counts(self, items: int) -> tuple[IntArray, IntArray]:
        """How many responses each item has, and how many of them are right."""
        return np.bincount(self.item, minlength=items), np.bincount(self.item[self.right], minlength=items)


@dataclass(frozen=True, slots=True)
class Blocks:
    """People in ascending order of their codes, and their responses in blocks of rows.

    A block is a sparse matrix of two columns an item: first all for right, then all for wrong responses. is_complete:
    everybody answered every item once, so that the first half says it all.
    """

    person: IntArray
    blocks: Sequence[Any]
    most_responses: int
    is_dense: bool
    is_complete: bool


def checked(person: ArrayLike, item: ArrayLike, marks: ArrayLike, items: int) -> Responses:
    """The responses, or a ValueError that says what is wrong with them."""
    person, item, marks = np.asarray(person), np.asarray(item), np.asarray(marks)
    if not (marks.ndim == 1 and person.shape == item.shape == marks.shape):
        raise ValueError("person, item and marks must be of one shape, (n,)")
    if not marks.size:
        person, item = person.astype(np.int64), item.astype(np.int64)
    if not (np.issubdtype(person.dtype, np.integer) and np.issubdtype(item.dtype, np.integer)):
        raise ValueError("person and item must be integer codes")
    if not ((item >= 0) & (item < items)).all():
        raise ValueError(f"an item's code is outside 0 to {items - 1}")
    if not ((marks >= 0) & (marks <= 1)).all():
        raise ValueError("a mark is outside 0 to 1")
    return Responses(person=person, item=item, right=marks == 1)


def in_blocks(responses: Responses, used: BoolArray) -> Blocks:
    """The responses to the items that are used, shape (items,), which are numbered anew in their order."""
    order = np.argsort(responses.person, kind="stable")
    person, item = responses.person[order], responses.item[order]
    starts = np.flatnonzero(np.diff(person, prepend=person[:1] - 1))
    kept = used[item]
    bounds = np.append(0, np.cumsum(kept))[np.append(starts, person.size)]
    count = int(used.sum())
    number = (np.cumsum(used) - 1).astype(np.int32)
    column = (number[item] + np.where(responses.right[order], np.int32(0), np.int32(count)))[kept]
    ones = np.ones(column.size)
    blocks = []
    for first in range(0, starts.size, BLOCK):
        rows = bounds[first : first + BLOCK + 1]
        inside = slice(rows[0], rows[-1])
        pointers = (rows - rows[0]).astype(np.int32)
        blocks.append(sparse.csr_array((ones[inside], column[inside], pointers), shape=(pointers.size - 1, 2 * count)))
    return Blocks(
        person=person[starts],
        blocks=blocks,
        most_responses=int(np.diff(bounds).max(initial=0)),
        is_dense=column.size > DENSE * starts.size * count,
        is_complete=column.size == starts.size * count and all(_is_complete(block) for block in blocks),
    )


def _is_complete(block: Any) -> bool:
    right, wrong = np.split(block.toarray(), 2, axis=1)
    return bool((right + wrong == 1).all())
