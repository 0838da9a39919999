"""Honesty under simulation: what is called 90 % sure must be right nine times in ten.

People and items are drawn from the model's own assumptions, authors' labels with their error, so this is a best case;
the bounds allow for the simulation's own error.
"""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tracker.assessment.parameters import Estimate, ParameterSet
from tracker.assessment.response import Response
from tracker.scoring import irt, joint
from tracker.scoring.ability import Ability
from tracker.scoring.author_prior import LABEL_SD, LABELS, by_level, flattened
from tracker.scoring.fold import fold, updated
from tracker.scoring.profile import Profile
from tracker.scoring.structure import alike, correlated

from .builders import NOON, a_response, an_attempt

AREAS = TOPICS_IN_AREA = 5
TOPIC_IDS = [f"area-{area}/topic-{topic}" for area in range(AREAS) for topic in range(TOPICS_IN_AREA)]


def answered(theta: float, topic_id: str, rng: np.random.Generator) -> Response:
    """What somebody of this ability answers to an item whose author judged its difficulty with the usual error."""
    b = rng.normal()
    label = rng.normal(b, LABEL_SD)
    guessing = float(rng.choice([0, 1 / 15, 0.25]))
    right = rng.random() < guessing + (1 - guessing) / (1 + np.exp(b - theta))
    level = min(LABELS, key=lambda one: abs(LABELS[one] - label))
    return a_response(topic_id, mark=float(right), difficulty=level, guessing=guessing)


def covers(ability: Ability, theta: float) -> bool:
    return ability.low <= theta <= ability.high


@pytest.mark.parametrize("count", [20, 50, 100])
def test_ninety_percent_intervals_of_areas_and_topics_hold_the_truth_nine_times_in_ten(count: int) -> None:
    rng = np.random.default_rng(20261100 + count)
    of_areas, of_topics = [], []
    for _ in range(700):
        areas = rng.multivariate_normal(np.zeros(AREAS), correlated(AREAS))
        topics = np.repeat(areas, TOPICS_IN_AREA) + rng.normal(0, 0.45, AREAS * TOPICS_IN_AREA)
        served = np.resize(rng.permutation(topics.size), count)
        profile = fold([an_attempt(*(answered(topics[at], TOPIC_IDS[at], rng) for at in served))])
        of_areas += [covers(profile.area(f"area-{at}").ability, theta) for at, theta in enumerate(areas)]
        of_topics += [covers(profile.topic(TOPIC_IDS[at]).ability, theta) for at, theta in enumerate(topics)]
    assert 0.88 < np.mean(of_areas) < 0.92
    assert 0.88 < np.mean(of_topics) < 0.92


@pytest.mark.parametrize("count", [20, 50, 100])
@pytest.mark.parametrize("label_sd", [0.5, 0.8, 1.1])
def test_intervals_stay_honest_whether_authors_judge_better_or_worse_than_is_believed(
    label_sd: float, count: int
) -> None:
    """A thousand people, each with items of their own; what is believed of authors is always the same."""
    rng = np.random.default_rng(20261200 + count)
    people, area = 1000, np.repeat(np.arange(AREAS), TOPICS_IN_AREA)
    areas = rng.multivariate_normal(np.zeros(AREAS), correlated(AREAS), size=people)
    topics = areas[:, area] + rng.normal(0, 0.45, (people, area.size))
    topic = np.stack([np.resize(rng.permutation(area.size), count) for _ in range(people)])
    b, c = rng.normal(size=topic.shape), rng.choice([0, 1 / 15, 0.25], topic.shape)
    marks = rng.random(b.shape) < irt.probability(np.take_along_axis(topics, topic, axis=1), 1, b, c)
    label = rng.normal(b, label_sd)
    level = np.abs(label[..., None] - list(LABELS.values())).argmin(axis=-1)
    believed = [by_level(one) for one in LABELS]
    known = joint.summaries(
        np.repeat(np.arange(people), count),
        topic.ravel(),
        marks.ravel(),
        np.array([flattened(one.a, one.b_error**2) for one in believed])[level].ravel(),
        np.array([one.b for one in believed])[level].ravel(),
        c.ravel(),
        people=people,
        structure=alike(area),
    )
    for truth, found in ((areas, known.areas), (topics, known.topics)):
        assert 0.88 < np.mean((found.low <= truth) & (truth <= found.high)) < 0.92


