"""What people are told of an ability, and when they were told it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """An ability as shown: the score, its 90 % interval, and the level's name, None without enough evidence."""

    value: int
    low: int
    high: int
    level: str | None
    responses: int
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What an attempt's end told its learner: each area's score, by slug. Never revised, whatever is learnt later.

    `improved`: the chance that the area's ability was higher than at its attempt before; absent where there was none.
    `model` and `parameters` are the revisions of the scoring model and of the items' parameters that made it.
    """

    model: int
    parameters: int
    scores: Mapping[str, Score]
    improved: Mapping[str, float] = field(default_factory=dict)
