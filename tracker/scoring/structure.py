"""How abilities hang together: topics around their area, areas with each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring.irt import FloatArray

IntArray = NDArray[np.int64]

AREA_CORRELATION = 0.6
TOPIC_SD = 0.45


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """`theta_topic = theta_area + N(0, tau^2)`, and the areas' abilities are N(0, sigma).

    area: shape (topics,), the area's code of each topic. sigma: shape (areas, areas), squared logits. tau: logits.
    Raises: ValueError if an area's code is outside sigma, sigma is no covariance matrix or tau is not above 0.
    Source: de la Torre & Song (2009), Applied Psychological Measurement 33, 620-639.
    """

    area: IntArray
    sigma: FloatArray
    tau: float = TOPIC_SD

    def __post_init__(self) -> None:
        if self.sigma.ndim != 2 or self.sigma.shape[0] != self.sigma.shape[1]:
            raise ValueError("sigma must be of shape (areas, areas)")
        if not (np.isfinite(self.sigma).all() and np.array_equal(self.sigma, self.sigma.T)):
            raise ValueError("sigma is not symmetric")
        if np.linalg.eigvalsh(self.sigma).min(initial=1) <= 0:
            raise ValueError("sigma is not positive definite")
        if self.area.ndim != 1 or not np.issubdtype(self.area.dtype, np.integer):
            raise ValueError("area must be whole numbers of shape (topics,)")
        if self.area.size and not 0 <= self.area.min() <= self.area.max() < len(self.sigma):
            raise ValueError("a topic's area is outside sigma")
        if not 0 < self.tau < np.inf:
            raise ValueError("tau is not above 0")

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return len(self.sigma)

    @property
    def topics(self) -> int:
        """How many topics there are."""
        return self.area.size


def alike(area: ArrayLike, *, correlation: float = AREA_CORRELATION, tau: float = TOPIC_SD) -> Structure:
    """The structure to start with: standard normal areas, any two of them with the same correlation.

    Args: area, shape (topics,), the area's code of each topic; every area has at least one.
    """
    codes = np.asarray(area)
    areas = int(codes.max(initial=-1)) + 1
    return Structure(area=codes, sigma=correlated(areas, correlation), tau=tau)


def correlated(areas: int, correlation: float = AREA_CORRELATION) -> FloatArray:
    """The covariance matrix of so many standard normal abilities, any two with this correlation."""
    return np.full((areas, areas), correlation) + (1 - correlation) * np.eye(areas)


def correlations_of(covariance: FloatArray) -> FloatArray:
    """The correlation matrix of a covariance matrix."""
    scale = np.sqrt(np.diagonal(covariance))
    correlations = covariance / np.outer(scale, scale)
    np.fill_diagonal(correlations, 1)
    return np.asarray(correlations)
