"""How a learner's areas went: what all attempts together say of each moment, and whether somebody improved.

What was reported after an attempt knew only that one and those before it, and stays; what is known of the same moment
afterwards is smoothed, and only from its joint distribution may a change be claimed.
Source: Rauch, Tung & Striebel (1965), AIAA Journal 3, 1445-1450, for the smoother.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from tracker.scoring.drift import MONTH, walked
from tracker.scoring.irt import FloatArray
from tracker.scoring.profile import AREA_PRIOR, Moment, Profile, share_of_others
from tracker.scoring.structure import AREA_CORRELATION


class Path(NamedTuple):
    """What is known of d abilities at each of k moments, from all of them.

    mean: shape (k, d), logits. covariance: shape (k, d, d). gain, shape (k - 1, d, d): by how much what is learnt of
    one moment moves the one before.
    """

    mean: FloatArray
    covariance: FloatArray
    gain: FloatArray


def area_path(profile: Profile) -> Path:
    """How the areas of a profile went, in its order, seen from its last moment; it has at least one.

    What was known of an area before it was met is what the others said of it.
    """
    slugs = [area.slug for area in profile.areas]
    known = [_of_areas(moment, slugs) for moment in profile.moments]
    covariance = np.stack([one for _, one in known])
    months = [(later.at - before.at) / MONTH for before, later in pairwise(profile.moments)]
    added = [
        walked(np.diagonal(one), months=between, area_walk=profile.area_walk)
        for one, between in zip(covariance, months, strict=False)
    ]
    return smooth(np.stack([mean for mean, _ in known]), covariance, np.reshape(added, (-1, *covariance.shape[1:])))


def smooth(mean: FloatArray, covariance: FloatArray, added: FloatArray) -> Path:
    """What is known of each moment from all of them, given what was known at each from the past.

    Args: mean, shape (k, d). covariance, shape (k, d, d). added, shape (k - 1, d, d): the walk's between moments.
    """
    mean, covariance = mean.copy(), covariance.copy()
    gain = np.empty_like(added)
    for at in reversed(range(len(added))):
        expected = covariance[at] + added[at]
        gain[at] = np.linalg.solve(expected, covariance[at]).T
        mean[at] += gain[at] @ (mean[at + 1] - mean[at])
        covariance[at] += gain[at] @ (covariance[at + 1] - expected) @ gain[at].T
    return Path(mean, covariance, gain)


def changes(path: Path, *, later: int) -> tuple[FloatArray, FloatArray]:
    """By how much each ability was higher at a moment than at each one before it: means and variances, (later, d).

    Raises: ValueError if there is no such moment.
    """
    if not 0 <= later < len(path.mean):
        raise ValueError("not a moment of this path")
    together = np.empty((later, *path.covariance.shape[1:]))
    covariance = path.covariance[later]
    for earlier in reversed(range(later)):
        covariance = together[earlier] = covariance @ path.gain[earlier].T
    both = path.covariance[:later] + path.covariance[later] - 2 * together
    variance = np.maximum(np.diagonal(both, axis1=1, axis2=2), np.finfo(float).tiny)
    return path.mean[later] - path.mean[:later], variance


def chances_improved(path: Path, *, later: int) -> FloatArray:
    """The probability that each ability was higher at a moment than at each one before it, shape (later, d).

    Raises: ValueError if there is no such moment.
    """
    mean, variance = changes(path, later=later)
    return _normal_distribution(mean / np.sqrt(variance))


def chance_improved(profile: Profile, slug: str, attempt_id: str) -> float | None:
    """The probability that an area's ability was higher when this attempt in it ended than when the one before did.

    None when it was the first one there.
    """
    ids = [point.attempt_id for point in profile.area(slug).history]
    place = ids.index(attempt_id)
    if not place:
        return None
    moments = [moment.attempt_id for moment in profile.moments]
    earlier, later = moments.index(ids[place - 1]), moments.index(attempt_id)
    area = [one.slug for one in profile.areas].index(slug)
    return float(chances_improved(area_path(profile), later=later)[earlier, area])


def _of_areas(moment: Moment, slugs: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """What was known of these areas at a moment: means, shape (areas,), and covariance."""
    mean, covariance = np.array(moment.theta), np.array(moment.covariance)
    later = [slug for slug in slugs if slug not in moment.slugs]
    for _ in later:
        share = share_of_others(mean.size)
        shared = share * covariance.sum(axis=0)
        variance = share * shared.sum() + AREA_PRIOR.variance - share * mean.size * AREA_CORRELATION
        covariance = np.block([[covariance, shared[:, None]], [shared[None], np.array([[variance]])]])
        mean = np.append(mean, share * mean.sum())
    order = [(*moment.slugs, *later).index(slug) for slug in slugs]
    return mean[order], covariance[np.ix_(order, order)]


def _normal_distribution(values: FloatArray) -> FloatArray:
    return np.reshape([NormalDist().cdf(value) for value in values.flat], values.shape)
