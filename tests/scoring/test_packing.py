"""Packed standings: unpacked and aged all at once, they are what their profiles say, aged one by one."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.slow_standings import standings
from tracker.assessment.roadmap import Roadmap
from tracker.scoring.ability import Ability
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.packing import NOTHING, packed, unpacked
from tracker.scoring.profile import AreaProfile, Profile, TopicProfile, to_rows
from tracker.scoring.standings import Standings
from tracker.scoring.structure import correlations_of

from .builders import NOON, ROADMAP, a_roadmap, an_area, an_attempt, responses

LATER = NOON + timedelta(days=40)
SYNTAX = "language/syntax"


def expect_same(found: Standings, expected: Standings) -> None:
    """The same skills and, to a millionth, the same numbers."""
    assert found.skills == expected.skills
    for field in fields(Standings)[1:]:
        one, other = getattr(found, field.name), getattr(expected, field.name)
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6, err_msg=field.name)


def one_by_one(profiles: Sequence[Profile], roadmap: Roadmap, now: datetime) -> Standings:
    """The standings made the slow way."""
    return standings([aged(profile, now) for profile in profiles], roadmap)


def all_at_once(profiles: Sequence[Profile], roadmap: Roadmap, now: datetime) -> Standings:
    """The standings made the fast way."""
    return unpacked([packed(profile) for profile in profiles], roadmap, now)


def a_profile(random: np.random.Generator) -> Profile:
    """A profile of some areas, one of them perhaps gone from the roadmap, and some of their topics, of all ages."""
    slugs = [slug for slug in (*sorted(ROADMAP), "unknown") if random.random() < 0.6]
    areas = tuple(_area(slug, random) for slug in sorted(slugs))
    loadings = random.normal(size=(len(areas), len(areas) + 1))
    is_correlated = len(areas) > 0 and random.random() < 0.8
    return Profile(
        areas=areas,
        correlations=to_rows(correlations_of(loadings @ loadings.T)) if is_correlated else (),
        area_walk=random.uniform(0.05, 0.5),
        topic_walk=random.uniform(0.02, 0.3),
    )


def _area(slug: str, random: np.random.Generator) -> AreaProfile:
    topics = [topic for topic in (*ROADMAP.get(slug, ()), "unknown") if random.random() < 0.5]
    ability = _ability(random)
    return AreaProfile(
        slug=slug,
        ability=ability,
        as_of=NOON - timedelta(days=random.uniform(-10, 900)),
        responses=int(random.integers(0, 12)),
        last_answered=NOON - timedelta(days=random.uniform(0, 900)) if random.random() < 0.8 else None,
        topics=tuple(_topic(f"{slug}/{topic}", ability, random) for topic in sorted(topics)),
    )


def _topic(topic_id: str, area: Ability, random: np.random.Generator) -> TopicProfile:
    ability = _ability(random)
    return TopicProfile(
        topic_id=topic_id,
        ability=ability,
        covariance=random.uniform(0, 0.99) * ability.standard_error * area.standard_error,
        responses=int(random.integers(0, 12)),
        last_answered=NOON if random.random() < 0.8 else None,
    )


def _ability(random: np.random.Generator) -> Ability:
    theta, error = random.normal(), random.uniform(0.15, 1.0)
    low, high = theta - error * random.uniform(1.2, 2), theta + error * random.uniform(1.2, 2)
    return Ability(theta=theta, standard_error=error, low=low, high=high)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 8), days=st.floats(0, 2000))
def test_unpacking_all_at_once_is_ageing_one_by_one(seed: int, count: int, days: float) -> None:
    random = np.random.default_rng(seed)
    profiles = [a_profile(random) for _ in range(count)]
    now = NOON + timedelta(days=days)

    expect_same(all_at_once(profiles, a_roadmap(), now), one_by_one(profiles, a_roadmap(), now))


def test_real_answers_come_out_as_from_their_profiles() -> None:
    first = an_attempt(*responses(SYNTAX, right=9, wrong=1), *responses("tools/git", right=2, wrong=6))
    second = an_attempt(*responses("apis/json", right=4), attempt_id="a2", days=30)
    profiles = [fold([first]), Profile(), fold([first, second])]

    expect_same(all_at_once(profiles, a_roadmap(), LATER), one_by_one(profiles, a_roadmap(), LATER))


def test_who_was_never_measured_is_an_empty_profile() -> None:
    expect_same(unpacked([NOTHING], a_roadmap(), NOON), one_by_one([Profile()], a_roadmap(), NOON))
    assert packed(Profile(area_walk=0, topic_walk=0)) == NOTHING


def test_a_bank_whose_topics_changed_shifts_no_column() -> None:
    answered = [*responses(SYNTAX, right=9, wrong=1), *responses("language/oop", right=1, wrong=7)]
    stored = packed(fold([an_attempt(*answered)]))
    before = a_roadmap()
    language, *others = before.areas
    after = Roadmap((*others, replace(language, topics=language.topics[::-1][:2])))

    was, now = unpacked([stored], before, NOON), unpacked([stored], after, NOON)

    assert [topic.id for topic in after.areas[-1].topics] == ["language/oop", "language/data-structures"]
    assert SYNTAX not in now.skills
    for skill in now.skills:
        assert now.theta[0, now.place(skill)] == pytest.approx(was.theta[0, was.place(skill)])
        assert now.responses[0, now.place(skill)] == was.responses[0, was.place(skill)]


def test_an_area_that_the_bank_has_no_more_still_says_something_about_the_others() -> None:
    stored = packed(Profile(areas=(an_area("cobol", theta=2),), correlations=((1.0,),)))

    found = unpacked([stored], a_roadmap(), NOON)

    assert "cobol" not in found.skills
    assert found.theta[0, found.place("tools")] == pytest.approx(0.6 * 2)
    assert found.responses.sum() == 0
