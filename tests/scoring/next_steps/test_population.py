"""The rules over many simulated people: what steps cite is there, and what they claim is true as often as they say."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from tests.scoring.builders import a_response, a_roadmap, an_attempt
from tracker.assessment.response import MarkedAttempt, Response
from tracker.scoring.author_prior import LABELS
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.levels import PROFICIENT_CUT
from tracker.scoring.next_steps import NextStep, next_steps
from tracker.scoring.next_steps.choice import WHEN
from tracker.scoring.structure import correlated

ROADMAP = a_roadmap()
AREAS = [area.slug for area in ROADMAP.areas]
PEOPLE = 160

Person = tuple[dict[str, float], tuple[MarkedAttempt, ...], tuple[NextStep, ...]]


@pytest.fixture(scope="module")
def population() -> list[Person]:
    """People of every ability with one to eight quizzes, seen up to a year later: abilities, attempts, steps."""
    return list(_people(np.random.default_rng(20261122)))


def _people(rng: np.random.Generator) -> Iterator[Person]:
    for _ in range(PEOPLE):
        areas = dict(zip(AREAS, rng.multivariate_normal(np.zeros(5), correlated(5)), strict=True))
        theta = {topic.id: areas[topic.area_slug] + rng.normal(0, 0.45) for topic in ROADMAP.topics}
        attempts = tuple(_quiz(theta, number, rng) for number in range(rng.integers(1, 9)))
        now = attempts[-1].finished_at + timedelta(days=float(rng.choice([0, 3, 30, 365])))
        yield theta, attempts, next_steps(aged(fold(attempts), now), roadmap=ROADMAP, attempts=attempts, now=now)


def _quiz(theta: dict[str, float], number: int, rng: np.random.Generator) -> MarkedAttempt:
    """Two items on every topic, or ten on each of two topics of an area."""
    topics = 2 * list(theta)
    if rng.random() < 0.7:
        area = rng.choice(AREAS)
        in_area = [topic for topic in theta if topic.startswith(f"{area}/")]
        topics = 10 * list(rng.permutation(in_area)[:2])
    given = (_answer(topic, theta[topic], place, rng) for place, topic in enumerate(topics))
    return an_attempt(*given, attempt_id=f"a{number}", days=number)


def _answer(topic: str, theta: float, place: int, rng: np.random.Generator) -> Response:
    b = rng.normal()
    level = min(LABELS, key=lambda one: abs(LABELS[one] - b - rng.normal(0, 0.8)))
    right = rng.random() < 0.25 + 0.75 / (1 + np.exp(b - theta))
    return a_response(topic, mark=float(right), difficulty=level, slug=f"item-{place}")


def test_everybody_gets_one_to_three_steps_and_no_more_than_two_in_an_area(population: list[Person]) -> None:
    for _, _, steps in population:
        assert 1 <= len(steps) <= 3
        areas = [(step.topic_id or "").split("/")[0] for step in steps]
        assert max(areas.count(area) for area in areas) <= 2
        assert len({step.topic_id for step in steps}) == len(steps)


def test_all_rules_for_topics_are_met_by_somebody(population: list[Person]) -> None:
    assert {step.rule for _, _, steps in population for step in steps} >= WHEN.keys() - {"start-1", "pause-1"}


def test_every_record_that_a_step_cites_exists(population: list[Person]) -> None:
    for _, attempts, steps in population:
        given = {
            (attempt.attempt_id, response.item_id, response.is_right, attempt.finished_at, response.topic_id)
            for attempt in attempts
            for response in attempt.responses
        }
        for step in steps:
            assert step.rule in WHEN
            assert step.evidence
            evidence = step.evidence
            topic = ROADMAP.topic(evidence.topic_id)
            cited = {(one.attempt_id, one.item_id, one.is_right, one.answered_at, topic.id) for one in evidence.records}
            assert cited == {one for one in given if one[-1] == topic.id}
            assert tuple(one.topic_id for one in evidence.prerequisites) == topic.prerequisites
            assert evidence.resource in topic.resources
            assert all(topic.id != other and ROADMAP.find_topic(other) for other in step.unlocks)


def test_nobody_is_sent_to_study_what_stands_on_something_weak(population: list[Person]) -> None:
    """A prerequisite whose own answers and whose M both say weak comes first."""
    for _, attempts, steps in population:
        profile = fold(attempts)
        for step in steps:
            if step.kind in {"learn", "prerequisite", "practise"}:
                assert step.evidence
                for prerequisite in step.evidence.prerequisites:
                    known = profile.topic(prerequisite.topic_id)
                    is_hopeless = prerequisite.mastery <= 0.2 and known.responses > 0 and known.right == 0
                    assert not (is_hopeless and profile.area(prerequisite.topic_id.split("/")[0]).is_enough)


def test_study_comes_before_measuring_and_measuring_before_confirming(population: list[Person]) -> None:
    group = {"learn": 1, "prerequisite": 1, "review": 1, "practise": 1, "measure": 2, "confirm": 3, "pause": 4}
    for _, _, steps in population:
        ranks = [(group[step.kind], -step.use) for step in steps]
        assert ranks == sorted(ranks)


def test_a_chance_that_a_step_prints_is_the_share_of_people_of_whom_it_is_true(population: list[Person]) -> None:
    """M of every topic against the truth, told in three broad bands."""
    claimed, true = [], []
    for theta, attempts, _ in population:
        profile = fold(attempts)
        for topic_id, value in theta.items():
            claimed.append(profile.topic(topic_id).ability.chance_of(PROFICIENT_CUT))
            true.append(value >= PROFICIENT_CUT)
    told, truth = np.array(claimed), np.array(true)
    for low, high in ((0, 0.2), (0.2, 0.8), (0.8, 1)):
        band = (told >= low) & (told <= high)
        assert band.sum() > 100
        assert told[band].mean() == pytest.approx(truth[band].mean(), abs=0.05)
