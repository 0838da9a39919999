"""How an area's ability is distributed among the people measured: what percentiles are read from.

Source: Bock & Aitkin (1981), Psychometrika 46, 443-459, for the empirical histogram.
"""

import numpy as np

from tracker.assessment.parameters import Population
from tracker.scoring import grid
from tracker.scoring.grid import Weights

STEPS = 50  # of EM from a normal distribution: further ones would fit chance, spike by spike


def population(log_likelihood: Weights) -> Population:
    """The distribution of the abilities themselves; that of their estimates would be too narrow.

    Args: log_likelihood, shape (people, q): what each one's answers say at the points of `grid.COARSE`.
    """
    points = grid.COARSE
    likelihood = grid.scaled_exp(np.asarray(log_likelihood, dtype=np.float64))
    weights = grid.normalised(grid.log_normal(points, 0, 1))
    for _ in range(STEPS if len(likelihood) else 0):
        expected = likelihood @ weights
        weights = weights * ((1 / expected) @ likelihood) / len(likelihood)
    return Population(people=len(likelihood), weights=tuple(float(weight) for weight in weights / weights.sum()))
