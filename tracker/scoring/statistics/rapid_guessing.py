"""Answers given faster than anybody reads: no effort to solve the item, so no evidence of ability."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import Estimate, proportion
from tracker.scoring.statistics.flags import Flag, flag_where
from tracker.scoring.statistics.long_format import checked_codes, counts, sums

SHARE_OF_MEDIAN = 0.10
LONGEST_THRESHOLD = 10.0
LEAST_TIMED = 30
UNTIL_THEN = 3.0
LEAST_EFFORT = 0.90
LEAST_EFFORT_FOR_A_SCORE = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class RapidGuessing:
    """threshold: seconds, shape (items,). rapid: bool, shape (n,), which responses were faster; right or wrong, these
    are left out of the likelihood. effort: of each person's timed responses, shape (people,), the share that was not.
    """

    threshold: FloatArray
    rapid: NDArray[np.bool_]
    effort: Estimate

    @property
    def warned(self) -> NDArray[np.bool_]:
        """Whose score is shown with a warning."""
        return np.asarray(self.effort.value < LEAST_EFFORT)

    @property
    def withheld(self) -> NDArray[np.bool_]:
        """Who gets no score."""
        return np.asarray(self.effort.value < LEAST_EFFORT_FOR_A_SCORE)

    def flags(self) -> tuple[Flag, ...]:
        """Everybody warned or withheld: effort describes this very test, whatever the interval of a next one."""
        return (
            *flag_where("score withheld: rapid guessing", self.effort, self.withheld, LEAST_EFFORT_FOR_A_SCORE),
            *flag_where("rapid guessing", self.effort, self.warned & ~self.withheld, LEAST_EFFORT),
        )


def rapid_guessing(person: ArrayLike, item: ArrayLike, seconds: ArrayLike, *, people: int, items: int) -> RapidGuessing:
    """Which responses were rapid guesses, and everybody's effort (RTE).

    Args: person, item, seconds, shape (n,); seconds is NaN where a response was not timed.
    Raises: ValueError if shapes differ, a code is outside its bounds or a time is negative.
    The threshold is 10 % of the item's median time, at most 10 s, and 3 s until 30 responses were timed.
    Sources: Wise & Ma (2012), Setting response time thresholds for a CAT item pool: the normative threshold method
        (NCME), which takes 10 % of the mean; Wise & Kong (2005), Applied Measurement in Education 18, 163-183, for RTE.
    """
    codes, whose = checked_codes(item, name="item", below=items), checked_codes(person, name="person", below=people)
    times = np.asarray(seconds, dtype=np.float64)
    if not (codes.shape == whose.shape == times.shape):
        raise ValueError("person, item and seconds must be of one shape, (n,)")
    if (times < 0).any():
        raise ValueError("a time is negative")
    timed = ~np.isnan(times)
    usual = np.fmin(SHARE_OF_MEDIAN * _medians(codes[timed], times[timed], items), LONGEST_THRESHOLD)
    threshold = np.where(counts(codes[timed], items) >= LEAST_TIMED, usual, UNTIL_THEN)
    rapid = times < threshold[codes]
    return RapidGuessing(
        threshold=threshold,
        rapid=rapid,
        effort=proportion(sums(whose, timed & ~rapid, people), counts(whose[timed], people)),
    )


def _medians(codes: NDArray[np.int64], values: FloatArray, size: int) -> FloatArray:
    """The median of the values of each code, shape (size,); NaN without any."""
    ordered = np.append(values[np.lexsort((values, codes))], np.nan)
    n = counts(codes, size)
    start = np.cumsum(n) - n
    lower, upper = start + np.maximum(n - 1, 0) // 2, start + n // 2
    return np.where(n > 0, (ordered[lower] + ordered[upper]) / 2, np.nan)
