"""Who could help whom: consent, sure levels above, and evidence on both sides."""

import numpy as np

from tracker.scoring.coverage import SeenLevels
from tracker.scoring.mentoring import Mentoring, list_mentorings

from .builders import seen_by_rank


def mentorings(seen: SeenLevels, *, wanted: int = 2, may_mentor: list[bool] | None = None) -> list[Mentoring]:
    """What is found in one topic; everybody agreed unless told."""
    agreed = np.array(may_mentor or [True] * len(seen.level))
    return list_mentorings(seen, np.array([wanted]), may_mentor=agreed)


def test_a_mentor_is_a_level_above_what_the_other_needs_next() -> None:
    assert mentorings(seen_by_rank(((0,), (1,), (2,), (3,)))) == [
        Mentoring(topic=0, goal=1, mentors=(2, 3), learners=(0,)),
        Mentoring(topic=0, goal=2, mentors=(3,), learners=(1,)),
    ]


def test_nobody_is_a_mentor_without_having_agreed() -> None:
    levels = seen_by_rank(((0,), (3,), (3,)))
    assert mentorings(levels, may_mentor=[True, False, True]) == [Mentoring(0, 1, mentors=(2,), learners=(0,))]
    assert mentorings(levels, may_mentor=[True, False, False]) == []


def test_nobody_needs_help_beyond_what_is_wanted() -> None:
    assert mentorings(seen_by_rank(((1,), (3,))), wanted=1) == []
    assert mentorings(seen_by_rank(((0,), (3,))), wanted=0) == []


def test_a_mentors_level_must_be_sure() -> None:
    perhaps = SeenLevels(
        level=np.array([[0], [3]]),
        lowest=np.array([[0], [1]]),
        highest=np.array([[0], [3]]),
        is_known=np.ones((2, 1), dtype=bool),
    )
    assert mentorings(perhaps) == []


def test_of_whom_too_little_is_known_nobody_says_that_they_need_help() -> None:
    levels = seen_by_rank(((0,), (3,)))
    unknown = SeenLevels(levels.level, levels.lowest, levels.highest, is_known=np.array([[False], [True]]))
    assert mentorings(unknown) == []
