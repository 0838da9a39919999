"""What can be read off a profile, and its way to a store and back."""

from dataclasses import asdict, replace
from datetime import datetime

import numpy as np
import pytest

from tracker.scoring import grid
from tracker.scoring.fold import fold
from tracker.scoring.profile import AREA_PRIOR, AreaProfile, Profile, TopicProfile, posterior, profile_from_dict
from tracker.scoring.structure import Structure, alike

from .builders import NOON, an_ability, an_area, an_attempt, reference, responses

SYNTAX, OOP = "language/syntax", "language/oop"


def a_profile() -> Profile:
    return fold(
        [
            an_attempt(*responses(SYNTAX, right=3, wrong=2), *responses("apis/rest", right=1)),
            an_attempt(*responses(OOP, right=4), attempt_id="a2", days=3),
        ]
    )


def test_a_profile_survives_its_way_through_plain_values() -> None:
    assert profile_from_dict(asdict(a_profile())) == a_profile()
    assert profile_from_dict(asdict(Profile())) == Profile()


def test_a_stored_profile_holds_only_plain_values_in_lists_or_mappings() -> None:
    """As a document store returns it: tuples have become lists. A NumPy number would not have been taken at all."""

    def as_stored(value: object) -> object:
        if isinstance(value, dict):
            return {name: as_stored(one) for name, one in value.items()}
        if isinstance(value, tuple):
            return [as_stored(one) for one in value]
        assert type(value) in {str, int, float, bool, datetime, type(None)}
        return value

    stored = as_stored(asdict(a_profile()))
    assert isinstance(stored, dict)
    assert profile_from_dict(stored) == a_profile()


def test_what_was_never_met_is_known_only_as_anybodys() -> None:
    profile = Profile()
    assert profile.area("tools") == AreaProfile("tools")
    assert profile.area("tools").ability == AREA_PRIOR
    topic = profile.topic("tools/git")
    assert topic.ability.theta == 0
    assert topic.ability.variance == pytest.approx(1 + 0.45**2)
    assert (topic.responses, topic.last_answered) == (0, None)


def test_an_unanswered_topic_is_known_through_its_area() -> None:
    area = an_area(theta=0.8, sd=0.5)
    topic = area.topic(SYNTAX)
    assert topic.ability.theta == pytest.approx(0.8)
    assert topic.ability.variance == pytest.approx(0.5**2 + 0.45**2)
    assert area.deviation(topic).standard_error == pytest.approx(0.45)


@pytest.mark.parametrize(("count", "is_enough"), [(0, False), (4, False), (5, True)])
def test_an_area_has_a_level_from_five_responses_on(count: int, is_enough: bool) -> None:
    score = an_area(count=count, theta=1).score
    assert (score.is_enough, score.level) == (is_enough, "Proficient" if is_enough else None)


def test_a_topic_has_a_level_once_it_and_its_area_have_evidence() -> None:
    area = fold([an_attempt(*responses(SYNTAX, right=4))]).area("language")
    assert area.topic_score(SYNTAX).level is None, "four responses are not enough for the area"
    area = fold([an_attempt(*responses(SYNTAX, right=5))]).area("language")
    assert area.topic_score(SYNTAX).level == "Proficient"
    assert area.topic_score(SYNTAX).responses == 5
    assert area.topic_score(OOP).level is None, "no response of its own"


def with_deviation(mean: float, sd: float, count: int) -> AreaProfile:
    """An area at 0 and a topic that deviates so much, independently of it."""
    area = an_area(sd=0.4)
    ability = an_ability(mean, (0.4**2 + sd**2) ** 0.5)
    topic = TopicProfile(SYNTAX, ability=ability, covariance=0.4**2, responses=count, last_answered=NOON)
    return replace(area, topics=(topic,))


@pytest.mark.parametrize(
    ("mean", "standing"),
    [(0.39, "strength"), (0.38, "in line"), (0.0, "in line"), (-0.38, "in line"), (-0.39, "weakness")],
)
def test_a_topic_stands_out_only_when_its_deviation_says_so_with_90_percent(mean: float, standing: str) -> None:
    assert with_deviation(mean, sd=0.3, count=3).standing(SYNTAX) == standing


def test_a_topic_without_responses_has_no_standing() -> None:
    assert with_deviation(2.0, sd=0.1, count=0).standing(SYNTAX) == "not enough evidence"
    assert Profile().area("language").standing(SYNTAX) == "not enough evidence"


def test_the_overall_score_is_the_mean_of_areas_with_enough_evidence() -> None:
    profile = Profile(
        areas=(
            an_area("apis", theta=1.0, sd=0.3, count=10),
            an_area("language", theta=0.0, sd=0.4, count=5),
            an_area("tools", theta=-3.0, sd=0.9, count=4),
        )
    )
    overall = profile.overall
    assert (overall.value, overall.responses, overall.is_enough, overall.level) == (550, 15, True, "Proficient")
    assert (overall.low, overall.high) == (510, 590), "500 + 100 (0.5 -+ 1.645 sqrt(0.3^2 + 0.4^2) / 2)"


