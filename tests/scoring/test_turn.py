"""What is known in the middle of an attempt is what its end says of the same answers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tracker.assessment.parameters import AUTHORS_WORD, Estimate, ParameterSet
from tracker.assessment.response import MarkedAttempt, Response
from tracker.scoring import grid, turn
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold, updated
from tracker.scoring.profile import Profile

START = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = [f"{area}/{topic}" for area in ("apis", "language", "tools") for topic in "abcd"]
TOLERANCE = 1e-7  # logits


def some_responses(count: int, topics: Sequence[str], *, seed: int = 1) -> tuple[Response, ...]:
    rng = np.random.default_rng(seed)
    return tuple(
        Response(
            item_id=f"{topic}/{number}",
            item_version=f"{number:016x}",
            topic_id=str(topic),
            answer=(),
            mark=float(rng.random() < 0.6),
            seconds=30.0,
            difficulty=int(rng.integers(1, 6)),
            guessing=float(rng.choice([0, 0.25])),
        )
        for number, topic in enumerate(rng.choice(topics, count))
    )


def a_history(attempts: int, count: int, topics: Sequence[str]) -> Profile:
    return fold(
        MarkedAttempt(str(number), START + timedelta(days=9 * number), some_responses(count, topics, seed=number))
        for number in range(attempts)
    )


@pytest.mark.parametrize(
    ("profile", "topics", "count"),
    [
        pytest.param(Profile(), TOPICS, 25, id="a first placement"),
        pytest.param(a_history(4, 20, TOPICS), TOPICS, 25, id="another placement"),
        pytest.param(a_history(4, 20, TOPICS), TOPICS[4:8], 15, id="an area of several met"),
        pytest.param(a_history(2, 12, TOPICS[:4]), TOPICS[4:8], 15, id="an area never met"),
        pytest.param(a_history(4, 20, TOPICS), TOPICS[5:6], 8, id="a topic"),
        pytest.param(a_history(20, 12, TOPICS[:4]), TOPICS[:4], 15, id="on the fine grid"),
    ],
)
def test_after_the_last_answer_it_agrees_with_the_profile_to_rounding(
    profile: Profile, topics: list[str], count: int
) -> None:
    now = START + timedelta(days=300)
    responses = some_responses(count, topics, seed=99)
    before = turn.outset(aged(profile, now), topics, item_count=count)

    known = turn.known(before, responses, AUTHORS_WORD)

    after = updated(profile, MarkedAttempt("last", now, responses))
    told = [after.topic(topic_id).ability for topic_id in topics] + [
        after.area(slug).ability for slug in before.area_slugs
    ]
    means, errors = grid.moments(before.points, np.concatenate(known))
    assert means == pytest.approx([ability.theta for ability in told], abs=TOLERANCE)
    assert errors == pytest.approx([ability.standard_error for ability in told], abs=TOLERANCE)


def test_without_answers_it_is_what_the_profile_says() -> None:
    profile = a_history(3, 20, TOPICS)

    before = turn.outset(profile, TOPICS, item_count=25)
    means, errors = grid.moments(before.points, turn.known(before, (), AUTHORS_WORD).topics)

    told = [profile.topic(topic_id).ability for topic_id in TOPICS]
    assert means == pytest.approx([ability.theta for ability in told], abs=2e-3)  # an area is taken for normal
    assert errors == pytest.approx([ability.standard_error for ability in told], abs=2e-3)


def test_each_row_is_a_distribution() -> None:
    before = turn.outset(Profile(), TOPICS, item_count=25)
    known = turn.known(before, some_responses(9, TOPICS), AUTHORS_WORD)

    assert known.topics.shape == (len(TOPICS), 61)
    assert known.areas.shape == (3, 61)
    for weights in known:
        assert weights.sum(axis=1) == pytest.approx(1)
        assert (weights >= 0).all()


def test_items_count_as_far_as_they_are_known() -> None:
    (response,) = some_responses(1, TOPICS[:1])
    estimate = Estimate(a=2.5, b=0.0, a_error=0.1, b_error=0.05, responses=2000)
    calibrated = ParameterSet(revision=1, estimates={response.item_version: estimate})
    before = turn.outset(Profile(), TOPICS[:1], item_count=8)

    _, by_author = grid.moments(before.points, turn.known(before, [response], AUTHORS_WORD).topics)
    _, by_answers = grid.moments(before.points, turn.known(before, [response], calibrated).topics)

    assert by_answers < by_author


def test_an_answer_in_a_topic_that_is_not_covered_is_refused() -> None:
    before = turn.outset(Profile(), TOPICS[:2], item_count=8)
    with pytest.raises(ValueError, match="apis/c"):
        turn.known(before, some_responses(1, TOPICS[2:3]), AUTHORS_WORD)
