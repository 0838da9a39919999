"""What a bank can measure: many people, each taking an adaptive test, all at once.

Every test asks what tells most at the estimate, without quotas or limits: the most that the bank can give, and what the
price of `Selector`'s quotas and limits is measured against.
"""

from dataclasses import dataclass

import numpy as np

from tracker.scoring import grid
from tracker.scoring.irt import FloatArray
from tracker.scoring.selection import information
from tracker.scoring.selection.bank import Bank, BoolArray, IntArray
from tracker.scoring.selection.information import Curves
from tracker.scoring.selection.shortlists import Shortlists, shortlists, stretches

SPARE = 8  # listed beyond those that may all be given already


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Tests of p people: items and marks, shape (p, length), in order; theta and standard error, shape (p,), logits."""

    items: IntArray
    marks: FloatArray
    theta: FloatArray
    standard_error: FloatArray


def simulate(bank: Bank, theta: FloatArray, *, length: int, rng: np.random.Generator) -> Simulation:
    """Give each of these people a test, whatever the topics, starting from the prior N(0, 1).

    Args: theta, shape (p,), logits, the same in every topic. They answer as the bank's curves say.
    Raises: ValueError if the bank has not more than `length` items.
    """
    if bank.size <= length:
        raise ValueError("the bank must have more items than a test")
    if not np.isfinite(theta).all():
        raise ValueError("an ability is not a number")
    curves = bank.curves
    lists = shortlists(curves, min(length + SPARE, bank.size - 1))
    right = _probability(grid.COARSE, np.arange(bank.size)[:, None], curves)
    chance_of_mark = np.stack((1 - right, right), axis=1)
    people = np.arange(theta.size)
    luck = rng.random((length, theta.size))
    items = np.empty((length, theta.size), dtype=np.intp)
    marks = np.empty((length, theta.size))
    given = np.zeros((theta.size, bank.size), dtype=np.bool_)
    weights = np.tile(grid.normalised(grid.log_normal(grid.COARSE, 0, 1)), (theta.size, 1))
    mean, error = grid.moments(grid.COARSE, weights)
    for step in range(length):
        item = _most_informative(mean, given, curves, lists)
        is_right = (luck[step] < _probability(theta, item, curves)).astype(np.intp)
        weights *= chance_of_mark[item, is_right]
        weights /= (weights @ np.ones(grid.COARSE.size))[:, None]
        mean, error = grid.moments(grid.COARSE, weights)
        items[step], marks[step] = item, is_right
        given[people, item] = True
    return Simulation(items=items.T, marks=marks.T, theta=mean, standard_error=error)


def _most_informative(theta: FloatArray, given: BoolArray, curves: Curves, lists: Shortlists) -> IntArray:
    """For each person the item, not given yet, that tells most at their estimate, shape (p,)."""
    at = stretches(theta)
    listed = lists.items.take(at, axis=0)
    told = information.at(theta[:, None], Curves(*(values.take(at, axis=0) for values in lists.curves)))
    first_of_person = given.shape[1] * np.arange(theta.size)[:, None]
    np.putmask(told, given.take(first_of_person + listed), -1)
    best = told.argmax(axis=1)[:, None]
    chosen = np.take_along_axis(listed, best, axis=1)[:, 0]
    for person in np.flatnonzero(np.take_along_axis(told, best, axis=1)[:, 0] <= lists.bound[at]):
        chosen[person] = np.where(given[person], -1, information.at(theta[person], curves)).argmax()
    return chosen


def _probability(theta: FloatArray, items: IntArray, curves: Curves) -> FloatArray:
    """The chance of a right answer; theta and items broadcast against each other."""
    knowing = 1 / (1 + np.exp(curves.ab[items] - curves.a[items] * theta))
    odds = curves.odds[items]
    return np.asarray((odds + knowing) / (1 + odds))
