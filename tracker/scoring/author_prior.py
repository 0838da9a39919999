"""Item parameters before anybody has answered: the author's level, with its uncertainty integrated out.

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

from tracker.assessment.response import Response
from tracker.scoring.irt import FloatArray

LABELS = {1: -1.5, 2: -0.75, 3: 0.0, 4: 0.75, 5: 1.5}
LABEL_SD = 0.8
DISCRIMINATION = 1.0

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


def item_parameters(responses: Sequence[Response]) -> ItemParameters:
    """The parameters of the items answered, from their authors' levels and their chances of guessing.

    Raises: KeyError if a level is not 1 to 5.
    """
    difficulties = [LABELS[response.difficulty] for response in responses]
    return ItemParameters(
        a=np.full(len(responses), flattened(DISCRIMINATION, _VARIANCE)),
        b=np.array(difficulties, dtype=np.float64) * _SHRINKAGE,
        c=np.array([response.guessing for response in responses], dtype=np.float64),
    )
