"""Messages between an area and its topics against exact integration.

The reference has two correlated areas; here the second area reaches the first as its prior, integrated exactly, so
everything within each area is checked as the room computes it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest

from tracker.scoring import grid, irt
from tracker.scoring.hierarchy import Link, joint_weights, messages
from tracker.scoring.irt import FloatArray

from .builders import reference

EXACT = reference("hier_exact.json")["two_areas"]
POINTS = grid.COARSE
TOPICS_OF_AREA = ((0, 1, 2), (3, 4, 5))
MEAN, SD = 5e-4, 2e-3


class AreaPosterior(NamedTuple):
    area: FloatArray
    joint: list[FloatArray]


def infer(
    points: FloatArray, log_prior: FloatArray, links: Sequence[Link], log_likelihoods: Sequence[FloatArray]
) -> AreaPosterior:
    """An area with this prior and its answered topics, and nothing else."""
    told = messages(points, links, log_likelihoods)
    area = grid.normalised(log_prior + told.log_area)
    return AreaPosterior(area, joint_weights(area, told))


def log_likelihood(topic: int, answers: list[int]) -> FloatArray:
    """Of one person's answers in a topic; -1 was not administered."""
    marks = np.array(answers)
    administered = (np.array(EXACT["topic_of_item"]) == topic) & (marks >= 0)
    a, b, c = (np.array(EXACT[name])[administered] for name in "abc")
    return irt.log_likelihood(POINTS, marks[administered], a, b, c)


def posteriors(answers: list[int]) -> list[AreaPosterior]:
    """Both areas', each with the other's messages and their correlation as its prior."""
    flat = np.zeros(POINTS.size)
    links = [Link(0, 1, EXACT["tau"])] * 3
    evidence = [[log_likelihood(topic, answers) for topic in topics] for topics in TOPICS_OF_AREA]
    explained = [infer(POINTS, flat, links, one).area for one in evidence]
    precision = np.linalg.inv(EXACT["Sigma"])
    first, second = POINTS[:, None], POINTS
    prior = np.exp(
        -0.5 * (precision[0, 0] * first**2 + 2 * precision[0, 1] * first * second + precision[1, 1] * second**2)
    )
    priors = np.log(prior @ explained[1]), np.log(explained[0] @ prior)
    return [infer(POINTS, log_prior, links, one) for log_prior, one in zip(priors, evidence, strict=True)]


def assert_moments(weights: FloatArray, expected: Any) -> None:
    mean, sd = grid.moments(POINTS, weights)
    assert mean == pytest.approx(expected[0], abs=MEAN)
    assert sd == pytest.approx(expected[1], abs=SD)


@pytest.mark.parametrize("person", range(len(EXACT["x"])))
def test_areas_and_topics_agree_with_exact_integration(person: int) -> None:
    areas = posteriors(EXACT["x"][person])
    for area, expected in zip(areas, EXACT["area_mean_sd"][person], strict=True):
        assert_moments(area.area, expected)
    joints = [joint for area in areas for joint in area.joint]
    for joint, expected in zip(joints, EXACT["topic_mean_sd"][person], strict=True):
        assert_moments(joint.sum(axis=0), expected)


def test_every_topics_joint_weights_say_the_same_of_the_area() -> None:
    for area in posteriors(EXACT["x"][0]):
        for joint in area.joint:
            np.testing.assert_allclose(joint.sum(axis=1), area.area, atol=1e-12)


def test_answers_that_contradict_everything_else_leave_finite_weights() -> None:
    """A thousand right answers in one topic and a thousand wrong ones in another must not underflow."""
    right, wrong = irt.log_probabilities(POINTS, 2.0, 0.0, 0.0)
    posterior = infer(POINTS, grid.log_normal(POINTS, 0, 1), [Link(0, 1, 0.45)] * 2, [1000 * right, 1000 * wrong])
    for weights in (posterior.area, *posterior.joint):
        assert np.isfinite(weights).all()
        assert weights.sum() == pytest.approx(1)


def test_a_link_narrower_than_the_grid_still_gives_a_distribution() -> None:
    posterior = infer(POINTS, grid.log_normal(POINTS, 0, 1), [Link(0.3, 0.1, 0.0)], [np.zeros(POINTS.size)])
    mean, _ = grid.moments(POINTS, posterior.joint[0].sum(axis=0))
    assert mean == pytest.approx(0.3, abs=1e-3)


def test_without_answers_the_area_keeps_its_prior() -> None:
    prior = grid.log_normal(POINTS, 0.5, 0.8)
    np.testing.assert_allclose(infer(POINTS, prior, [], []).area, grid.normalised(prior))
