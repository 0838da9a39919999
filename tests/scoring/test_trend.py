"""A group's mean from month to month: what was known then, and a change only where it is sure."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_trend_point
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.trend import Course, group_change, group_mean, month_ends
from tracker.scoring.trend_chart import draw

from .builders import NOON, an_attempt, responses

SYNTAX = "language/syntax"
END = datetime(2026, 12, 1, tzinfo=UTC)
LATER = datetime(2027, 2, 1, tzinfo=UTC)
TAKEN = (
    an_attempt(*responses(SYNTAX, right=2, wrong=8), attempt_id="a1", days=1),
    an_attempt(*responses("tools/git", right=7, wrong=1), attempt_id="a2", days=9),
    an_attempt(*responses(SYNTAX, right=9, wrong=1), attempt_id="a3", days=60),
)


def test_months_end_at_the_first_midnight_after_them() -> None:
    assert month_ends(datetime(2026, 2, 3, tzinfo=UTC), count=3) == [
        datetime(2025, 12, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 2, 1, tzinfo=UTC),
    ]


def test_what_is_known_of_a_month_is_what_a_learner_was_told_then_whatever_came_after() -> None:
    known = Course(fold(TAKEN)).known_at("language", END)
    then = aged(fold(TAKEN[:2]), END).area("language").ability
    assert known
    assert [known.theta, math.sqrt(known.variance), known.attempts] == [
        pytest.approx(then.theta),
        pytest.approx(then.standard_error),
        2,
    ]


def test_nothing_is_known_before_there_is_enough_evidence() -> None:
    course = Course(fold(TAKEN))
    assert course.known_at("language", NOON) is None
    assert course.known_at("databases", END) is None


def test_over_idle_months_nothing_rises_and_it_becomes_less_sure() -> None:
    mean, variance = Course(fold(TAKEN[:2])).change("language", earlier=END, later=LATER)
    assert mean == 0
    assert variance == pytest.approx(0.25**2 * (LATER - END) / timedelta(days=30))


def test_a_change_agrees_with_what_is_known_at_its_end() -> None:
    course = Course(fold(TAKEN))
    mean, _ = course.change("language", earlier=END, later=LATER)
    before, after = course.known_at("language", END), course.known_at("language", LATER)
    assert before
    assert after
    assert 0 < mean < after.theta - before.theta, "some of the rise was there before, and is seen now"


def test_a_groups_mean_has_the_error_of_measuring_its_people() -> None:
    known = [Course(fold(TAKEN[:many])).known_at("language", LATER) for many in (1, 2, 3)]
    mean = group_mean([one for one in known if one])
    assert mean.theta == pytest.approx(sum(one.theta for one in known if one) / 3)
    assert mean.standard_error == pytest.approx(math.sqrt(sum(one.variance for one in known if one)) / 3)


def test_what_one_person_shows_not_surely_a_group_does() -> None:
    course = Course(fold(TAKEN))
    alone = group_change([course], "language", earlier=END, later=LATER)
    together = group_change([course] * 60, "language", earlier=END, later=LATER)
    assert (alone.claim, together.claim) == ("not sure", "risen")


def test_dots_stand_at_their_months_and_their_intervals_inside_the_drawing() -> None:
    chart = draw([a_trend_point(month, value=400 + 20 * month) for month in (1, 2, 3)])
    assert [dot.x for dot in chart.dots] == sorted(dot.x for dot in chart.dots)
    assert all(0 <= dot.high < dot.y < dot.low <= chart.height for dot in chart.dots)
    assert chart.dots[0].y > chart.dots[-1].y


@pytest.mark.parametrize(
    ("months", "named"), [([10], [10]), ([9, 10], [9, 10]), ([1, 4, 5, 9], [1, 5, 9]), ([1, 8, 9], [1, 9])]
)
def test_a_trend_names_months_that_it_has_a_point_of(months: list[int], named: list[int]) -> None:
    chart = draw([a_trend_point(month) for month in months])
    assert [tick.point.last_day.month for tick in chart.ticks] == named
