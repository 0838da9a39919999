"""The E-step: where each person stands on the grid given the items, and who is expected to have answered them where.

Everything is in double precision: single gains a fifth of the time, and its rounding stays in the estimates.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracker.scoring.calibration.curves import Curves
from tracker.scoring.calibration.responses import Blocks
from tracker.scoring.irt import FloatArray

LEAST_LOG = -80.0  # relative to the highest point: far smaller weights are denormal, and ten times slower
THREADS = 4  # the products and exponentials of one block let those of others run


@dataclass(frozen=True, slots=True)
class EStep:
    """One E-step at q points: what went in, and the sums over people of their posterior weights.

    curves: of the items. log_weights: of theta in the population. right, wrong: shape (items, q), the weights of those
    who answered the item so. people: shape (q,), everybody's.
    """

    points: FloatArray
    log_weights: FloatArray
    curves: Curves
    right: FloatArray
    wrong: FloatArray
    people: FloatArray
    log_likelihood: float


def expect(blocks: Blocks, points: FloatArray, log_weights: FloatArray, curves: Curves) -> EStep:
    """The E-step under these curves and this population."""
    table, offset = curves.log_table, log_weights
    if blocks.is_complete:
        log_right, log_wrong = np.split(table, 2)
        table, offset = log_right - log_wrong, offset + log_wrong.sum(axis=0)

    def share(mine: Sequence[Any]) -> tuple[FloatArray, FloatArray, float]:
        counts, people, log_likelihood = np.zeros(table.shape), np.zeros(points.size), 0.0
        for block in mine:
            design = block.toarray()[:, : len(table)] if blocks.is_dense else block
            weights, log_likelihoods = posterior(design, table, offset)
            counts += design.T @ weights
            people += weights.sum(axis=0)
            log_likelihood += float(log_likelihoods.sum())
        return counts, people, log_likelihood

    shares = [blocks.blocks[first::THREADS] for first in range(min(THREADS, len(blocks.blocks)))]
    with ThreadPoolExecutor(THREADS) as threads:  # starts a thread only for what is asked of it
        done = list((threads.map if len(shares) > 1 else map)(share, shares))
    counts = sum((counts for counts, _, _ in done), np.zeros(table.shape))
    people = sum((people for _, people, _ in done), np.zeros(points.size))
    right, wrong = (counts, people - counts) if blocks.is_complete else np.split(counts, 2)
    return EStep(
        points=points,
        log_weights=log_weights,
        curves=curves,
        right=right,
        wrong=wrong,
        people=people,
        log_likelihood=sum(log_likelihood for _, _, log_likelihood in done),
    )


def posterior(design: Any, table: FloatArray, log_weights: FloatArray) -> tuple[FloatArray, FloatArray]:
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
    table = last.curves.log_table
    moments = np.empty((2, blocks.person.size))
    first = 0
    for block in blocks.blocks:
        weights, _ = posterior(block, table, last.log_weights)
        mean = weights @ last.points
        variance = (weights * (last.points - mean[:, None]) ** 2).sum(axis=1)
        moments[:, first : first + mean.size] = mean, np.sqrt(variance)
        first += mean.size
    return moments[0], moments[1]
