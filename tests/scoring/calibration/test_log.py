"""Calibration from a log of the product's own world: areas, topics, growth, authors who misjudge.

Every figure in a docstring was seen when the test was written.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from tests.scoring.calibration.living_world import MONTH_SECONDS, TOPICS, Bank, LivingWorld, a_bank, a_living_world
from tracker.assessment.parameters import Estimate
from tracker.assessment.response_log import ResponseLog
from tracker.scoring import grid, joint
from tracker.scoring.author_prior import by_level, flattened
from tracker.scoring.calibration.areas import calibrate
from tracker.scoring.calibration.log import area_of, area_slugs, effortful, population_of, to_fit, walks_of
from tracker.scoring.irt import FloatArray, probability
from tracker.scoring.structure import alike

Known = Mapping[str, Estimate]


def calibrated(log: ResponseLog, known: Known | None = None) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {}
    for slug in area_slugs(log):
        area = area_of(log, slug)
        versions = [log.items[code].version for code in area.codes]
        found |= zip(versions, calibrate(to_fit(area, log, known or {})), strict=True)
    return found


def column(bank: Bank, found: Known, name: str) -> FloatArray:
    return np.array([getattr(found[item.version], name) for item in bank.items])


def of_authors(bank: Bank) -> dict[str, Estimate]:
    return {item.version: by_level(item.difficulty) for item in bank.items}


def truth(bank: Bank) -> dict[str, Estimate]:
    true = zip(bank.items, bank.a.tolist(), bank.b.tolist(), strict=True)
    return {item.version: Estimate(a, b, 1e-6, 1e-6, 1) for item, a, b in true}


def rmse(errors: FloatArray) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def of_topics(bank: Bank, found: Known, *, people: int = 1500, each: int = 30) -> tuple[float, float]:
    """How well topics of new people are measured with these items: RMSE, and how often intervals hold the truth."""
    rng = np.random.default_rng(20261124)
    theta = a_living_world(bank, people=people, months=1, seed=77).topics[:, 0]
    person = np.repeat(np.arange(people), each)
    item = np.concatenate([rng.permutation(bank.topic.size)[:each] for _ in range(people)])
    chance = probability(theta[person, bank.topic[item]], bank.a[item], bank.b[item], bank.c[item])
    a = flattened(column(bank, found, "a"), column(bank, found, "b_error") ** 2)
    known = joint.summaries(
        person,
        bank.topic[item],
        rng.random(item.size) < chance,
        a,
        column(bank, found, "b"),
        bank.c,
        people=people,
        structure=alike(np.arange(TOPICS) // 5),
        item=item,
    ).topics
    return rmse(known.theta - theta), float(np.mean((known.low <= theta) & (theta <= known.high)))


def up_to(log: ResponseLog, month: int) -> ResponseLog:
    kept = log.ended_at < month * MONTH_SECONDS
    chosen = kept[log.attempt]
    return replace(
        log,
        learner_id=log.learner_id[kept],
        ended_at=log.ended_at[kept],
        attempt=(np.cumsum(kept) - 1)[log.attempt[chosen]].astype(np.int32),
        item=log.item[chosen],
        right=log.right[chosen],
        seconds=log.seconds[chosen],
    )


@pytest.mark.parametrize(("responses", "most"), [(10, 0.60), (50, 0.44), (200, 0.30), (500, 0.23)])
def test_answers_tell_more_of_items_than_their_authors_and_scores_stay_honest(responses: int, most: float) -> None:
    """RMSE of b .54, .39, .26, .18 (authors' levels .66); topics' intervals hold the truth with .897 to .900."""
    bank = a_bank()
    log = a_living_world(bank, people=responses * len(bank.items) // 48, seed=responses).log
    found = calibrated(log)
    errors = column(bank, found, "b") - bank.b
    assert rmse(errors) < most < rmse(column(bank, of_authors(bank), "b") - bank.b)
    assert 0.8 < np.mean((errors / column(bank, found, "b_error")) ** 2) < 1.7
    assert abs(errors.mean()) < 0.08
    error, coverage = of_topics(bank, found)
    assert 0.88 < coverage < 0.92
    assert error < of_topics(bank, of_authors(bank))[0]
    assert error < of_topics(bank, truth(bank))[0] + 0.02


def test_the_scale_stays_while_people_learn_and_nights_go_by() -> None:
    """Everybody rises by 1.1 logits in a year. Without the items known before, b would fall by .38; so by .01."""
    world = a_living_world(a_bank(), people=300, months=12, trend=0.1, seed=5)
    known: dict[str, Estimate] = {}
    for month in (1, 2, 3, 6, 9, 12, 12, 12):
        known = calibrated(up_to(world.log, month), known)
        if month == 1:
            first = scale_error(world, known)
    assert scale_error(world, known) == pytest.approx(first, abs=0.06)
    assert scale_error(world, calibrated(world.log)) < first - 0.25


def test_what_authors_believe_does_not_draw_the_scale_to_it_night_by_night() -> None:
    """All items are called harder by one level than they are, half a year after the scale was made without that."""
    world = a_living_world(a_bank(), people=400, months=2, seed=6)
    known = calibrated(world.log)
    before = scale_error(world, known)
    items = tuple(replace(item, difficulty=min(5, item.difficulty + 1)) for item in world.bank.items)
    for _ in range(10):
        known = calibrated(replace(world.log, items=items), known)
    assert scale_error(world, known) == pytest.approx(before, abs=0.02)


def scale_error(world: LivingWorld, known: Known) -> float:
    """By how much items are harder than they are, each counting as often as it was answered."""
    errors = column(world.bank, known, "b") - world.bank.b
    return float(np.average(errors, weights=column(world.bank, known, "responses")))


def test_an_item_without_answers_is_as_known_before_or_as_its_author_said() -> None:
    world = a_living_world(a_bank(2), people=100, months=1)
    chosen = world.log.item > 1
    log = replace(
        world.log,
        attempt=world.log.attempt[chosen],
        item=world.log.item[chosen],
        right=world.log.right[chosen],
        seconds=world.log.seconds[chosen],
    )
    old = Estimate(a=1.5, b=0.3, a_error=0.1, b_error=0.1, responses=300)
    known = {world.bank.items[0].version: old}
    found = calibrated(log, known)
    assert found[world.bank.items[0].version] == old
    unmet, author = found[world.bank.items[1].version], by_level(world.bank.items[1].difficulty)
    assert (unmet.b, unmet.responses) == (pytest.approx(author.b), 0)
    assert unmet.a == pytest.approx(1, abs=1e-6)


def test_rapid_guesses_are_left_out() -> None:
    log = a_living_world(a_bank(2), people=50, months=1).log
    seconds = log.seconds.copy()
    seconds[:7] = 1.0
    kept = effortful(replace(log, seconds=seconds))
    assert kept.size == log.size - 7
    np.testing.assert_array_equal(kept.item, log.item[7:])


def test_the_population_is_the_distribution_of_abilities_not_of_their_estimates() -> None:
    """After a dozen answers, estimates spread by .8 about their own mean where abilities do by 1."""
    bank = a_bank()
    for mean in (-0.6, 0.6):
        world = a_living_world(bank, people=4000, months=1, mean=mean, seed=2)
        found = population_of(area_of(world.log, "area-0"), world.log, truth(bank))
        centre, sd = grid.moments(grid.COARSE, np.array(found.weights))
        assert found.people == pytest.approx(800, abs=80)
        assert sum(found.weights) == pytest.approx(1)
        assert centre == pytest.approx(mean, abs=0.12)
        assert sd == pytest.approx(1, abs=0.12)


def test_who_answered_little_is_not_in_the_population() -> None:
    log = a_living_world(a_bank(2), people=20, months=1, each=4).log
    found = population_of(area_of(log, area_slugs(log)[0]), log, {})
    assert found.people == 0
    assert sum(found.weights) == pytest.approx(1)


@pytest.mark.parametrize(("area_walk", "topic_walk"), [(0.1, 0.05), (0.25, 0.2), (0.4, 0.1)])
def test_walks_are_found_again(area_walk: float, topic_walk: float) -> None:
    """Areas' within a tenth; topics', of which answers say little, within a half."""
    bank = a_bank()
    world = a_living_world(bank, people=1500, months=12, area_walk=area_walk, topic_walk=topic_walk, seed=3)
    found = walks_of(world.log, truth(bank))
    assert found.area == pytest.approx(area_walk, rel=0.25)
    assert found.topic == pytest.approx(topic_walk, abs=0.07)


def test_with_few_who_came_back_the_walks_are_the_safe_ones() -> None:
    bank = a_bank(2)
    assert walks_of(a_living_world(bank, people=300, months=1).log, truth(bank)) == (0.25, 0.10)
    assert walks_of(a_living_world(bank, people=12, months=12).log, truth(bank)) == (0.25, 0.10)
