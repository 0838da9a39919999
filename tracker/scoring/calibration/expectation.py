"""The E-step: where each person stands on the grid given the items, and who is expected to have answered them where.

Weights have the precision of the blocks. Where responses are many and sparse that is single, which takes half the time
and leaves the estimates within 1e-6, a tenth of what the usual tolerance does (`fit`); otherwise it is double.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracker.scoring import parts
from tracker.scoring.calibration.curves import ITEMS, log_curves
from tracker.scoring.calibration.responses import Blocks
from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray

LEAST_LOG = -80.0  # relative to the highest point: far smaller weights are denormal, and ten times slower


@dataclass(frozen=True, slots=True)
class EStep:
    """One E-step at q points: what went in, and the sums over people of their posterior weights.

    log_table: log P of all items, then log Q of all items, shape (2 items, q). log_weights: of theta in the population.
    right, wrong: shape (items, q), the weights of those who answered the item so. people: shape (q,), everybody's.
    """

    points: FloatArray
    log_weights: FloatArray
    log_table: FloatArray
    right: FloatArray
    wrong: FloatArray
    people: FloatArray
    log_likelihood: float


def log_table(points: FloatArray, a: FloatArray, d: FloatArray, c: FloatArray) -> FloatArray:
    """The table of an `EStep` for items with these parameters, each of shape (items,)."""
    table = np.empty((2, a.size, points.size))

    def fill(part: slice) -> None:
        table[:, part] = log_curves(points, a[part], d[part], c[part])

    parts.each(fill, parts.slices(a.size, ITEMS))
    return table.reshape(-1, points.size)


def expect(blocks: Blocks, points: FloatArray, log_weights: FloatArray, log_table: FloatArray) -> EStep:
    """The E-step under these curves and this population."""
    table, offset = log_table, log_weights
    if blocks.is_complete:
        log_right, log_wrong = np.split(log_table, 2)
        table, offset = log_right - log_wrong, offset + log_wrong.sum(axis=0)

    def share(mine: Sequence[Any]) -> tuple[FloatArray, FloatArray, float]:
        dtype = mine[0].dtype
        my_table, my_offset = table.astype(dtype, copy=False), offset.astype(dtype)
        counts, people, log_likelihood = np.zeros(table.shape, dtype), np.zeros(points.size), 0.0
        for block in mine:
            design = block if blocks.is_complete or not blocks.is_dense else block.toarray()
            weights, log_likelihoods = posterior(design, my_table, my_offset)
            counts += design.T @ weights
            people += weights.sum(axis=0)
            log_likelihood += float(log_likelihoods.sum(dtype=np.float64))
        return counts, people, log_likelihood

    shares = [blocks.blocks[first :: parts.THREADS] for first in range(min(parts.THREADS, len(blocks.blocks)))]
    done = parts.each(share, shares)
    counts = sum((counts for counts, _, _ in done), np.zeros(table.shape))
    people = sum((people for _, people, _ in done), np.zeros(points.size))
    right, wrong = (counts, people - counts) if blocks.is_complete else np.split(counts, 2)
    return EStep(
        points=points,
        log_weights=log_weights,
        log_table=log_table,
        right=right,
        wrong=wrong,
        people=people,
        log_likelihood=sum(log_likelihood for _, _, log_likelihood in done),
    )


def posterior(design: Any, table: Weights, log_weights: Weights) -> tuple[Weights, Weights]:
    """The weights on the grid, shape (n, q), and the log-likelihoods, shape (n,), of a block's people."""
    weights = design @ table
    weights += log_weights
    peaks = weights.max(axis=1)
    weights -= peaks[:, None]
    np.maximum(weights, LEAST_LOG, out=weights)
    np.exp(weights, out=weights)
    sums = weights.sum(axis=1)
    weights /= sums[:, None]
    return weights, peaks + np.log(sums)


def abilities(blocks: Blocks, last: EStep) -> tuple[FloatArray, FloatArray]:
    """Everybody's posterior mean and sd, in the order of the blocks."""
    moments = np.empty((2, blocks.person.size))
    first = 0
    for block in blocks.both:
        weights, _ = posterior(block, last.log_table, last.log_weights)
        mean = weights @ last.points
        variance = (weights * (last.points - mean[:, None]) ** 2).sum(axis=1)
        moments[:, first : first + mean.size] = mean, np.sqrt(variance)
        first += mean.size
    return moments[0], moments[1]
