"""The responses as the E-step needs them: people in blocks, each a matrix of who got what right and wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BLOCK = 2048  # people: what is computed for them at all points then stays in the processor's cache
COMPLETE_BLOCK = 1024  # fewer, where their responses have to stay in it as well
ITEMS_A_PERSON = 4  # at most: each block is summed up for all items
DENSE = 0.04  # the share of all people x items above which a dense product beats a sparse one


@dataclass(frozen=True, slots=True)
class Responses:
    """Checked responses in long format: person, item, and whether right; all of shape (n,)."""

    person: NDArray[np.integer]
    item: NDArray[np.int32]
    right: BoolArray

    def counts(self, items: int) -> tuple[IntArray, IntArray]:
        """How many responses each item has, and how many of them are right."""
        answers = np.left_shift(self.item, 1, dtype=np.intp) + self.right
        wrong, right = np.bincount(answers, minlength=2 * items).reshape(items, 2).T
        return wrong + right, right


@dataclass(frozen=True, slots=True)
class Blocks:
    """People in ascending order of their codes, and their responses in blocks of rows.

    is_complete: everybody answered every item once; a block is then an array of shape (people, items), 1 where right.
    Otherwise it is a sparse matrix of two columns an item: first all for right, then all for wrong responses.
    """

    person: NDArray[np.integer]
    blocks: Sequence[Any]
    most_responses: int
    is_dense: bool
    is_complete: bool

    @property
    def both(self) -> Iterator[Any]:
        """One by one, sparse matrices of two columns an item, whatever the blocks are."""
        for block in self.blocks:
            yield sparse.csr_array(np.hstack((block, 1 - block))) if self.is_complete else block


def checked(person: ArrayLike, item: ArrayLike, marks: ArrayLike, items: int) -> Responses:
    """The responses, or a ValueError that says what is wrong with them."""
    person, item, marks = np.asarray(person), np.asarray(item), np.asarray(marks)
    if marks.dtype.kind not in "biuf":
        marks = marks.astype(np.float64)
    if not (marks.ndim == 1 and person.shape == item.shape == marks.shape):
        raise ValueError("person, item and marks must be of one shape, (n,)")
    if items < 0:
        raise ValueError(f"there cannot be {items} items")
    if not marks.size:
        person, item = person.astype(np.int64), item.astype(np.int64)
    if not (np.issubdtype(person.dtype, np.integer) and np.issubdtype(item.dtype, np.integer)):
        raise ValueError("person and item must be integer codes")
    if not ((item >= 0) & (item < items)).all():
        raise ValueError(f"an item's code is outside 0 to {items - 1}")
    if not ((marks >= 0) & (marks <= 1)).all():
        raise ValueError("a mark is outside 0 to 1")
    return Responses(person=person, item=item.astype(np.int32, copy=False), right=marks == 1)


def in_blocks(responses: Responses, used: BoolArray, *, precision: type[np.floating[Any]] = np.float64) -> Blocks:
    """The responses to the items that are used, shape (items,), which are numbered anew in their order.

    Args: precision: of the blocks, and so of the weights of the people in them, where they are sparse.
    """
    person, item, right = responses.person, responses.item, responses.right
    if (person[1:] < person[:-1]).any():
        order = np.argsort(person, kind="stable")
        person, item, right = person[order], item[order], right[order]
    starts = np.flatnonzero(np.append(True, person[1:] != person[:-1])[: person.size])
    bounds, people = np.append(starts, person.size), person[starts]
    count = int(used.sum())
    if count < used.size:
        kept = used[item]
        bounds = np.append(0, np.cumsum(kept))[bounds]
        item, right = (np.cumsum(used, dtype=np.int32) - 1)[item[kept]], right[kept]
    marks = _marks(bounds, item, right, count)
    if marks is not None:
        blocks: list[Any] = [
            marks[first : first + COMPLETE_BLOCK].astype(np.float64) for first in range(0, len(marks), COMPLETE_BLOCK)
        ]
        return Blocks(people, blocks, most_responses=count, is_dense=True, is_complete=True)
    column = np.where(right, item, item + np.int32(count))
    is_dense = column.size > DENSE * people.size * count
    return Blocks(
        person=people,
        blocks=_sparse(bounds, column, 2 * count, np.float64 if is_dense else precision),
        most_responses=int(np.diff(bounds).max(initial=0)),
        is_dense=is_dense,
        is_complete=False,
    )


def _marks(bounds: IntArray, item: NDArray[np.int32], right: BoolArray, items: int) -> NDArray[np.int8] | None:
    """What everybody has at every item, 1 if right, shape (people, items); None unless all answered each item once."""
    people = bounds.size - 1
    if not item.size or item.size != people * items or (np.diff(bounds) != items).any():
        return None
    marks = np.full(item.size, -1, dtype=np.int8)
    marks[np.repeat(bounds[:-1], items) + item] = right
    return None if (marks < 0).any() else marks.reshape(people, items)


def _sparse(bounds: IntArray, column: NDArray[np.int32], columns: int, precision: type[np.floating[Any]]) -> list[Any]:
    """The blocks of people whose responses, in these columns, begin and end at the bounds."""
    ones = np.ones(column.size, dtype=precision)
    people = max(BLOCK, columns // 2 // ITEMS_A_PERSON)
    blocks = []
    for first in range(0, bounds.size - 1, people):
        rows = bounds[first : first + people + 1]
        inside = slice(rows[0], rows[-1])
        pointers = (rows - rows[0]).astype(np.int32)
        shape = (pointers.size - 1, columns)
        blocks.append(sparse.csr_array((ones[: column[inside].size], column[inside], pointers), shape=shape))
    return blocks
