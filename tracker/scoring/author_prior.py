"""Item parameters as scoring uses them: the uncertainty of an item's difficulty is integrated out of its curve.

Before anybody has answered there is the author's level.

Authors judge difficulty poorly, so a level is read as a noisy label of b: `label = b + N(0, LABEL_SD)`, b standard
normal over items. The curve of an item whose b is known only as N(b', v) is nearly logistic again, flatter:
`a' = a / sqrt(1 + pi a^2 v / 8)`.
Source: MacKay (1992), Neural Computation 4, 720-736, for the flattened logistic.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from tracker.assessment.family import split_version
from tracker.assessment.parameters import AUTHORS_WORD, Estimate, ParameterSet
from tracker.assessment.response import Response
from tracker.scoring.irt import FloatArray

LABELS = {1: -1.5, 2: -0.75, 3: 0.0, 4: 0.75, 5: 1.5}
LABEL_SD = 0.8
DISCRIMINATION = 1.0
LOG_A_SD = 0.3  # of items' ln a around that

_SHRINKAGE = 1 / (1 + LABEL_SD**2)
_VARIANCE = LABEL_SD**2 * _SHRINKAGE


class ItemParameters(NamedTuple):
    """Of n items, each of shape (n,): discrimination a, difficulty b in logits, guessing c."""

    a: FloatArray
    b: FloatArray
    c: FloatArray


def flattened(a: ArrayLike, variance: ArrayLike) -> FloatArray:
    """The discrimination a' of items with discrimination a whose difficulty is known with this variance."""
    a = np.asarray(a, dtype=np.float64)
    return np.asarray(a / np.sqrt(1 + math.pi * a**2 * np.asarray(variance) / 8))


def item_parameters(responses: Sequence[Response], known: ParameterSet = AUTHORS_WORD) -> ItemParameters:
    """The parameters of the items answered: as estimated or else from their authors' levels; guessing by their type.

    Raises: KeyError if a level is not 1 to 5.
    """
    estimates = [estimate_of(response.item_version, response.difficulty, known) for response in responses]
    a, b, error = (
        np.array([getattr(estimate, name) for estimate in estimates], dtype=np.float64)
        for name in ("a", "b", "b_error")
    )
    c = np.array([response.guessing for response in responses], dtype=np.float64)
    return ItemParameters(a=flattened(a, error**2), b=b, c=c)


def estimate_of(item_version: str, difficulty: int, known: ParameterSet = AUTHORS_WORD) -> Estimate:
    """What is known of an item, from its answers or else from its author's level alone, with the error of either."""
    file_version, _ = split_version(item_version)
    return known.estimates.get(file_version) or by_level(difficulty)


def by_level(difficulty: int) -> Estimate:
    """What an author's level says of an item. Raises: KeyError if it is not 1 to 5."""
    return _BY_LEVEL[difficulty]


_BY_LEVEL = {
    level: Estimate(a=DISCRIMINATION, b=label * _SHRINKAGE, a_error=LOG_A_SD, b_error=math.sqrt(_VARIANCE), responses=0)
    for level, label in LABELS.items()
}
