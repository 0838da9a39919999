"""What one more quiz on a topic can be expected to tell, before it is taken.

The topic's ability is taken as normal with the posterior's mean and standard error, the quiz as one normal observation
that carries the information of its items. Then ability and the mean after the quiz are jointly normal, their
correlation rho = sqrt(v I / (1 + v I)) with v the variance and I the information: the preposterior distribution.
Source: Raiffa & Schlaifer (1961), Applied Statistical Decision Theory, ch. 5.
"""

import math
from statistics import NormalDist

from tracker.scoring.ability import Ability
from tracker.scoring.author_prior import by_level, flattened
from tracker.scoring.irt import information
from tracker.scoring.levels import PROFICIENT_CUT

MASTERED = 0.80
WEAK = 0.20
ITEMS = 8
GUESSING = 0.25
INFORMATION = ITEMS * float(
    information(by_level(3).b, flattened(by_level(3).a, by_level(3).b_error ** 2), by_level(3).b, GUESSING)
)  # per squared logit: single choices of four options, as hard as the person is able, as their authors know them

_NORMAL = NormalDist()
_Z_MASTERED = _NORMAL.inv_cdf(MASTERED)
_NODES = [step / 8 for step in range(-40, 41)]
_WEIGHTS = [_NORMAL.pdf(node) / 8 for node in _NODES]


def chance_of_settling(ability: Ability) -> float:
    """The chance that a quiz leaves a topic mastered or weak."""
    distance, rho = _distance_and_rho(ability)
    needed = _Z_MASTERED * math.sqrt(1 - rho**2)
    return _NORMAL.cdf((distance - needed) / rho) + _NORMAL.cdf((-distance - needed) / rho)


def risk_drop(ability: Ability) -> float:
    """How much a quiz is expected to lower the chance of calling a topic Proficient when it is not, or not when it is.

    Args: ability: the topic's. Returns: a difference of probabilities, 0 to .5.
    """
    distance, rho = _distance_and_rho(ability)
    left = math.sqrt(1 - rho**2)
    after = sum(weight * _risk((distance + rho * node) / left) for node, weight in zip(_NODES, _WEIGHTS, strict=True))
    return max(0.0, _risk(distance) - after)


def _risk(distance: float) -> float:
    """The chance of being on the other side of the cut than the mean, so many standard errors away from it."""
    return _NORMAL.cdf(-abs(distance))


def _distance_and_rho(ability: Ability) -> tuple[float, float]:
    told = INFORMATION * ability.variance
    return (ability.theta - PROFICIENT_CUT) / ability.standard_error, math.sqrt(told / (1 + told))
