"""What is known of the items from the answers they got: one numbered, unchanging revision after another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

AREA_WALK = 0.25
TOPIC_WALK = 0.10


@dataclass(frozen=True, slots=True)
class Estimate:
    """One item's discrimination a and difficulty b (logits), their standard errors, and the responses behind them."""

    a: float
    b: float
    a_error: float
    b_error: float
    responses: int


@dataclass(frozen=True, slots=True)
class Population:
    """How an area's ability is distributed among the people measured: their number, and weights on the coarse grid."""

    people: int
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """One revision; 0 is the authors' word alone. An item is known by the version of its file: a changed item is new.

    area_walk and topic_walk: how fast abilities walk, logits in a month, standard deviation. populations: by area.
    `responses` is how many it was made from, and `log` a hash that tells whether these were the same ones.
    """

    revision: int = 0
    made_at: datetime | None = None
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    area_walk: float = AREA_WALK
    topic_walk: float = TOPIC_WALK
    populations: Mapping[str, Population] = field(default_factory=dict)
    responses: int = 0
    log: str = ""


AUTHORS_WORD = ParameterSet()
