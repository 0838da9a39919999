"""Which figures of a group may be told: those that, with all told before, tell of nobody and of no few people.

A figure is taken for a sum over parts of people's data, which is the worst that whoever reads it can do with it: solve
for the parts. All that was ever told is then a system of equations, a row each, and all that can be worked out from it
is a combination of its rows. Parts that always came together form a block. If the blocks of at least five people
determine the rows (same rank with these blocks alone), then a combination in which none of them is left has nothing
left at all: whatever can be worked out is about five people at least.
Sources: Dobkin, Jones & Lipton (1979), ACM Transactions on Database Systems 4, 97-106, for the attack by combining
sums; Chin & Ozsoyoglu (1982), IEEE Transactions on Software Engineering 8, 574-582, for auditing by rank.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Literal

import numpy as np

from tracker.assessment.group_figures import Part, Share, Telling
from tracker.scoring.statistics.estimate import Z, proportion

LEAST = 5
"""No figure is of fewer people than this."""

Column = tuple[int, Hashable]
"""One number of a learner's, whose id comes first."""

Sum = frozenset[Column]


class Disclosures:
    """All that was told of some people, and what more may be.

    Args: known, the parts that leads of some cohort see. Such a part hides nobody, and is hidden from the others.
    """

    def __init__(self, tellings: Sequence[Telling] = (), *, known: Collection[Part] = ()) -> None:
        ever_known = frozenset(known).union(*(one.known for one in tellings))
        self._readers = {parts: _Reader() for parts in (frozenset[Part](), ever_known)}
        for telling in tellings:
            self.add(telling)

    def hides(self, telling: Telling) -> bool:
        """Whether no group of it is of one to four people, beside those whose parts are known."""
        return all(
            len({learner_id for learner_id, _ in group}) >= LEAST
            for known in self._readers
            for group in telling.without(known).groups
            if group
        )

    def may_tell(self, telling: Telling) -> bool:
        """Whether, with this one too, all that can be worked out is about at least `LEAST` people."""
        return self.hides(telling) and all(
            reader.allows(telling.without(known)) for known, reader in self._readers.items()
        )

    def add(self, telling: Telling) -> None:
        """Take in what was told."""
        for known, reader in self._readers.items():
            reader.add(telling.without(known))

    def first_allowed(self, candidates: Iterable[Telling]) -> Telling | None:
        """The first of these that may be told; None when none may."""
        return next((telling for telling in candidates if self.may_tell(telling)), None)


class _Reader:
    """Somebody who reads all that is told.

    It must hide people in two readings: what changed is another number than before; and, of one cell, nobody changed,
    because what somebody gives now goes with what they gave last time.
    """

    def __init__(self) -> None:
        self._sums = _Sums()
        self._people: dict[str, _Sums] = defaultdict(_Sums)

    def allows(self, telling: Telling) -> bool:
        return self._sums.allow(_sums(telling)) and self._people[telling.cell].allow(_people(telling))

    def add(self, telling: Telling) -> None:
        self._sums.add(_sums(telling))
        self._people[telling.cell].add(_people(telling))


class _Sums:
    """Sums that were told."""

    def __init__(self) -> None:
        self._told: dict[Sum, None] = {}
        self._with: dict[Column, list[Sum]] = defaultdict(list)

    def add(self, sums: Iterable[Sum]) -> None:
        for one in sums:
            if one not in self._told:
                self._told[one] = None
                for column in one:
                    self._with[column].append(one)

    def allow(self, sums: Sequence[Sum]) -> bool:
        """Whether these give nothing away, or no more than what was told does since more is known."""
        new = [one for one in sums if one and one not in self._told]
        told = self._connected(new)
        lost = given_away([*new, *told])
        return not lost or lost == given_away(told)

    def _connected(self, sums: Iterable[Sum]) -> list[Sum]:
        """What was told that shares a column with these, or with what does, and so on; nothing else matters."""
        reached: dict[Sum, None] = {}
        waiting = list(sums)
        while waiting:
            for column in waiting.pop():
                for one in self._with.get(column, ()):
                    if one not in reached:
                        reached[one] = None
                        waiting.append(one)
        return list(reached)


def connected(told_of: Mapping[int, Collection[int]], learner_ids: Iterable[int]) -> list[int]:
    """The cohorts whose tellings matter to these people: of them, or of people in such a telling, and so on.

    Args: told_of, whom each cohort was ever told of.
    """
    reached, waiting = set(learner_ids), dict(told_of)
    while near := [cohort_id for cohort_id, people in waiting.items() if not reached.isdisjoint(people)]:
        for cohort_id in near:
            reached.update(waiting.pop(cohort_id))
    return sorted(told_of.keys() - waiting.keys())


def given_away(sums: Sequence[Sum]) -> int:
    """How many combinations of these sums, none of which follows from others, leave fewer than `LEAST` in a block.

    With none, every combination in which anything is left has at least `LEAST` people left in it.
    """
    blocks: dict[Column, int] = defaultdict(int)
    for number, one in enumerate(sums):
        for column in one:
            blocks[column] |= 1 << number
    people: dict[int, set[int]] = defaultdict(set)
    for column, block in blocks.items():
        people[block].add(column[0])
    large = [block for block, who in people.items() if len(who) >= LEAST]
    return _rank(list(people), len(sums)) - _rank(large, len(sums))


def told_share(count: int, n: int, *, hidden: tuple[int, int] | None = None, z: float = Z) -> Share:
    """A share with its score interval; near either end no more than that, so that no unanimous group is laid open.

    Args: hidden, the count and n of those alone whose answers are hidden; the others' are known.
    """
    unknown, people = hidden or (count, n)
    end: Literal["few", "most", "blurred"] | None = None
    fewest = largest = count
    if unknown < 2 or unknown > people - 2:
        fewest = count - unknown + (0 if unknown < 2 else people - 1)
        largest = fewest + 1
        end = "few" if not fewest else "most" if largest == n else "blurred"
    return Share(
        n=n,
        value=None if end else count / n,
        low=float(proportion(fewest, n, z=z).low),
        high=float(proportion(largest, n, z=z).high),
        end=end,
    )


def _sums(telling: Telling) -> list[Sum]:
    return [
        frozenset((learner_id, (datum, about)) for learner_id, datum in group)
        for group in telling.groups
        for about in telling.about
    ]


def _people(telling: Telling) -> list[Sum]:
    return [frozenset((learner_id, "") for learner_id, _ in group) for group in telling.groups]


def _rank(blocks: Sequence[int], rows: int) -> int:
    if not blocks:
        return 0
    return int(np.linalg.matrix_rank(np.array([[block >> row & 1 for row in range(rows)] for block in blocks])))
