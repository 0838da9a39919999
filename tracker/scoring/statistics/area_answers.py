"""What was answered in one area, as statistics of its items read it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.parameters import Estimate
from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import IntArray

LARGEST_ERROR = 0.35
"""Of b, in logits: an item known less well cannot be told from a leaked one."""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What is known of an item beside its answers.

    earlier: its estimate at an earlier calibration, None without one. choices: the names of its options or, where
    answers are typed, of the answers often given, and whether each is right. are_options: whether they are offered.
    """

    item_id: str
    version: str
    estimate: Estimate
    guessing: float
    earlier: Estimate | None = None
    choices: tuple[tuple[str, bool], ...] = ()
    are_options: bool = True

    @property
    def is_calibrated(self) -> bool:
        return self.estimate.responses > 0

    @property
    def is_well_known(self) -> bool:
        """Whether its difficulty is known well enough to say that it has become easier."""
        return self.is_calibrated and self.estimate.b_error <= LARGEST_ERROR


@dataclass(frozen=True, slots=True, eq=False)
class AreaAnswers:
    """What was answered in one area, each person's answers in the order they were given.

    Of each of n responses, shape (n,): person and sitting, codes (a person sits often), item, a code into `items`,
    right, seconds, NaN where nothing was answered, and ended_at, seconds since 1970. Of each choice made, shape (m,):
    the response's row, and which of its item's choices it was, -1 for another. is_retake: of each sitting, whether its
    person has had one before.
    """

    items: Sequence[KnownItem]
    person: IntArray
    sitting: IntArray
    item: IntArray
    right: NDArray[np.bool_]
    seconds: FloatArray
    ended_at: FloatArray
    choice_row: IntArray
    choice: IntArray
    is_retake: NDArray[np.bool_]
