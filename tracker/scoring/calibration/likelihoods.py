"""What many rows of responses say of one ability each, on the coarse grid."""

import numpy as np
from numpy.typing import NDArray

from tracker.scoring import evidence, grid
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray

Codes = NDArray[np.integer]


def log_likelihoods(
    row: Codes, right: NDArray[np.bool_], a: FloatArray, b: FloatArray, c: FloatArray, *, rows: int, item: Codes
) -> Weights:
    """The rows' log-likelihoods at the points of `grid.COARSE`, shape (rows, q).

    Args: row, right, item, shape (n,), one entry a response. a, b, c, shape (items,).
    """
    gathered = evidence.gather(row, right, a, b, c, rows=rows, item=item)
    parts = [part for _, part in evidence.log_likelihoods(grid.COARSE, gathered)]
    return np.concatenate([np.zeros((0, grid.COARSE.size), np.float32), *parts])
