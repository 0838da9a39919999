"""Folding attempts into a profile: against brute force, and what must hold whatever was answered."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.assessment.response import MarkedAttempt, Response
from tracker.scoring import irt
from tracker.scoring.ability import eap
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.fold import fold, report, updated
from tracker.scoring.path import area_path, chances_improved
from tracker.scoring.profile import AreaProfile, Profile

from .builders import a_response, an_attempt, responses

SYNTAX, OOP, STRUCTURES = "language/syntax", "language/oop", "language/data-structures"

some_responses = st.lists(
    st.builds(
        a_response,
        st.sampled_from([SYNTAX, OOP, STRUCTURES]),
        mark=st.sampled_from([0.0, 0.5, 1.0]),
        difficulty=st.integers(1, 5),
        guessing=st.sampled_from([0.0, 1 / 15, 0.25]),
    ),
    min_size=1,
    max_size=25,
)


def likelihood(theta: np.ndarray, given_responses: list[Response]) -> np.ndarray:
    """Of these answers at every theta of any shape, straight from the item curves."""
    total = np.ones_like(theta)
    for response, a, b, c in zip(given_responses, *item_parameters(given_responses), strict=True):
        right = irt.probability(theta, a, b, c)
        total *= right if response.is_right else 1 - right
    return total


def language(*attempts: MarkedAttempt) -> AreaProfile:
    return fold(attempts).area("language")


def test_one_attempt_agrees_with_quadrature_over_the_area_and_both_deviations() -> None:
    in_syntax = responses(SYNTAX, right=3, wrong=1, difficulty=4)
    in_oop = [*responses(OOP, right=1, wrong=2, difficulty=2), a_response(OOP, guessing=0, difficulty=5)]
    area = language(an_attempt(*in_syntax, *in_oop))

    theta = np.linspace(-5, 5, 161)[:, None, None]
    first, second = np.linspace(-2.5, 2.5, 100)[:, None], np.linspace(-2.5, 2.5, 100)
    weights = np.exp(-0.5 * (theta**2 + (first**2 + second**2) / 0.45**2))
    weights = weights * likelihood(theta + first, in_syntax) * likelihood(theta + second, in_oop)
    weights /= weights.sum()

    def moments(values: np.ndarray) -> tuple[float, float]:
        mean = (weights * values).sum()
        return float(mean), float(np.sqrt((weights * (values - mean) ** 2).sum()))

    for known, values in (
        (area.ability, theta),
        (area.topic(SYNTAX).ability, theta + first),
        (area.topic(OOP).ability, theta + second),
        (area.topic(STRUCTURES).ability, None),
    ):
        mean, sd = moments(values) if values is not None else (moments(theta)[0], np.hypot(moments(theta)[1], 0.45))
        assert known.theta == pytest.approx(mean, abs=5e-4)
        assert known.standard_error == pytest.approx(sd, abs=2e-3)

    deviation = area.deviation(area.topic(SYNTAX))
    assert (deviation.theta, deviation.standard_error) == pytest.approx(moments(first + 0 * theta), abs=2e-3)
    assert deviation.chance_of(0) == pytest.approx(weights[:, first[:, 0] > 0].sum(), abs=0.003)


def test_three_attempts_months_apart_agree_with_a_particle_filter() -> None:
    """The moments kept between attempts lose little: against 400,000 weighted paths of area and deviations."""
    sessions = [
        responses(SYNTAX, right=6, wrong=2),
        responses(OOP, right=1, wrong=5) + responses(SYNTAX, right=2),
        responses(SYNTAX, right=1, wrong=4, difficulty=2) + responses(STRUCTURES, right=4),
    ]
    attempts = [an_attempt(*given_responses, days=60 * at) for at, given_responses in enumerate(sessions)]

    rng = np.random.default_rng(20261101)
    theta = rng.normal(size=400_000)
    deviations = {topic: rng.normal(0, 0.45, theta.size) for topic in (SYNTAX, OOP, STRUCTURES)}
    weights = np.ones(theta.size)
    for at, given_responses in enumerate(sessions):
        if at:
            theta = theta + rng.normal(0, 0.25 * np.sqrt(2), theta.size)
            # drifting, a deviation never becomes less certain than nothing known: it returns to its middle a little
            keep = np.sqrt(1 - 0.10**2 * 2 / 0.45**2)
            deviations = {
                topic: keep * values + rng.normal(0, 0.10 * np.sqrt(2), theta.size)
                for topic, values in deviations.items()
            }
        for topic, values in deviations.items():
            answered = [response for response in given_responses if response.topic_id == topic]
            weights = weights * likelihood(theta + values, answered)
    weights /= weights.sum()

    area = language(*attempts)
    for known, values in [(area.ability, theta)] + [
        (area.topic(topic).ability, theta + values) for topic, values in deviations.items()
    ]:
        mean = weights @ values
        assert known.theta == pytest.approx(mean, abs=0.05)
        assert known.standard_error == pytest.approx(np.sqrt(weights @ (values - mean) ** 2), abs=0.03)


def test_a_topic_answered_in_many_attempts_is_known_as_well_as_from_one() -> None:
    """What is kept between attempts must not forget how precisely the sum of area and deviation is known.

    With one topic in its area, that sum is one ability with a wider prior.
    """
    rng = random.Random(7)
    batches = [
        [a_response(SYNTAX, mark=float(rng.random() < 0.7), difficulty=rng.randint(1, 5)) for _ in range(20)]
        for _ in range(40)
    ]
    marks = [response.mark for batch in batches for response in batch]
    items = item_parameters([response for batch in batches for response in batch])
    exact = eap(marks, *items, sd=np.hypot(1, 0.45))
    for attempts in (
        [an_attempt(*batch) for batch in batches],
        [an_attempt(*(response for batch in batches for response in batch))],
    ):
        topic = language(*attempts).topic(SYNTAX).ability
        assert topic.theta == pytest.approx(exact.theta, abs=0.015)
        assert topic.standard_error == pytest.approx(exact.standard_error, abs=0.003)


def test_a_topic_left_out_of_an_attempt_moves_with_its_area() -> None:
    before = language(an_attempt(*responses(SYNTAX, right=2, wrong=1)))
    after = language(an_attempt(*responses(SYNTAX, right=2, wrong=1)), an_attempt(*responses(OOP, right=8)))
    assert before.topic(SYNTAX).ability.theta < after.topic(SYNTAX).ability.theta < after.ability.theta
    assert after.topic(SYNTAX).responses == 3
    assert after.topic(SYNTAX).when_answered == before.topic(SYNTAX).ability


def test_an_area_tells_of_others_as_far_as_areas_go_together() -> None:
    profile = fold([an_attempt(*responses(SYNTAX, right=10))])
    known, tools = profile.area("language").ability, profile.area("tools")
    assert tools.ability.theta == pytest.approx(0.6 * known.theta)
    assert tools.ability.variance == pytest.approx(1 - 0.6**2 * (1 - known.variance))
    assert (tools.responses, tools.history, tools.score.level) == (0, (), None)
    assert [area.slug for area in profile.areas] == ["language"]


def test_partial_credit_counts_as_not_right() -> None:
    partial, wrong = (language(an_attempt(a_response(mark=mark))) for mark in (0.99, 0.0))
    assert partial == wrong
    assert partial.right == 0


def test_counts_and_dates_add_up() -> None:
    first = an_attempt(*responses(SYNTAX, right=2, wrong=1), *responses(OOP, right=1), days=0)
    second = an_attempt(*responses(SYNTAX, right=1, wrong=1), attempt_id="a2", days=9)
    area = language(first, second)
    assert (area.responses, area.right, area.last_answered) == (6, 4, second.finished_at)
    syntax, oop = area.topic(SYNTAX), area.topic(OOP)
    assert (syntax.responses, syntax.right, syntax.last_answered) == (5, 3, second.finished_at)
    assert (oop.responses, oop.right, oop.last_answered) == (1, 1, first.finished_at)


def test_what_was_reported_stays_as_it_was_reported() -> None:
    first = an_attempt(*responses(SYNTAX, right=6), attempt_id="a1")
    second = an_attempt(*responses(SYNTAX, right=0, wrong=6), attempt_id="a2", days=1)
    reported = language(first).score
    history = language(first, second).history
    assert [(point.attempt_id, point.finished_at) for point in history] == [
        ("a1", first.finished_at),
        ("a2", second.finished_at),
    ]
    assert history[0].score == reported
    assert history[1].score == language(first, second).score != reported


def test_a_report_tells_how_probably_an_area_rose_since_its_attempt_before() -> None:
    attempts = [
        an_attempt(*responses(SYNTAX, right=2, wrong=6), attempt_id="a1"),
        an_attempt(*responses("tools/git", right=4), attempt_id="a2", days=30),
        an_attempt(*responses(SYNTAX, right=8), *responses("apis/json", right=3), attempt_id="a3", days=60),
    ]
    after = fold(attempts)
    told = report(after, attempts[-1])
    places = [area.slug for area in after.areas]
    assert told.improved == {
        "language": pytest.approx(chances_improved(area_path(after), later=2)[0, places.index("language")])
    }
    assert report(fold(attempts[:2]), attempts[1]).improved == {}


def test_each_attempt_leaves_a_moment_as_it_was_known_then() -> None:
    first = an_attempt(*responses(SYNTAX, right=6), attempt_id="a1")
    second = an_attempt(*responses("tools/git", right=0, wrong=6), attempt_id="a2", days=1)
    before, after = fold([first]), fold([first, second])
    assert after.moments[0] == before.moments[0]
    assert [moment.at for moment in after.moments] == [first.finished_at, second.finished_at]
    assert after.moments[1].slugs == ("language", "tools")
    assert after.moments[1].low == tuple(area.ability.low for area in after.areas)


def test_an_attempt_in_another_area_moves_an_area_and_its_topics_but_is_not_reported_in_it() -> None:
    profile = fold([an_attempt(*responses(SYNTAX, right=6), attempt_id="a1")])
    after = updated(profile, an_attempt(*responses("tools/git", right=0, wrong=8), attempt_id="a2"))
    before, moved = profile.area("language"), after.area("language")
    assert moved.ability.theta < before.ability.theta
    assert moved.topic(SYNTAX).ability.theta < before.topic(SYNTAX).ability.theta
    assert (moved.history, moved.responses, moved.last_answered) == (before.history, 6, before.last_answered)
    assert moved.topic(SYNTAX).when_answered == before.topic(SYNTAX).when_answered


def test_an_attempt_without_responses_changes_nothing() -> None:
    profile = fold([an_attempt(*responses(SYNTAX, right=6), attempt_id="a1")])
    assert updated(profile, an_attempt(attempt_id="a3", days=40)) == profile


def test_an_area_met_later_is_known_as_if_met_from_the_start() -> None:
    """Two attempts at the same moment are one, whatever areas each of them is in."""
    in_tools = responses("tools/git", right=4, wrong=1)
    together = fold([an_attempt(*responses(SYNTAX, right=5), *in_tools)])
    apart = fold([an_attempt(*responses(SYNTAX, right=5)), an_attempt(*in_tools, attempt_id="a2")])
    for one, other in zip(together.areas, apart.areas, strict=True):
        assert one.ability.theta == pytest.approx(other.ability.theta, abs=0.01)
        assert one.ability.standard_error == pytest.approx(other.ability.standard_error, abs=0.01)
    np.testing.assert_allclose(together.correlation_matrix, apart.correlation_matrix, atol=0.01)


def test_two_areas_through_two_attempts_agree_with_a_particle_filter() -> None:
    """400,000 weighted paths: both areas are steps of one walk, but the second, not yet met, stays standard normal."""
    sessions = [responses(SYNTAX, right=7, wrong=1), responses("tools/git", right=1, wrong=6)]
    rng = np.random.default_rng(20261130)
    language, own = rng.normal(size=(2, 400_000))
    weights = likelihood(language + rng.normal(0, 0.45, language.size), sessions[0])
    language = language + rng.normal(0, 0.25, language.size)
    tools = 0.6 * language + 0.8 * own
    weights = weights * likelihood(tools + rng.normal(0, 0.45, tools.size), sessions[1])
    weights /= weights.sum()
    areas = np.stack((language, tools), axis=1)

    profile = fold(an_attempt(*given, attempt_id=str(at), days=30 * at) for at, given in enumerate(sessions))
    mean = weights @ areas
    spread = areas - mean
    covariance = (weights[:, None] * spread).T @ spread
    np.testing.assert_allclose([area.ability.theta for area in profile.areas], mean, atol=0.02)
    np.testing.assert_allclose(profile.covariance, covariance, atol=0.02)


def test_attempts_out_of_order_are_refused() -> None:
    later, earlier = an_attempt(a_response(), days=1), an_attempt(a_response(), attempt_id="a2", days=0)
    with pytest.raises(ValueError, match="a2"):
        fold([later, earlier])


def test_no_attempts_are_an_empty_profile() -> None:
    assert fold([]) == Profile()


def test_guessing_makes_a_right_answer_worth_less() -> None:
    open_item, choice = (language(an_attempt(a_response(guessing=guessing))) for guessing in (0, 0.25))
    assert open_item.ability.theta > choice.ability.theta > 0


@given(given_responses=some_responses, seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_the_order_of_responses_within_an_attempt_does_not_matter(given_responses: list[Response], seed: int) -> None:
    shuffled = random.Random(seed).sample(given_responses, len(given_responses))
    one, other = language(an_attempt(*given_responses)), language(an_attempt(*shuffled))
    assert one.ability.theta == pytest.approx(other.ability.theta, abs=1e-9)
    assert [topic.ability.high for topic in one.topics] == pytest.approx(
        [topic.ability.high for topic in other.topics], abs=1e-9
    )


@given(given_responses=some_responses, data=st.data())
@settings(max_examples=40, deadline=None)
def test_one_more_right_answer_never_lowers_the_area_or_any_topic(
    given_responses: list[Response], data: st.DataObject
) -> None:
    changed = data.draw(st.integers(0, len(given_responses) - 1))
    better = [replace(one, mark=1.0) if at == changed else one for at, one in enumerate(given_responses)]
    before, after = language(an_attempt(*given_responses)), language(an_attempt(*better))
    assert after.ability.theta >= before.ability.theta - 1e-9
    for topic in before.topics:
        assert after.topic(topic.topic_id).ability.theta >= topic.ability.theta - 1e-9


@given(sessions=st.lists(st.tuples(some_responses, st.floats(0, 400)), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_interval_holds_its_mean_and_every_spread_is_possible(
    sessions: list[tuple[list[Response], float]],
) -> None:
    days = np.cumsum([gap for _, gap in sessions])
    attempts = [
        an_attempt(*given_responses, attempt_id=str(at), days=float(day))
        for at, ((given_responses, _), day) in enumerate(zip(sessions, days, strict=True))
    ]
    area = language(*attempts)
    for ability in (area.ability, *(topic.ability for topic in area.topics)):
        assert ability.low < ability.theta < ability.high
    for topic in area.topics:
        assert 0 < topic.covariance < area.ability.standard_error * topic.ability.standard_error
        assert 0 < area.deviation(topic).variance < 0.5**2
