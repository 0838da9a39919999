"""Responses in long format, checked: `person` and `item` are integer codes from 0, `marks` 0 to 1, one row a response.

A response that is missing is simply absent. Only a mark of 1 counts as right.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import IntArray


def checked_codes(codes: ArrayLike, *, name: str, below: int | None = None) -> IntArray:
    """The codes as an array of shape (n,). Raises: ValueError if they are not whole, negative or not `below`."""
    array = np.asarray(codes)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be whole numbers of shape (n,)")
    if array.size and (array.min() < 0 or (below is not None and array.max() >= below)):
        raise ValueError(f"a code of {name} is outside its bounds")
    return array.astype(np.int64)


def checked_right(marks: ArrayLike, *, size: int) -> NDArray[np.bool_]:
    """Which responses are right, shape (n,). Raises: ValueError if there are not `size` marks or one is not 0 to 1."""
    array = np.asarray(marks, dtype=np.float64)
    if array.shape != (size,):
        raise ValueError("person, item and marks must be of one shape, (n,)")
    if not ((array >= 0) & (array <= 1)).all():
        raise ValueError("a mark is outside 0 to 1")
    return np.asarray(array == 1)


def checked_parameters(a: ArrayLike, b: ArrayLike, c: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The parameters of all items, each (items,). Raises: ValueError if shapes differ or a value is impossible."""
    a, b, c = (np.asarray(values, dtype=np.float64) for values in (a, b, c))
    if not (a.ndim == 1 and a.shape == b.shape == c.shape):
        raise ValueError("a, b and c must be of one shape, (items,)")
    if not ((a > 0) & np.isfinite(a)).all():
        raise ValueError("a discrimination is not above 0")
    if not np.isfinite(b).all():
        raise ValueError("a difficulty is not a number")
    if not ((c >= 0) & (c < 1)).all():
        raise ValueError("a guessing chance is outside [0, 1)")
    return a, b, c


def sums(codes: IntArray, values: ArrayLike, size: int) -> FloatArray:
    """The sum of the values of each code, shape (size,)."""
    return np.bincount(codes, weights=np.asarray(values, dtype=np.float64), minlength=size).astype(np.float64)


def counts(codes: IntArray, size: int) -> IntArray:
    """How often each code occurs, shape (size,)."""
    return np.bincount(codes, minlength=size).astype(np.int64)


def rows_by_code(codes: IntArray) -> Iterator[tuple[int, IntArray]]:
    """Each code that occurs, with its rows in their order."""
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    for rows in np.split(order, starts[1:]) if order.size else ():
        yield int(codes[rows[0]]), rows
