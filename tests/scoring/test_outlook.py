"""What more answers would do: against what they did in simulations of the whole model."""

import math

import numpy as np
import pytest

from tracker.scoring import grid
from tracker.scoring.ability import Z
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.fold import fold, updated
from tracker.scoring.irt import information, probability
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.scoring.outlook import Outlook, area_outlook, topic_outlook, typical_information
from tracker.scoring.profile import Profile

from .builders import a_response, an_area, an_attempt, responses

TOPICS = ("language/syntax", "language/data-structures", "language/oop")
ALL_LEVELS = item_parameters([a_response(difficulty=level) for level in range(1, 6)])
TYPICAL = dict.fromkeys(TOPICS, typical_information(ALL_LEVELS))
PEOPLE = 150


def a_start() -> Profile:
    """Somebody after fifteen answers in two of an area's three topics."""
    given = [
        *responses(TOPICS[0], right=6, wrong=2),
        *responses(TOPICS[1], right=4, wrong=3),
    ]
    return fold([an_attempt(*given)])


def widths_after(count: int, *, topic_ids: tuple[str, ...], seed: int) -> list[tuple[float, float]]:
    """Half the interval's width, in logits, of the area and of the first topic, after so many more answers spread
    over these topics, for people drawn from what is known of the start.
    """
    rng = np.random.default_rng([20261130, seed])
    start = a_start()
    area = start.area("language")
    widths = []
    for _ in range(PEOPLE):
        theta = rng.normal(area.ability.theta, area.ability.standard_error)
        links = {topic_id: area.link(area.topic(topic_id)) for topic_id in topic_ids}
        topics = {
            topic_id: rng.normal(link.intercept + link.slope * theta, link.sd) for topic_id, link in links.items()
        }
        given = []
        for number in range(count):
            topic_id = topic_ids[number % len(topic_ids)]
            item = a_response(topic_id, difficulty=int(rng.integers(1, 6)), slug=f"new-{number}")
            right = rng.random() < float(probability(topics[topic_id], *item_parameters([item]))[0])
            given.append(a_response(topic_id, mark=float(right), difficulty=item.difficulty, slug=item.item_id[-6:]))
        after = updated(start, an_attempt(*given, attempt_id="a2")).area("language")
        widths.append((after.ability.half, after.topic(topic_ids[0]).ability.half))
    return widths


def predicted_half(outlook: Outlook) -> float:
    return (outlook.high - outlook.low) / 200


@pytest.mark.parametrize("topic_ids", [TOPICS, TOPICS[2:]])
def test_as_many_answers_as_it_says_narrow_an_area_on_average_to_what_it_says(topic_ids: tuple[str, ...]) -> None:
    area = a_start().area("language")
    outlook = area_outlook(area, {topic_id: TYPICAL[topic_id] for topic_id in topic_ids})
    count = outlook.answers or 100
    widths = [of_area for of_area, _ in widths_after(count, topic_ids=topic_ids, seed=1)]
    assert np.mean(widths) == pytest.approx(predicted_half(outlook), rel=0.04)
    if outlook.answers:
        assert predicted_half(outlook) == pytest.approx(area.ability.half * 2 / 3, abs=0.06)


@pytest.mark.parametrize("topic_id", [TOPICS[0], TOPICS[2]])
def test_answers_in_a_topic_narrow_it_on_average_to_what_it_says(topic_id: str) -> None:
    topic = a_start().topic(topic_id)
    outlook = topic_outlook(topic, TYPICAL[topic_id])
    assert outlook.answers
    widths = [of_topic for _, of_topic in widths_after(outlook.answers, topic_ids=(topic_id,), seed=2)]
    assert np.mean(widths) == pytest.approx(predicted_half(outlook), rel=0.04)


def test_the_typical_information_is_the_mean_over_the_items() -> None:
    each = [information(grid.COARSE, a, b, c) for a, b, c in zip(*ALL_LEVELS, strict=True)]
    np.testing.assert_allclose(TYPICAL[TOPICS[0]], np.mean(each, axis=0))


def test_a_level_is_settled_once_so_many_answers_make_it_four_times_as_likely_as_not() -> None:
    """For a normal ability, that is when the mean lies .8416 standard errors from the cut; without topics of its own,
    each answer adds its information.
    """
    flat = np.full(grid.COARSE.size, 0.15)
    area = an_area(theta=PROFICIENT_CUT + 0.25, sd=0.5)
    topic = area.topic("language/syntax")
    outlook = topic_outlook(topic, flat)
    needed = ((0.8416 / (topic.ability.theta - PROFICIENT_CUT)) ** 2 - 1 / topic.ability.variance) / 0.15
    assert 10 < needed < outlook.settling == 5 * math.ceil(needed / 5)
    assert outlook.percent == math.floor(100 * topic.ability.chance_of(PROFICIENT_CUT))


def test_what_is_settled_needs_no_answers_and_what_lies_at_the_cut_gets_none_named() -> None:
    assert area_outlook(an_area(theta=2), TYPICAL).settling == 0
    assert area_outlook(an_area(theta=-1), TYPICAL).settling == 0
    at_the_cut = area_outlook(an_area(theta=PROFICIENT_CUT), TYPICAL)
    assert at_the_cut.settling is None
    assert at_the_cut.percent == 50


def test_an_area_that_topics_tell_too_little_of_gets_no_number_but_what_a_hundred_answers_would_do() -> None:
    area = an_area(sd=0.3)
    outlook = area_outlook(area, {TOPICS[0]: TYPICAL[TOPICS[0]]})
    assert outlook.answers is None
    assert area.ability.half * 200 * 2 / 3 < outlook.high - outlook.low < area.ability.half * 200


def test_the_interval_keeps_the_mean_and_its_shape() -> None:
    outlook = topic_outlook(an_area(theta=0, sd=0.9).topic("language/syntax"), TYPICAL[TOPICS[0]])
    assert (outlook.low + outlook.high) / 2 == 500
    spread = Z * math.hypot(0.9, 0.45)
    assert 2 / 3 * 200 * spread - 15 < outlook.high - outlook.low <= 2 / 3 * 200 * spread
