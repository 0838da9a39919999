"""Where many learners stand in every area and topic at one moment, as arrays: what a cohort's page computes with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.assessment.roadmap import Roadmap
from tracker.assessment.score import Score
from tracker.scoring.ability import Ability
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import to_score


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """What is known of m learners in s skills: area slugs and topic ids, each area before its topics.

    theta, standard_error, low and high: as in `Ability`, logits, shape (m, s). responses: own answers, shape (m, s).
    is_enough: whether that allows a level, shape (m, s). last_answered: seconds since 1970 or NaN, shape (m, s).
    """

    skills: tuple[str, ...]
    theta: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    responses: NDArray[np.int64]
    is_enough: NDArray[np.bool_]
    last_answered: FloatArray

    def place(self, skill: str) -> int:
        """The column of an area or a topic. Raises: ValueError when there is no such skill."""
        return self.skills.index(skill)

    def score(self, learner: int, place: int) -> Score:
        """The score of a learner in an area or a topic, by their places."""
        at = learner, place
        ability = Ability(*(float(values[at]) for values in (self.theta, self.standard_error, self.low, self.high)))
        return to_score(ability, responses=int(self.responses[at]), is_enough=bool(self.is_enough[at]))


def skills_of(roadmap: Roadmap) -> tuple[str, ...]:
    """The areas and topics of a roadmap, each area before its topics."""
    return tuple(skill for area in roadmap.areas for skill in (area.slug, *(topic.id for topic in area.topics)))
