"""What is known while an attempt is under way: the model of `fold`, asked after each answer.

`fold.updated` gives the same means and standard deviations once the attempt has ended. Here whatever the answers do not
change is worked out once an attempt, and the posteriors stay on the grid, where selection reads them.
Source: as in `hierarchy` and `joint`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from tracker.assessment.parameters import ParameterSet
from tracker.assessment.response import Response
from tracker.scoring import grid, hierarchy, irt, joint
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.grid import Weights
from tracker.scoring.hierarchy import Link
from tracker.scoring.irt import FloatArray
from tracker.scoring.profile import Profile
from tracker.scoring.structure import IntArray

MOST_KERNELS = 2048  # of 30 kB; a learner's topics that were never met share one
DIGITS = 9  # of a link that matter
LEAST = -600.0  # logarithm of the least density: a row never adds up to 0


@dataclass(frozen=True, slots=True, eq=False)
class Outset:
    """What was known of a learner when an attempt began.

    topic_ids: the t topics it covers. links: how each depends on its area, the place of which among the learner's areas
    is in `area_of_topic`, shape (t,). area_slugs: these areas; mean and covariance, shapes (areas,) and (areas, areas).
    """

    points: FloatArray
    topic_ids: tuple[str, ...]
    links: tuple[Link, ...]
    area_of_topic: IntArray
    area_slugs: tuple[str, ...]
    mean: FloatArray
    covariance: FloatArray


class Known(NamedTuple):
    """Weights on the grid, each row summing to 1: of the topics covered, shape (t, q), and of the areas, (areas, q)."""

    topics: Weights
    areas: Weights


def outset(profile: Profile, topic_ids: Sequence[str], *, item_count: int) -> Outset:
    """What a profile, as of the start, says before an attempt of at most so many items of these topics."""
    for slug in sorted({_area_slug(topic_id) for topic_id in topic_ids}):
        profile = profile.with_area(slug)
    places = {area.slug: place for place, area in enumerate(profile.areas)}
    areas = [profile.areas[places[_area_slug(topic_id)]] for topic_id in topic_ids]
    links = [area.link(area.topic(topic_id)) for area, topic_id in zip(areas, topic_ids, strict=True)]
    return Outset(
        points=grid.points_for(max(area.responses for area in profile.areas) + item_count),
        topic_ids=tuple(topic_ids),
        links=tuple(Link(*(round(value, DIGITS) for value in link)) for link in links),
        area_of_topic=np.array([places[area.slug] for area in areas]),
        area_slugs=tuple(area.slug for area in profile.areas),
        mean=np.array([area.ability.theta for area in profile.areas]),
        covariance=profile.covariance,
    )


def known(before: Outset, responses: Sequence[Response], parameters: ParameterSet) -> Known:
    """What is known after these responses, all of topics that the attempt covers. Raises: ValueError if one is not."""
    kernels = [_kernel(before.points.size, link) for link in before.links]
    likelihoods = grid.scaled_exp(_log_likelihoods(before, responses, parameters))
    messages = np.stack([kernel @ likelihood for kernel, likelihood in zip(kernels, likelihoods, strict=True)])
    log_areas = np.zeros((len(before.area_slugs), before.points.size))
    answered = sorted({_code(before, response) for response in responses})
    np.add.at(log_areas, before.area_of_topic[answered], np.log(messages[answered]))
    areas = joint.across(before.points, log_areas[None], before.mean, before.covariance).weights[0]
    shares = areas[before.area_of_topic] / messages
    topics = likelihoods * np.stack([share @ kernel for kernel, share in zip(kernels, shares, strict=True)])
    return Known(topics=topics / topics.sum(axis=1, keepdims=True), areas=areas)


def _log_likelihoods(before: Outset, responses: Sequence[Response], parameters: ParameterSet) -> FloatArray:
    """Of each topic, summed over its responses, shape (t, q)."""
    a, b, c = (values[:, None] for values in item_parameters(responses, parameters))
    right, wrong = irt.log_probabilities(before.points, a, b, c)
    is_right = np.array([response.is_right for response in responses], dtype=np.bool_)[:, None]
    summed = np.zeros((len(before.topic_ids), before.points.size))
    topics = np.array([_code(before, response) for response in responses], dtype=np.intp)
    np.add.at(summed, topics, np.where(is_right, right, wrong))
    return summed


def _code(before: Outset, response: Response) -> int:
    if response.topic_id not in before.topic_ids:
        raise ValueError(f"{response.topic_id} is not covered")
    return before.topic_ids.index(response.topic_id)


@lru_cache(MOST_KERNELS)
def _kernel(count: int, link: Link) -> FloatArray:
    """The density of a topic's ability (column) given its area's (row), up to a constant, shape (q, q)."""
    points = np.linspace(-grid.LIMIT, grid.LIMIT, count)
    kernel = np.exp(np.maximum(hierarchy.log_kernel(points, link), LEAST))
    kernel.setflags(write=False)
    return kernel


def _area_slug(topic_id: str) -> str:
    return topic_id.partition("/")[0]
