"""Many people's responses at once: the log-likelihood on the grid of every row, a person or a topic of a person.

Responses come in long format: `row` says whose each one is; one that is missing is simply absent. The logarithms of
all items' curves make a table, kept as float32 (half the time; sums of hundreds stay right to 1e-5), and a row is the
sum of its lines of that table: one sparse product, or a dense one where all rows answered the same items.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring import irt, parts
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray

CHUNK = 4096  # rows whose weights on the grid stay in the processor's cache
BUCKETS = 1 << 20

Result = TypeVar("Result")
Codes = NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Responses in order of their rows.

    a, b, c, shape (items,). item: codes, shape (n,). right: bool, shape (n,). ends, shape (rows + 1,): where each
    row's responses begin, and after the last one the end.
    """

    a: FloatArray
    b: FloatArray
    c: FloatArray
    item: Codes
    right: NDArray[np.bool_]
    ends: Codes

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.ends.size - 1

    @property
    def counts(self) -> Codes:
        """How many responses each row has, shape (rows,)."""
        return np.diff(self.ends)

    @property
    def form(self) -> Codes | None:
        """The items of all rows, if every row has the same ones in the same order."""
        if not self.rows or not self.item.size or self.item.size % self.rows or np.ptp(self.counts):
            return None
        served = self.item.reshape(self.rows, -1)
        return served[0] if (served == served[0]).all() else None


def gather(
    row: ArrayLike,
    marks: ArrayLike,
    a: ArrayLike,
    b: ArrayLike,
    c: ArrayLike,
    *,
    rows: int,
    item: ArrayLike | None = None,
) -> Evidence:
    """Responses in long format, checked and put in order of their rows.

    Args: row, shape (n,): codes 0 to rows - 1. marks, shape (n,): 0 to 1; only 1 counts as right. item, shape (n,):
        codes; a, b and c are then of shape (items,), otherwise of shape (n,), one for each response.
    Raises: ValueError if shapes differ or a value is out of bounds.
    """
    marks, a, b, c = (np.asarray(values, dtype=np.float64) for values in (marks, a, b, c))
    check(marks, a, b, c, alike=item is None)
    row = codes(row, rows, marks.size, "row")
    if item is None:
        first, items = _form(a, b, c, rows) or _distinct(a, b, c)
        a, b, c = a[first], b[first], c[first]
    else:
        items = codes(item, a.size, marks.size, "item")
    right = marks == 1
    if (row[1:] < row[:-1]).any():
        order = np.argsort(row, kind="stable")
        items, right = items[order], right[order]
    ends = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows))))
    return Evidence(a=a, b=b, c=c, item=items, right=right, ends=ends)


def check(marks: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, *, alike: bool = True) -> None:
    """Raises: ValueError if shapes differ (those of marks and items may, unless `alike`) or a value is impossible."""
    if not (a.ndim == marks.ndim == 1 and a.shape == b.shape == c.shape):
        raise ValueError("marks, a, b and c must be of one shape, (n,)")
    if alike and marks.shape != a.shape:
        raise ValueError("marks, a, b and c must be of one shape, (n,)")
    if marks.size and not 0 <= marks.min() <= marks.max() <= 1:
        raise ValueError("a mark is outside 0 to 1")
    if not ((a > 0) & (a <= irt.MOST)).all():
        raise ValueError(f"a discrimination is not above 0, or above {irt.MOST:g}")
    if not (np.abs(b) <= irt.MOST).all():
        raise ValueError(f"a difficulty is not a number, or further than {irt.MOST:g} from 0")
    if not ((c >= 0) & (c < 1)).all():
        raise ValueError("a guessing chance is outside [0, 1)")


def codes(values: ArrayLike, count: int, responses: int, name: str) -> Codes:
    """These values as an array. Raises: ValueError if they are not codes 0 to count - 1, one for each response."""
    found = np.asarray(values)
    if count < 0:
        raise ValueError(f"there cannot be {count} of {name}")
    if found.shape != (responses,):
        raise ValueError(f"{name} and marks must be of one shape, (n,)")
    if not responses:
        return np.zeros(0, dtype=np.intp)
    if not np.issubdtype(found.dtype, np.integer):
        raise ValueError(f"{name} must hold whole numbers")
    if found.min() < 0 or found.max() >= count:
        raise ValueError(f"{name} holds a code outside 0 to {count - 1}")
    return found.astype(np.intp, copy=False)  # what is reckoned with them may not fit a narrower type


