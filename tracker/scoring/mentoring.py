"""Who of a cohort could help whom: only those who said that they would, and only where their level is sure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.scoring.coverage import Flags, Ranks, SeenLevels


@dataclass(frozen=True, slots=True)
class Mentoring:
    """In a topic, the members who could help others to reach a level, and these. Levels are ranks in `LEVELS`."""

    topic: int
    goal: int
    mentors: tuple[int, ...]
    learners: tuple[int, ...]


def list_mentorings(seen: SeenLevels, wanted: Ranks, *, may_mentor: Flags) -> list[Mentoring]:
    """For each topic and each level on the way to the wanted one, who could help whom to it.

    A learner is seen one level below it, with enough evidence; a mentor surely holds at least one level above it.

    Args: wanted, shape (t,): 0 where nothing is wanted. may_mentor, shape (m,): who agreed to it.
    """
    return list(_mentorings(seen, wanted, may_mentor))


def _mentorings(seen: SeenLevels, wanted: Ranks, may_mentor: Flags) -> Iterator[Mentoring]:
    for topic, most in enumerate(wanted):
        for goal in range(1, int(most) + 1):
            mentors = np.flatnonzero(may_mentor & (seen.lowest[:, topic] > goal))
            learners = np.flatnonzero(seen.is_known[:, topic] & (seen.level[:, topic] == goal - 1))
            if mentors.size and learners.size:
                yield Mentoring(topic, goal, tuple(mentors.tolist()), tuple(learners.tolist()))
