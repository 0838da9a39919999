"""What calibration is told and what it gives: priors, anchors, parameters, results."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.irt import FloatArray


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of the items before any response: b normal, ln a normal, all independent.

    Each field is one value for all items or an array of shape (items,). b_mean and b_sd in logits; sds above 0.
    Where `free_a` is false, a is not estimated but held at exp(log_a_mean).
    """

    b_mean: ArrayLike
    b_sd: ArrayLike
    log_a_mean: ArrayLike = 0.0
    log_a_sd: ArrayLike = 0.3
    free_a: ArrayLike = True


@dataclass(frozen=True, slots=True)
class Anchors:
    """Items whose parameters stay as they are, so that the scale does; each field of shape (items,).

    `fixed` says which these are; a (above 0, per logit) and b (logits) are read only there.
    """

    fixed: ArrayLike
    a: ArrayLike
    b: ArrayLike


@dataclass(frozen=True, slots=True)
class Parameters:
    """Where a calibration stands: a and b, shape (items,); mean and sd of the population's theta, in logits."""

    a: FloatArray
    b: FloatArray
    mean: float = 0.0
    sd: float = 1.0


@dataclass(frozen=True, slots=True)
class People:
    """The people's abilities, in ascending order of their codes: posterior mean (EAP) and sd, in logits; shape (n,)."""

    person: NDArray[np.integer]
    eap: FloatArray
    sd: FloatArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the responses say about the items.

    a (per logit), b (logits), their standard errors and the number of responses: shape (items,). A standard error is
    NaN where nothing was estimated. mean, sd: the population's, in logits. log_likelihood is the responses' own,
    without priors. e_steps: how often the responses were gone through.
    """

    a: FloatArray
    b: FloatArray
    se_a: FloatArray
    se_b: FloatArray
    responses: NDArray[np.int64]
    mean: float
    sd: float
    log_likelihood: float
    e_steps: int
    converged: bool
    people: People | None