def log_table(points: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """What one answer adds to the log-likelihood, shape (items, 2, q): at [item, 0] if wrong, [item, 1] if right."""
    right, wrong = irt.log_probabilities(points, a[:, None], b[:, None], c[:, None])
    return np.stack((wrong, right), axis=1)


def log_likelihoods(points: FloatArray, evidence: Evidence, *, chunk: int = CHUNK) -> Iterator[tuple[slice, Weights]]:
    """The rows' log-likelihoods, `chunk` rows at a time: which rows they are, and float32 of shape (chunk, q)."""
    of_rows = _reader(points, evidence)
    return ((rows, of_rows(rows)) for rows in parts.slices(evidence.rows, chunk))


def each(
    work: Callable[[slice, Weights], Result], points: FloatArray, evidence: Evidence, *, chunk: int = CHUNK
) -> list[Result]:
    """What the work makes of the rows' log-likelihoods, given as by `log_likelihoods`, several chunks at once."""
    of_rows = _reader(points, evidence)
    return parts.each(lambda rows: work(rows, of_rows(rows)), parts.slices(evidence.rows, chunk))


def _reader(points: FloatArray, evidence: Evidence) -> Callable[[slice], Weights]:
    """What gives the log-likelihoods of rows."""
    if not evidence.item.size:
        return lambda rows: np.zeros((rows.stop - rows.start, points.size), dtype=np.float32)
    table = log_table(points, evidence.a, evidence.b, evidence.c).astype(np.float32)
    form = evidence.form
    if form is not None:
        wrong, right = table[form].swapaxes(0, 1)
        served, gain, start = evidence.right.reshape(evidence.rows, -1).T, (right - wrong).T, wrong.sum(axis=0)
        # point by point in memory: the largest of each row is found in a tenth of the time
        return lambda rows: (gain @ served[:, rows].astype(np.float32)).T + start
    from scipy.sparse import csr_array  # a sixteenth of a second that no start of the app has to wait for

    lines = table.reshape(-1, points.size)
    columns = (2 * evidence.item + evidence.right).astype(np.int32)
    ones = np.ones(columns.size, dtype=np.float32)

    def of_rows(rows: slice) -> Weights:
        ends = evidence.ends[rows.start : rows.stop + 1]
        within = slice(ends[0], ends[-1])
        pointers = (ends - ends[0]).astype(np.int32)
        served = csr_array((ones[within], columns[within], pointers), shape=(ends.size - 1, len(lines)))
        return np.asarray(served @ lines)

    return of_rows


def _form(a: FloatArray, b: FloatArray, c: FloatArray, rows: int) -> tuple[Codes, Codes] | None:
    """As `_distinct`, if the responses are the same items over and over, once for each row."""
    length = a.size // max(rows, 1)
    if not length or a.size != length * rows:
        return None
    if not all((values.reshape(rows, length) == values[:length]).all() for values in (a, b, c)):
        return None
    first = np.arange(length)
    return first, np.tile(first, rows)


def _distinct(a: FloatArray, b: FloatArray, c: FloatArray) -> tuple[Codes, Codes]:
    """Where each distinct item occurs, and for every response which of these its item is.

    Every response is put in a bucket by a hash of its item; those that differ from their bucket's last one try anew
    with another hash. Ten times as fast as sorting.
    """
    occurs = np.zeros(a.size, dtype=np.intp)
    pending = np.arange(a.size)
    last = np.empty(BUCKETS, dtype=np.intp)
    bits = [values.view(np.uint64) for values in (a, b, c)]
    seed = 0
    while pending.size:
        mixed = np.zeros(pending.size, dtype=np.uint64)
        for part in bits:
            seed += 1
            mixed ^= part[pending] + np.uint64(seed)
            mixed *= np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(32)
        bucket = (mixed >> np.uint64(8)).astype(np.intp) & (BUCKETS - 1)
        last[bucket] = pending
        found = last[bucket]
        same = (a[found] == a[pending]) & (b[found] == b[pending]) & (c[found] == c[pending])
        occurs[pending[same]] = found[same]
        pending = pending[~same]
    is_first = np.zeros(a.size, dtype=bool)
    is_first[occurs] = True
    first = np.flatnonzero(is_first)
    rank = np.empty(a.size, dtype=np.intp)
    rank[first] = np.arange(first.size)
    return first, rank[occurs]
