"""The standings of learners made from their profiles one number at a time: what the fast way is held against."""

from collections.abc import Sequence

import numpy as np

from tracker.assessment.roadmap import Roadmap
from tracker.scoring.profile import AreaProfile, Profile, TopicProfile
from tracker.scoring.standings import Standings, skills_of


def standings(profiles: Sequence[Profile], roadmap: Roadmap) -> Standings:
    """The standings of learners with these profiles, all of the same moment, in their order."""
    skills = skills_of(roadmap)
    shape = (len(profiles), len(skills))
    numbers = np.array([[_numbers(profile, skill) for skill in skills] for profile in profiles]).reshape(*shape, 7)
    theta, standard_error, low, high, responses, is_enough, last_answered = np.moveaxis(numbers, -1, 0)
    return Standings(
        skills=skills,
        theta=theta,
        standard_error=standard_error,
        low=low,
        high=high,
        responses=responses.astype(np.int64),
        is_enough=is_enough.astype(bool),
        last_answered=last_answered,
    )


def _numbers(profile: Profile, skill: str) -> tuple[float, ...]:
    area = profile.area(skill.partition("/")[0])
    known: AreaProfile | TopicProfile = area.topic(skill) if "/" in skill else area
    ability = known.ability
    return (
        ability.theta,
        ability.standard_error,
        ability.low,
        ability.high,
        known.responses,
        area.is_enough and known.responses > 0,
        known.last_answered.timestamp() if known.last_answered else np.nan,
    )
