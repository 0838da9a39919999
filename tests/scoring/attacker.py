"""Somebody who solves all figures that were ever told for the data of single people.

They know who is in each figure, and that it is a sum. They win once some combination of figures holds the data of one
to four people and of nobody else.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

import numpy as np

from tracker.assessment.group_figures import Telling
from tracker.scoring.disclosure import LEAST

Equation = frozenset[tuple[int, object]]


def equations(told: Iterable[Telling]) -> list[Equation]:
    """What the attacker writes down: each sum, over whose numbers it goes."""
    return [
        frozenset((who, (datum, about)) for who, datum in group)
        for telling in told
        for group in telling.groups
        for about in telling.about
    ]


def equations_if_nobody_changes(told: Iterable[Telling], cell: str) -> list[Equation]:
    """The same of one figure, for an attacker who takes it that people answer as they did before."""
    return [frozenset((who, "") for who, _ in group) for one in told if one.cell == cell for group in one.groups]


def exposed(system: Collection[Equation]) -> set[frozenset[int]]:
    """The groups of one to four people whose numbers, and nobody else's, are left in some combination of equations."""
    rows = [one for one in dict.fromkeys(system) if one]
    patterns: dict[tuple[bool, ...], set[int]] = {}
    for column in frozenset[tuple[int, object]]().union(*rows):
        patterns.setdefault(tuple(column in one for one in rows), set()).add(column[0])
    people = sorted({who for whose in patterns.values() for who in whose})
    rank = _rank(patterns)
    return {
        frozenset(few)
        for size in range(1, LEAST)
        for few in combinations(people, size)
        if _rank(pattern for pattern, whose in patterns.items() if not whose.issubset(few)) < rank
    }


def _rank(patterns: Iterable[tuple[bool, ...]]) -> int:
    matrix = np.array(list(patterns), dtype=float)
    return int(np.linalg.matrix_rank(matrix)) if matrix.size else 0


def wins(told: Sequence[Telling]) -> bool:
    """Whether the attacker learns of fewer than five people."""
    cells = {one.cell for one in told}
    return bool(exposed(equations(told)) or any(exposed(equations_if_nobody_changes(told, cell)) for cell in cells))