def test_the_overall_score_is_less_sure_the_more_its_areas_go_together() -> None:
    areas = (an_area("apis", sd=0.4, count=10), an_area("tools", sd=0.3, count=10), an_area("web", count=4))
    correlations = ((1.0, 0.5, 0.2), (0.5, 1.0, 0.2), (0.2, 0.2, 1.0))
    overall = Profile(areas=areas, correlations=correlations).overall
    sd = (0.4**2 + 0.3**2 + 2 * 0.5 * 0.4 * 0.3) ** 0.5 / 2
    assert (overall.low, overall.high) == (5 * round(100 - 20 * 1.645 * sd), 5 * round(100 + 20 * 1.645 * sd))


def test_a_new_area_is_known_as_the_others_regression_says() -> None:
    """Against conditioning a normal distribution of three areas, any two correlated by .6, on what is known of two."""
    areas = (an_area("apis", theta=0.8, sd=0.5), an_area("tools", theta=-0.2, sd=0.6))
    profile = Profile(areas=areas, correlations=((1.0, 0.3), (0.3, 1.0))).with_area("language")
    covariance = np.array([[0.25, 0.09], [0.09, 0.36]])
    weights = np.linalg.solve([[1, 0.6], [0.6, 1]], [0.6, 0.6])
    assert [area.slug for area in profile.areas] == ["apis", "language", "tools"]
    assert profile.area("language").ability.theta == pytest.approx(weights @ [0.8, -0.2])
    shared = weights @ covariance
    expected = [
        [0.25, shared[0], 0.09],
        [shared[0], shared @ weights + 1 - weights @ [0.6, 0.6], shared[1]],
        [0.09, shared[1], 0.36],
    ]
    np.testing.assert_allclose(profile.covariance, expected)
    assert profile.with_area("tools") is profile


def test_there_is_no_overall_level_without_an_area_with_enough_evidence() -> None:
    overall = Profile(areas=(an_area(theta=2, count=4),)).overall
    assert (overall.value, overall.level, overall.is_enough, overall.responses) == (500, None, False, 0)


def test_a_profile_counts_all_its_responses() -> None:
    assert a_profile().responses == 10
    assert Profile().responses == 0


EXACT = reference("hier_exact.json")["two_areas"]


@pytest.mark.parametrize("person", range(len(EXACT["x"])))
def test_one_persons_posterior_agrees_with_exact_integration(person: int) -> None:
    """Own integration on 161 x 161 points over both areas, `tests/data/hier_exact.json`."""
    structure = Structure(area=np.array(EXACT["area_of_topic"]), sigma=np.array(EXACT["Sigma"]), tau=EXACT["tau"])
    marks = np.array(EXACT["x"][person])
    is_given = marks >= 0
    a, b, c, topic = (np.array(EXACT[name])[is_given] for name in ("a", "b", "c", "topic_of_item"))
    found = posterior(topic, marks[is_given], a, b, c, structure=structure)
    for known, weights, expected in (
        (found.areas, found.area_weights, EXACT["area_mean_sd"][person]),
        (found.topics, found.topic_weights, EXACT["topic_mean_sd"][person]),
    ):
        mean, sd = np.array(expected).T
        np.testing.assert_allclose(known.theta, mean, rtol=0, atol=5e-4)
        np.testing.assert_allclose(known.standard_error, sd, rtol=0, atol=2e-3)
        np.testing.assert_allclose(np.stack(grid.moments(found.points, weights)), np.stack(known[:2]), atol=1e-9)
        assert ((known.low < known.theta) & (known.theta < known.high)).all()


def test_a_posterior_says_what_stands_out_and_what_it_knows_nothing_of() -> None:
    topic, marks = np.repeat([0, 1, 2, 3], 20), np.repeat([1, 0, 1, 0, 1, 0], [20, 20, 10, 10, 10, 10])
    ones = np.ones(topic.size)
    found = posterior(topic, marks, ones, 0 * ones, 0 * ones, structure=alike([0, 0, 0, 0, 0, 1]))
    assert found.standing == (
        "strength", "weakness", "in line", "in line", "not enough evidence", "not enough evidence",
    )  # fmt: skip
    assert found.chance_above[0] == pytest.approx(1 - found.chance_above[1], abs=1e-9)
    assert found.overall.theta == pytest.approx(found.areas.theta.mean())


def test_a_long_history_is_read_on_the_finer_grid() -> None:
    ones = np.ones(201)
    found = posterior(np.zeros(201, dtype=int), ones, ones, 0 * ones, 0 * ones, structure=alike([0]))
    assert found.points.size == 121


def test_without_answers_a_posterior_is_the_prior() -> None:
    found = posterior([], [], [], [], [], structure=alike([0, 0, 1]))
    np.testing.assert_allclose(found.areas.standard_error, 1, atol=1e-6)
    assert found.standing == ("not enough evidence",) * 3


def test_a_posterior_refuses_a_topic_outside_its_structure() -> None:
    with pytest.raises(ValueError, match="topic"):
        posterior([3], [1], [1], [0], [0], structure=alike([0, 0, 1]))
