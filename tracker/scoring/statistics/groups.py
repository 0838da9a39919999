"""Two groups of people whose responses are compared: what differential item functioning (DIF) is about.

`group` is 0 for the reference group, 1 for the focal one, -1 for people in neither, who are left out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.statistics.estimate import IntArray
from tracker.scoring.statistics.long_format import checked_codes, checked_right, counts

LEAST_IN_GROUP = 100


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The responses of the people in either group, shape (n,), and how many of each group answered each item."""

    person: IntArray
    item: IntArray
    right: NDArray[np.bool_]
    is_focal: NDArray[np.bool_]
    reference: IntArray
    focal: IntArray

    @property
    def n(self) -> IntArray:
        """How many answered each item."""
        return self.reference + self.focal


def compared(
    person: ArrayLike, item: ArrayLike, marks: ArrayLike, group: ArrayLike, matching: ArrayLike, items: int
) -> Compared:
    """The responses that can be compared. Raises: ValueError if shapes differ or a code is outside its bounds."""
    groups = np.asarray(group)
    if groups.ndim != 1 or groups.shape != np.shape(matching):
        raise ValueError("group and what it is matched on must be of one shape, (people,)")
    if not np.isin(groups, (-1, 0, 1)).all():
        raise ValueError("a group is not -1, 0 or 1")
    people = checked_codes(person, name="person", below=groups.size)
    codes = checked_codes(item, name="item", below=items)
    if people.shape != codes.shape:
        raise ValueError("person, item and marks must be of one shape, (n,)")
    right = checked_right(marks, size=codes.size)
    kept = groups[people] >= 0
    people, codes, right, is_focal = people[kept], codes[kept], right[kept], groups[people[kept]] == 1
    return Compared(people, codes, right, is_focal, counts(codes[~is_focal], items), counts(codes[is_focal], items))


def enough(reference: IntArray, focal: IntArray) -> NDArray[np.bool_]:
    """Whether enough of both groups answered each item to speak of DIF."""
    return np.minimum(reference, focal) >= LEAST_IN_GROUP


def ability_strata(theta: ArrayLike, *, strata: int) -> IntArray:
    """The stratum, 0 to `strata` - 1 from the least able, of each person: about as many people in each."""
    ability = np.asarray(theta, dtype=np.float64)
    borders = np.quantile(ability, np.arange(1, strata) / strata)
    return np.searchsorted(borders, ability, side="right").astype(np.int64)
