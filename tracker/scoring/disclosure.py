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
from collections.abc import Hashable, Iterable, Sequence
from typing import Literal

import numpy as np

from tracker.assessment.group_figures import Share, Telling
from tracker.scoring.statistics.estimate import Z, proportion

LEAST = 5
"""No figure is of fewer people than this."""

Column = tuple[int, Hashable]
"""One number of a learner's, whose id comes first."""

Sum = frozenset[Column]


class Disclosures:
    """All that was told of some people, and what more may be."""

    def __init__(self, tellings: Iterable[Telling] = ()) -> None:
        self._sums = _Sums()
        self._people: dict[str, _Sums] = defaultdict(_Sums)
        for telling in tellings:
            self.add(telling)

    def may_tell(self, telling: Telling) -> bool:
        """Whether, with this one too, all that can be worked out is about at least `LEAST` people.

        It must hold in two readings: what changed is another number than before; and, of one cell, nobody changed,
        because what somebody gives now goes with what they gave last time.
        """
        return self._sums.allow(_sums(telling)) and self._people[telling.cell].allow(_people(telling))

    def add(self, telling: Telling) -> None:
        """Take in what was told."""
        self._sums.add(_sums(telling))
        self._people[telling.cell].add(_people(telling))

    def first_allowed(self, candidates: Iterable[Telling]) -> Telling | None:
        """The first of these that may be told; None when none may."""
        return next((telling for telling in candidates if self.may_tell(telling)), None)


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
        new = [one for one in sums if one and one not in self._told]
        return not new or is_safe([*new, *self._connected(new)])

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


def is_safe(sums: Sequence[Sum]) -> bool:
    """Whether every combination of these sums in which anything is left has at least `LEAST` people left in it."""
    blocks: dict[Column, int] = defaultdict(int)
    for number, one in enumerate(sums):
        for column in one:
            blocks[column] |= 1 << number
    people: dict[int, set[int]] = defaultdict(set)
    for column, block in blocks.items():
        people[block].add(column[0])
    large = [block for block, who in people.items() if len(who) >= LEAST]
    return _rank(large, len(sums)) == _rank(list(people), len(sums))


def hides_ends(whole: Share, groups: Sequence[tuple[int, int]]) -> bool:
    """Whether the shares of groups may be told beside that of their whole: added up, they give no end of a group away.

    Args: groups, of each a count and its n.
    """
    untold = [(count, n) for count, n in groups if told_share(count, n).end]
    fewest = sum(0 if count < 2 else n - 1 for count, n in untold)
    return bool(whole.end) or not untold or fewest < sum(count for count, _ in untold) < fewest + len(untold)


def told_share(count: int, n: int, *, z: float = Z) -> Share:
    """A share with its score interval; near either end no more than that, so that no unanimous group is laid open."""
    end: Literal["few", "most"] | None = "few" if count < 2 else "most" if count > n - 2 else None
    fewest, largest = {"few": (0, 1), "most": (n - 1, n), None: (count, count)}[end]
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
