"""Everybody's responses, column by column: what calibration reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LoggedItem:
    """An item as it was answered: the version of its file, and what its author said of it."""

    version: str
    topic_id: str
    difficulty: int
    guessing: float

    @property
    def area_slug(self) -> str:
        return self.topic_id.partition("/")[0]


@dataclass(frozen=True, slots=True, eq=False)
class ResponseLog:
    """Finished attempts and their responses, in the order of learners and, of each, of the attempts' ends.

    Of each of k attempts: learner_id, and ended_at in seconds since 1970, shape (k,). Of each of n responses: attempt
    and item, codes into these and into items, whether it was right, and the seconds it took,
    NaN for one that was left out; shape (n,).
    """

    items: Sequence[LoggedItem]
    learner_id: NDArray[np.int64]
    ended_at: NDArray[np.float64]
    attempt: NDArray[np.int32]
    item: NDArray[np.int32]
    right: NDArray[np.bool_]
    seconds: NDArray[np.float32]

    @property
    def size(self) -> int:
        """How many responses there are."""
        return self.item.size