def test_intervals_stay_honest_while_people_grow() -> None:
    """Fifteen monthly attempts of ten items; ability walks by .2 a month and rises by .05, deviations walk by .05.

    Seen when written: coverage .90 for the area and .91 for topics, RMSE .50 for the area.
    """
    rng = np.random.default_rng(20261115)
    of_areas, of_topics, errors = [], [], []
    for _ in range(150):
        area, deviations = rng.normal(), rng.normal(0, 0.45, TOPICS_IN_AREA)
        profile = Profile()
        for month in range(15):
            if month:
                area += rng.normal(0.05, 0.2)
                deviations += rng.normal(0, 0.05, TOPICS_IN_AREA)
            given = (answered(area + deviations[at % 5], TOPIC_IDS[at % 5], rng) for at in range(10))
            profile = updated(profile, an_attempt(*given, attempt_id=str(month), days=30 * month))
            if month >= 4:
                known = profile.area("area-0")
                assert known.as_of == NOON + timedelta(days=30 * month)
                of_areas.append(covers(known.ability, area))
                of_topics += [
                    covers(known.topic(TOPIC_IDS[at]).ability, area + deviations[at]) for at in range(TOPICS_IN_AREA)
                ]
                errors.append(known.ability.theta - area)
    assert 0.86 < np.mean(of_areas) < 0.95
    assert 0.87 < np.mean(of_topics) < 0.95
    assert np.sqrt(np.mean(np.square(errors))) < 0.56


def test_people_who_grow_are_followed_closely_and_honestly() -> None:
    """Fifteen monthly attempts of 500 people at ten known items; one ability, walking by .2 and rising by .05 a month.

    Seen when written: RMSE .428 and coverage .899 from the fifth attempt on; the walk is believed to be .25.
    """
    rng = np.random.default_rng(20261115)
    errors, covered = [], []
    for _ in range(500):
        theta, profile = rng.normal(), Profile()
        for month in range(15):
            if month:
                theta += rng.normal(0.05, 0.2)
            a, b, c = rng.lognormal(0, 0.3, 10), rng.normal(size=10), rng.choice([0, 1 / 15, 0.25], 10)
            marks = rng.random(10) < irt.probability(theta, a, b, c)
            known = {
                f"{at:064x}": Estimate(a=a[at], b=b[at], a_error=1e-6, b_error=1e-6, responses=500) for at in range(10)
            }
            given = (
                replace(a_response(TOPIC_IDS[0], mark=float(mark), guessing=guessing), item_version=version)
                for mark, guessing, version in zip(marks, c, known, strict=True)
            )
            attempt = an_attempt(*given, attempt_id=str(month), days=30 * month)
            profile = updated(profile, attempt, ParameterSet(revision=1, made_at=NOON, estimates=known))
            if month >= 4:
                found = profile.topic(TOPIC_IDS[0]).ability
                errors.append(found.theta - theta)
                covered.append(covers(found, theta))
    assert np.sqrt(np.mean(np.square(errors))) <= 0.43
    assert 0.86 < np.mean(covered) < 0.94


def test_intervals_of_all_areas_stay_honest_while_only_some_are_answered() -> None:
    """Eight monthly attempts of ten items, each in two of five areas; all areas and deviations walk."""
    rng = np.random.default_rng(20261116)
    of_areas, of_topics, of_overall = [], [], []
    for _ in range(120):
        areas = rng.multivariate_normal(np.zeros(AREAS), correlated(AREAS))
        deviations = rng.normal(0, 0.45, (AREAS, TOPICS_IN_AREA))
        profile = Profile()
        for month in range(8):
            if month:
                areas = areas + rng.multivariate_normal(np.zeros(AREAS), 0.25**2 * correlated(AREAS))
                # as it drifts, a deviation never gets further from its area than it was at first
                deviations = np.sqrt(1 - 0.10**2 / 0.45**2) * deviations + rng.normal(0, 0.10, deviations.shape)
            topics = areas[:, None] + deviations
            served = [(area, at) for area in rng.permutation(AREAS)[:2] for at in range(5)]
            given = (answered(topics[at], TOPIC_IDS[5 * at[0] + at[1]], rng) for at in served)
            profile = updated(profile, an_attempt(*given, attempt_id=str(month), days=30 * month))
        of_areas += [covers(profile.area(f"area-{at}").ability, theta) for at, theta in enumerate(areas)]
        of_topics += [
            covers(profile.topic(id_).ability, theta) for id_, theta in zip(TOPIC_IDS, topics.flat, strict=True)
        ]
        met = [int(area.slug.removeprefix("area-")) for area in profile.areas if area.is_enough]
        overall = profile.overall
        of_overall.append(overall.low <= 500 + 100 * areas[met].mean() <= overall.high)
    assert 0.86 < np.mean(of_areas) < 0.94
    assert 0.88 < np.mean(of_topics) < 0.92
    assert 0.82 < np.mean(of_overall) < 0.97
