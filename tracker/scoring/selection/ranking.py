"""Ranking the items of one pool, exactly: as if every item of it had been scored.

A small pool is scored whole. In a large one only the shortlist is, and those of the others that can still win: an item
outside the list, whose information I is at most the bound B, is among the best only if what is drawn for it reaches
`(s - W B) / (1 - W)`, s being the score to beat. How many do is binomial, which ones is even chance, and what was drawn
for them is even above that: so they are drawn just as if a number had been drawn for each.
"""

from typing import NamedTuple

import numpy as np

from tracker.scoring.grid import Weights
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection import information, seeding
from tracker.scoring.selection.bank import BoolArray, IntArray
from tracker.scoring.selection.exposure import MOST_EXPOSURE, unrestricted
from tracker.scoring.selection.information import Curves
from tracker.scoring.selection.pool import Pool
from tracker.scoring.selection.seeding import Wanted
from tracker.scoring.selection.shortlists import Shortlists, stretch

RANKED = 4


class Request(NamedTuple):
    """What an item is wanted for.

    theta: the estimate, logits. posterior: weights on the coarse grid if items are to be judged by their mean over it,
    None if by their information at theta. weight: W. blocked, exposure: shape (n,), of the whole bank.
    """

    theta: float
    posterior: Weights | None
    weight: float
    wanted: Wanted
    blocked: BoolArray
    exposure: FloatArray


class Candidate(NamedTuple):
    """An item that could be given: what it tells, what was drawn for it, and `(1 - W) drawn + W information`.

    item: its place in the bank. information and drawn are per squared logit.
    """

    item: int
    information: float
    drawn: float
    score: float


class _Scores(NamedTuple):
    """Some items of a pool: their places in it and the parts of their scores, each of shape (m,)."""

    at: IntArray
    information: FloatArray
    drawn: FloatArray
    score: FloatArray

    def candidate(self, pool: Pool, at: int) -> Candidate:
        return Candidate(
            item=pool.items.item(self.at.item(at)),
            information=self.information.item(at),
            drawn=self.drawn.item(at),
            score=self.score.item(at),
        )


def rank(pool: Pool, request: Request, rng: np.random.Generator) -> list[Candidate]:
    """The best items of a pool, best first, as many as `RANKED`; fewer, even none, if no more may be given."""
    if request.wanted != "any" and not pool.is_mixed:
        request = request._replace(wanted="any")
    scores = None
    if pool.shortlists and request.posterior is None and request.wanted != "new":
        scores = _from_shortlist(pool, pool.shortlists, request, rng)
    if scores is None:
        scores = _from_whole(pool, request, rng)
    return [scores.candidate(pool, at) for at in _best(scores.score)]


def _best(score: FloatArray) -> list[int]:
    """Where the largest scores are, largest first, the first of equals first."""
    left = score.copy()
    best = []
    for _ in range(min(RANKED, score.size)):
        best.append(int(left.argmax()))
        left[best[-1]] = -np.inf
    return best


def _from_whole(pool: Pool, request: Request, rng: np.random.Generator) -> _Scores:
    """The scores of all items that may be given."""
    eligible = unrestricted(request.exposure[pool.items], ~request.blocked[pool.items])
    at = seeding.preferred(eligible, pool.is_new, request.wanted).nonzero()[0]
    if not at.size:
        return _Scores(*(np.empty(0, dtype=np.intp), *np.empty((3, 0))))
    if request.posterior is None:
        told = information.at(request.theta, pool.curves)[at]
    else:
        # not `@`: for a product this thin BLAS starts threads that wait for each other on a busy machine
        told = np.einsum("q,qn->n", request.posterior, pool.table)[at]
    return _scored(at, told, told.max() * rng.random(at.size), request.weight)


def _from_shortlist(pool: Pool, lists: Shortlists, request: Request, rng: np.random.Generator) -> _Scores | None:
    """The scores of the listed items and of those others that could rank; None if the list alone does not settle it."""
    at = stretch(request.theta)
    listed = lists.items[at]
    may_be_given = _may_be_given(pool, listed, request)
    told = information.at(request.theta, Curves(*(values[at] for values in lists.curves)))[may_be_given]
    bound, weight = lists.bound.item(at), request.weight
    if told.size < RANKED or (most := float(told.max())) <= bound:
        return None
    scores = _scored(listed[may_be_given], told, most * rng.random(told.size), weight)
    to_beat = np.sort(scores.score).item(-RANKED)
    least = max(0.0, (to_beat - weight * bound) / (1 - weight)) if weight < 1 else most
    if least >= most:
        return scores
    others = _drawn_above(least / most, pool.items.size, rng)
    others = others[~lists.is_listed[at, others]]
    others = others[_may_be_given(pool, others, request)]
    told = information.at(request.theta, Curves(*(values[others] for values in pool.curves)))
    more = _scored(others, told, rng.uniform(least, most, others.size), weight)
    return _Scores(*(np.concatenate(pair) for pair in zip(scores, more, strict=True)))


def _may_be_given(pool: Pool, at: IntArray, request: Request) -> BoolArray:
    items = pool.items[at]
    may = ~request.blocked[items] & (request.exposure[items] <= MOST_EXPOSURE)
    return may & ~pool.is_new[at] if request.wanted == "calibrated" else may


def _drawn_above(least: float, count: int, rng: np.random.Generator) -> IntArray:
    """Which of `count` even draws from 0 to 1 would exceed `least`."""
    return rng.choice(count, rng.binomial(count, 1 - least), replace=False, shuffle=False)


def _scored(at: IntArray, told: FloatArray, drawn: FloatArray, weight: float) -> _Scores:
    return _Scores(at=at, information=told, drawn=drawn, score=(1 - weight) * drawn + weight * told)
