"""The geometry of a history: everything inside the drawing, where its number and its day say."""

from datetime import timedelta

import pytest

from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.history import area_histories
from tracker.scoring.history_chart import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, HistoryChart, draw

from .builders import NOON, an_attempt, responses


def a_chart(*attempts: tuple[float, int, int], today: float = 0) -> HistoryChart:
    """Attempts as days, right and wrong answers; seen so many days after the first."""
    profile = fold(
        [
            an_attempt(*responses("language/syntax", right=right, wrong=wrong), attempt_id=f"a{days}", days=days)
            for days, right, wrong in attempts
        ]
    )
    return draw(area_histories(aged(profile, NOON + timedelta(days=today)))["language"])


def places(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, _, y in (place.partition(",") for place in points.split())]


def test_one_attempt_is_a_dot_with_its_interval_and_no_line() -> None:
    chart = a_chart((0, 6, 4), today=90)
    assert (len(chart.dots), chart.line, chart.band) == (1, "", "")
    (dot,) = chart.dots
    assert dot.high < dot.y < dot.low
    assert [tick.anchor for tick in chart.ticks] == ["middle"]


def test_dots_stand_at_their_days_and_scores() -> None:
    first, second, third = a_chart((0, 1, 9), (10, 5, 5), (40, 9, 1), today=40).dots
    assert second.x - first.x == pytest.approx((third.x - first.x) / 4, abs=0.2)
    assert first.y > second.y > third.y, "up is more"
    unit = (first.y - third.y) / (third.score.value - first.score.value)
    assert first.y - second.y == pytest.approx(unit * (second.score.value - first.score.value), abs=0.2)
    assert second.low - second.high == pytest.approx(unit * (second.score.high - second.score.low), abs=0.2)


def test_line_and_band_run_to_today_and_the_band_holds_the_line() -> None:
    chart = a_chart((0, 1, 9), (30, 9, 1), today=300)
    line, band = places(chart.line), places(chart.band)
    assert len(line) == 3
    assert line[-1][0] > chart.dots[-1].x
    upper, lower = band[:3], band[:2:-1]
    for (x, y), (upper_x, high), (lower_x, low) in zip(line, upper, lower, strict=True):
        assert x == upper_x == lower_x
        assert high < y < low
    assert lower[-1][1] - upper[-1][1] > lower[1][1] - upper[1][1], "what is older counts less"


@pytest.mark.parametrize("attempts", [((0, 30, 0), (1, 0, 30)), ((0, 0, 40), (700, 0, 40)), ((0, 1, 0),)])
def test_everything_is_inside_the_drawing_and_a_level_always_begins_in_it(
    attempts: tuple[tuple[float, int, int], ...],
) -> None:
    chart = a_chart(*attempts, today=900)
    drawn = [*places(chart.line), *places(chart.band), *((dot.x, y) for dot in chart.dots for y in (dot.low, dot.high))]
    assert all(LEFT <= x <= WIDTH and TOP <= y <= BOTTOM < HEIGHT for x, y in drawn)
    assert chart.cuts
    assert all(TOP <= cut.y <= BOTTOM for cut in chart.cuts)


def test_the_axis_names_the_ends_and_with_room_the_middle() -> None:
    assert len(a_chart((0, 3, 3), (0.2, 3, 3), today=0.5).ticks) == 1
    assert len(a_chart((0, 3, 3), (1, 3, 3), today=2).ticks) == 2
    ends_and_middle = a_chart((0, 3, 3), (30, 3, 3), today=60).ticks
    assert [tick.at for tick in ends_and_middle] == [NOON + timedelta(days=days) for days in (0, 30, 60)]
