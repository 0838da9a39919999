"""Areas and topics of many people at once: against exact integration, brute force and the truth of simulations."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import ArrayLike

from tracker.scoring import grid, irt, joint
from tracker.scoring.joint import Summary
from tracker.scoring.structure import Structure, alike, correlated

from .builders import reference

EXACT = reference("hier_exact.json")["two_areas"]
PEOPLE = len(EXACT["x"])
STRUCTURE = Structure(area=np.array(EXACT["area_of_topic"]), sigma=np.array(EXACT["Sigma"]), tau=EXACT["tau"])


def summary_of_the_reference() -> Summary:
    marks = np.array(EXACT["x"])
    person, item = np.nonzero(marks >= 0)
    return joint.summaries(
        person,
        np.array(EXACT["topic_of_item"])[item],
        marks[person, item],
        *(EXACT[name] for name in "abc"),
        people=PEOPLE,
        structure=STRUCTURE,
        item=item,
    )


def test_areas_and_topics_agree_with_exact_integration() -> None:
    """Own integration on 161 x 161 points over both areas, `tests/data/hier_exact.json`."""
    found = summary_of_the_reference()
    for known, expected in ((found.areas, EXACT["area_mean_sd"]), (found.topics, EXACT["topic_mean_sd"])):
        mean, sd = np.moveaxis(np.array(expected), -1, 0)
        np.testing.assert_allclose(known.theta, mean, rtol=0, atol=5e-4)
        np.testing.assert_allclose(known.standard_error, sd, rtol=0, atol=2e-3)


def test_codes_may_be_of_a_type_too_narrow_to_reckon_with() -> None:
    person, topic, ones = np.array([199, 0, 120]), np.array([3, 0, 1]), np.ones(3)
    wide, narrow = (
        joint.summaries(one, other, [1, 0, 1], ones, ones, 0 * ones, people=200, structure=alike([0, 0, 1, 1]))
        for one, other in ((person, topic), (person.astype(np.uint8), topic.astype(np.uint8)))
    )
    np.testing.assert_array_equal(narrow.areas, wide.areas)
    assert wide.areas.theta[199, 1] > 0.3


class Sampled(NamedTuple):
    """Weighted draws of one person: areas, shape (draws, areas), topics, shape (draws, topics), and their weights."""

    areas: np.ndarray
    topics: np.ndarray
    weights: np.ndarray

    def mean(self, values: np.ndarray) -> np.ndarray:
        return np.asarray(self.weights @ values)

    def sd(self, values: np.ndarray) -> np.ndarray:
        return np.sqrt(self.weights @ (values - self.mean(values)) ** 2)


def sampled(structure: Structure, topic: np.ndarray, marks: np.ndarray, b: np.ndarray, c: np.ndarray) -> Sampled:
    """The posterior by importance sampling: a million draws of the prior, weighted by what was answered."""
    rng = np.random.default_rng(20261125)
    draws = 1_000_000
    areas = rng.multivariate_normal(np.zeros(structure.areas), structure.sigma, size=draws)
    topics = areas[:, structure.area] + rng.normal(0, structure.tau, (draws, structure.topics))
    right = c + (1 - c) / (1 + np.exp(b - topics[:, topic]))
    weights = np.where(marks == 1, right, 1 - right).prod(axis=1)
    return Sampled(areas, topics, weights / weights.sum())


def test_three_areas_deviations_and_the_overall_score_agree_with_a_million_weighted_draws() -> None:
    structure = alike([0, 1, 0, 1, 2], correlation=0.5, tau=0.6)  # topics in no order of areas; the third unanswered
    topic = np.array([0, 0, 0, 2, 2, 1, 1, 3, 3, 3, 2, 2])
    marks = np.array([1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1])
    b, c = np.linspace(-1, 1, 12), np.tile([0, 0.25], 6)
    expected = sampled(structure, topic, marks, b, c)
    found = joint.summaries(np.zeros(12, int), topic, marks, np.ones(12), b, c, people=1, structure=structure)

    deviations = expected.topics - expected.areas[:, structure.area]
    for known, values in (
        (found.areas, expected.areas),
        (found.topics, expected.topics),
        (found.overall, expected.areas.mean(axis=1)),
    ):
        np.testing.assert_allclose(known.theta[0], expected.mean(values), atol=0.006)
        np.testing.assert_allclose(known.standard_error[0], expected.sd(values), atol=0.006)
        assert np.max(np.abs(expected.mean((values < known.low[0]).astype(float)) - 0.05)) < 0.006
        assert np.max(np.abs(expected.mean((values > known.high[0]).astype(float)) - 0.05)) < 0.006
    np.testing.assert_allclose(found.deviation[0], expected.mean(deviations), atol=0.006)
    np.testing.assert_allclose(found.deviation_sd[0], expected.sd(deviations), atol=0.006)
    np.testing.assert_allclose(found.chance_above[0], expected.mean((deviations > 0).astype(float)), atol=0.006)


def test_answers_in_one_area_tell_of_the_others_as_far_as_these_are_correlated() -> None:
    ten = np.zeros(10, dtype=int)
    values = [ten, ten, np.ones(10), np.ones(10), np.zeros(10), np.zeros(10)]
    apart = joint.summaries(*values, people=1, structure=Structure(np.array([0, 1]), np.eye(2)))
    together = joint.summaries(*values, people=1, structure=Structure(np.array([0, 1]), correlated(2, 0.6)))
    assert apart.areas.theta[0, 1] == pytest.approx(0, abs=1e-6)
    assert together.areas.theta[0, 1] == pytest.approx(0.6 * together.areas.theta[0, 0], abs=1e-3)
    variance = 1 - 0.6**2 * (1 - together.areas.standard_error[0, 0] ** 2)
    assert together.areas.standard_error[0, 1] ** 2 == pytest.approx(variance, abs=1e-3)


def test_without_answers_the_prior_comes_back() -> None:
    structure = alike([0, 0, 1])
    found = joint.summaries([], [], [], [], [], [], people=2, structure=structure)
    np.testing.assert_allclose(found.areas.standard_error, 1, atol=1e-3)
    np.testing.assert_allclose(found.topics.standard_error, np.sqrt(1 + 0.45**2), atol=1e-3)
    np.testing.assert_allclose(found.overall.standard_error, np.sqrt((1 + 0.6) / 2), atol=1e-3)
    np.testing.assert_allclose(found.deviation, 0, atol=1e-5)
    np.testing.assert_allclose(found.chance_above, 0.5, atol=1e-5)


def test_what_is_known_of_one_does_not_depend_on_who_else_is_asked_about() -> None:
    everybody = summary_of_the_reference()
    marks = np.array(EXACT["x"][3])
    item = np.flatnonzero(marks >= 0)
    alone = joint.summaries(
        np.zeros(item.size, dtype=int),
        np.array(EXACT["topic_of_item"])[item],
        marks[item],
        *(np.array(EXACT[name])[item] for name in "abc"),
        people=1,
        structure=STRUCTURE,
    )
    np.testing.assert_allclose(alone.topics.theta[0], everybody.topics.theta[3], atol=1e-5)


def test_contradictions_of_a_thousand_answers_leave_finite_weights() -> None:
    structure = alike([0, 0, 1])
    right, wrong = irt.log_probabilities(grid.FINE, 2.0, 0.0, 0.0)
    for precision in (np.float32, np.float64):
        evidence = np.stack((1000 * right, 1000 * wrong, 0 * right))[None].astype(precision)
        known = joint.infer(grid.FINE, evidence, structure)
        for weights in (known.areas, known.topics):
            assert np.isfinite(weights).all()
            np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-4)


@pytest.mark.parametrize(("person", "topic"), [([2], [0]), ([0], [3]), ([0], [-1]), ([0], [0.5]), ([0, 1], [0])])
def test_codes_of_nobody_and_of_no_topic_are_refused(person: ArrayLike, topic: ArrayLike) -> None:
    with pytest.raises(ValueError, match=r"code|whole|shape"):
        joint.summaries(person, topic, [1], [1], [0], [0], people=2, structure=alike([0, 0, 1]))


@pytest.mark.parametrize("label_sd", [0.5, 0.8, 1.1])
@pytest.mark.parametrize("count", [20, 50, 100])
def test_ninety_percent_intervals_hold_the_truth_nine_times_in_ten(count: int, label_sd: float) -> None:
    """Difficulties are known only from their authors, with this error, and enter as `author_prior` reads them."""
    rng = np.random.default_rng([20261126, count, round(10 * label_sd)])
    people, structure = 3000, alike(np.repeat(np.arange(5), 5))
    areas = rng.multivariate_normal(np.zeros(5), structure.sigma, size=people)
    topics = areas[:, structure.area] + rng.normal(0, structure.tau, (people, 25))

    topic = np.stack([np.resize(rng.permutation(25), count) for _ in range(people)])
    b, c = rng.normal(size=topic.shape), rng.choice([0, 1 / 15, 0.25], size=topic.shape)
    right = rng.random(topic.shape) < c + (1 - c) / (1 + np.exp(b - np.take_along_axis(topics, topic, axis=1)))
    judged = rng.normal(b, label_sd) / (1 + label_sd**2)
    flattened = np.full(b.shape, 1 / np.sqrt(1 + np.pi / 8 * label_sd**2 / (1 + label_sd**2)))
    found = joint.summaries(
        np.repeat(np.arange(people), count),
        *(values.ravel() for values in (topic, right, flattened, judged, c)),
        people=people,
        structure=structure,
    )
    for known, truth in ((found.areas, areas), (found.topics, topics), (found.overall, areas.mean(axis=1))):
        assert 0.88 < np.mean((known.low <= truth) & (truth <= known.high)) < 0.92
    squares = (topics - areas[:, structure.area] - found.deviation) ** 2
    assert np.mean(squares) == pytest.approx(np.mean(found.deviation_sd**2), rel=0.03)
