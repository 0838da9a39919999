"""The scale people see, and the words for where they stand on it.

A score is 500 + 100 theta: 500 is the middle of the reference population and 100 its standard deviation.
The cuts are a convention, not a finding. They are set by what somebody exactly at a cut can do: of four-option items
of middling difficulty (as `author_prior` reads level 3) they get 50 % right at Developing, 71 % at Proficient and
85 % at Expert. In the reference population 23 % stand at Foundation, 46 % at Developing, 24 % at Proficient and
7 % at Expert. The word follows the printed, rounded score, so that a reader can check it.
"""

import math
from typing import NamedTuple

from tracker.assessment.score import Score
from tracker.assessment.target import LEVEL_NAMES
from tracker.scoring.ability import Ability

MIDDLE, UNIT = 500, 100
LOWEST, HIGHEST = 100, 900
STEP = 5
ENOUGH_RESPONSES = 5


class Level(NamedTuple):
    """A level's name and the lowest score that has it."""

    name: str
    lowest: int


LEVELS = tuple(map(Level, LEVEL_NAMES, (LOWEST, 425, 550, 650)))
PROFICIENT_CUT = (LEVELS[2].lowest - MIDDLE) / UNIT


def to_score(ability: Ability, *, responses: int, is_enough: bool) -> Score:
    """How an ability that rests on so many responses is shown."""
    value = on_scale(ability.theta)
    return Score(
        value=value,
        low=on_scale(ability.low),
        high=on_scale(ability.high),
        level=level_of(value) if is_enough else None,
        responses=responses,
        is_enough=is_enough,
    )


def level_of(value: int) -> str:
    """The name of the level that a score has reached."""
    return next(level.name for level in reversed(LEVELS) if value >= level.lowest)


def percent(chance: float) -> int:
    """A chance in whole percent, rounded towards even chances, so that nothing is printed surer than it is; 1 to 99."""
    exact = round(100 * chance, 6)
    return min(max(math.floor(exact) if exact > 50 else math.ceil(exact), 1), 99)


def on_scale(theta: float) -> int:
    """The score of an ability in logits, rounded and within the scale."""
    return min(max(STEP * round(to_scale(theta) / STEP), LOWEST), HIGHEST)


def to_scale(theta: float) -> float:
    """An ability in logits on the scale of scores, to draw with."""
    return MIDDLE + UNIT * theta
