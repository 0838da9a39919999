"""The smallest set of rises after which enough of a cohort's members hold the level wanted in every topic.

A step takes one member up one level in one topic; a rise is a member's steps in a topic. Whoever is to rise in a topic
must hold what it builds on at Developing, as far as is seen, or rise to that first. Levels are ranks in `LEVELS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np

from tracker.scoring.coverage import Flags, Ranks, SeenLevels

READY = 1  # the rank of Developing
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Rise:
    """A member who is to rise in a topic, from the level surely held to another.

    needed_for: the topic that builds on it, where nobody asks for more than that; None where its own level is wanted.
    """

    member: int
    topic: int
    start: int
    goal: int
    needed_for: int | None

    @property
    def steps(self) -> int:
        """How many levels."""
        return self.goal - self.start


@dataclass(frozen=True, slots=True)
class Plan:
    """Rises in an order in which they can be made. fewest_steps: no set of rises that reaches the same takes fewer."""

    rises: tuple[Rise, ...]
    fewest_steps: int

    @property
    def steps(self) -> int:
        """How many steps all of it takes."""
        return sum(rise.steps for rise in self.rises)


def plan_rises(seen: SeenLevels, wanted: Ranks, *, builds_on: Sequence[Sequence[int]], holders: int) -> Plan:
    """The rises after which so many members surely hold the wanted levels, greedily: the cheapest next one first.

    Among the equally cheap it takes the member with the fewest steps so far, then the one seen nearest.

    Args: wanted, shape (t,): 0 where nothing is wanted. builds_on: for each topic, the topics it builds on, without
        circles. holders: at most m.
    Returns: a plan that is the smallest where no member has to make up for what a topic builds on. Where they have to,
        it takes at most D times the steps of the smallest, D being the most wanted topics that one such topic serves.
    Proof: docs/decisions/0030-coverage.md.
    """
    work = _Work(seen, wanted, builds_on)
    fewest = _fewest_steps(work, holders)
    while (candidates := work.candidates(holders)).size:
        work.raise_one(*_first(candidates, work.costs(), work.loads(), work.distances()))
    return Plan(rises=work.rises(), fewest_steps=fewest)


class _Work:
    """How far a plan has come: who surely holds what by now, and what they would have to make up for."""

    def __init__(self, seen: SeenLevels, wanted: Ranks, builds_on: Sequence[Sequence[int]]) -> None:
        self.wanted = wanted
        self.start, self.held = seen.lowest, seen.lowest.copy()
        self.unready = seen.level < READY
        self.order = tuple(TopologicalSorter(dict(enumerate(builds_on))).static_order())
        self.builds_on = builds_on
        self.to_make_up = self._to_make_up(self.unready)
        self._made_up: Ranks = self.to_make_up.sum(axis=2)
        self._distances = -(seen.level + seen.highest)
        self._steps = np.zeros(len(seen.level), dtype=np.int64)
        self._needed_for: dict[tuple[int, int], int | None] = {}

    def candidates(self, holders: int) -> Ranks:
        """The pairs of member and topic, shape (n, 2), of which one more brings the plan nearer."""
        lacking = (self.held >= self.wanted).sum(axis=0) < holders
        return np.argwhere(lacking & (self.held < self.wanted))

    def costs(self) -> Ranks:
        """The steps that each member needs until they hold the level wanted in each topic, shape (m, t)."""
        return self.wanted - self.held + self._made_up

    def loads(self) -> Ranks:
        """The steps that each member has already, shape (m, t)."""
        return np.broadcast_to(self._steps[:, None], self.held.shape)

    def distances(self) -> Ranks:
        """How far the levels seen lie below the highest, shape (m, t), but for a constant."""
        return self._distances

    def raise_one(self, member: int, topic: int) -> None:
        """Let a member rise to the level wanted in a topic, first in what it builds on."""
        for made_up in (one for one in self.order if self.to_make_up[member, topic, one]):
            self._needed_for[member, made_up] = topic
            self._lift(member, made_up, READY)
        self._needed_for[member, topic] = None
        self._lift(member, topic, int(self.wanted[topic]))
        self.to_make_up[member] = self._to_make_up(self.unready[[member]])[0]
        self._made_up[member] = self.to_make_up[member].sum(axis=1)

    def rises(self) -> tuple[Rise, ...]:
        """What has been raised, in that order."""
        return tuple(
            Rise(member, topic, int(self.start[member, topic]), int(self.held[member, topic]), needed_for)
            for (member, topic), needed_for in self._needed_for.items()
        )

    def _lift(self, member: int, topic: int, goal: int) -> None:
        self._steps[member] += goal - self.held[member, topic]
        self.held[member, topic] = goal
        self.unready[member, topic] = False

    def _to_make_up(self, unready: Flags) -> Flags:
        """The topics that each member must rise in before each topic, shape (members, topic, made up)."""
        members, topics = unready.shape
        before = np.zeros((members, topics, topics), dtype=np.bool_)
        itself = np.eye(topics, dtype=np.bool_)
        for topic in self.order:
            for under in self.builds_on[topic]:
                before[:, topic] |= unready[:, under, None] & (before[:, under] | itself[under])
        return before


def _first(candidates: Ranks, *orders: Ranks) -> tuple[int, int]:
    """The candidate that is least by the first order; among equals by the next; then the first."""
    for order in orders:
        values = order[candidates[:, 0], candidates[:, 1]]
        candidates = candidates[values == values.min()]
    member, topic = candidates[0]
    return int(member), int(topic)


def _fewest_steps(work: _Work, holders: int) -> int:
    """What no plan can do with less: a step that serves several wanted topics is shared out among them.

    Each wanted topic then takes at least the smallest shares of as many members as it lacks.
    """
    lacking = np.maximum(0, holders - (work.held >= work.wanted).sum(axis=0))
    rising = (lacking > 0) & (work.held < work.wanted)
    first_steps = (work.to_make_up & rising[:, :, None]).sum(axis=1) + (rising & (work.held == 0))
    share = 1 / np.maximum(1, first_steps)
    own = np.where(work.held == 0, work.wanted - 1 + share, work.wanted - work.held)
    shares = np.where(rising, own + np.einsum("mtp,mp->mt", work.to_make_up, share), np.inf)
    shares.sort(axis=0)
    total = sum(shares[:count, topic].sum() for topic, count in enumerate(lacking))
    return int(np.ceil(total - ROUNDING))
