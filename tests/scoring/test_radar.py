"""The radar's geometry."""

import math
import re

import pytest

from tracker.assessment.score import Score
from tracker.scoring.levels import to_score
from tracker.scoring.radar import CENTRE, HEIGHT, RADIUS, WIDTH, Point, Radar, draw

from .builders import an_ability

NAMES = ("Programming Language", "Frameworks", "Databases", "APIs", "Essential Tools")


def a_score(theta: float = 0, *, is_enough: bool = True) -> Score:
    return to_score(an_ability(theta), responses=9 if is_enough else 2, is_enough=is_enough)


def a_radar(*known: bool, theta: float = 0) -> Radar:
    return draw([(name, a_score(theta, is_enough=one)) for name, one in zip(NAMES, known, strict=True)])


def distance(point: Point | None) -> float:
    assert point
    return math.dist(point, CENTRE)


def subpaths(path: str) -> list[list[Point]]:
    return [
        [Point(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", subpath)]
        for subpath in path.split("M")[1:]
    ]


def test_the_first_axis_points_up_and_the_others_follow_clockwise() -> None:
    ends = [axis.end for axis in a_radar(*[True] * 5).axes]
    assert ends[0] == Point(CENTRE.x, CENTRE.y - RADIUS)
    angles = [math.degrees(math.atan2(end.x - CENTRE.x, CENTRE.y - end.y)) % 360 for end in ends]
    assert angles == pytest.approx([0, 72, 144, 216, 288], abs=0.1)


@pytest.mark.parametrize(("theta", "share"), [(-3, 0), (0, 0.5), (1.5, 0.75), (3, 1)])
def test_scores_from_200_to_800_lie_from_the_centre_to_the_rim(theta: float, share: float) -> None:
    for axis in a_radar(*[True] * 5, theta=theta).axes:
        assert distance(axis.vertex) == pytest.approx(share * RADIUS, abs=0.1)


@pytest.mark.parametrize(("theta", "share"), [(-4, 0), (4, 1)])
def test_what_lies_beyond_the_axes_is_drawn_at_their_ends(theta: float, share: float) -> None:
    for axis in a_radar(*[True] * 5, theta=theta).axes:
        assert distance(axis.vertex) == pytest.approx(share * RADIUS, abs=0.1)
        assert distance(axis.low) <= distance(axis.vertex) <= distance(axis.high) <= RADIUS + 0.1


def test_the_interval_lies_on_the_same_axis_on_both_sides_of_the_score() -> None:
    for axis in a_radar(*[True] * 5, theta=0.5).axes:
        assert distance(axis.low) < distance(axis.vertex) < distance(axis.high)
        assert axis.low
        assert axis.high
        cross = (axis.low.x - CENTRE.x) * (axis.high.y - CENTRE.y) - (axis.low.y - CENTRE.y) * (axis.high.x - CENTRE.x)
        assert cross == pytest.approx(0, abs=20)


def test_with_all_areas_known_the_line_is_closed_and_the_band_is_a_ring() -> None:
    radar = a_radar(*[True] * 5)
    assert radar.line.endswith("Z")
    assert subpaths(radar.line) == [[axis.vertex for axis in radar.axes]]
    assert radar.band.count("Z") == 2
    assert subpaths(radar.band) == [[axis.high for axis in radar.axes], [axis.low for axis in radar.axes]]


def test_an_unknown_area_breaks_the_line_and_the_band_and_claims_no_score() -> None:
    radar = a_radar(True, True, False, True, True)
    unknown = radar.axes[2]
    assert (unknown.vertex, unknown.low, unknown.high) == (None, None, None)
    run = [radar.axes[at] for at in (3, 4, 0, 1)]
    assert "Z" not in radar.line
    assert subpaths(radar.line) == [[axis.vertex for axis in run]]
    assert subpaths(radar.band) == [[axis.high for axis in run] + [axis.low for axis in reversed(run)]]


def test_two_unknown_areas_leave_two_pieces_or_a_lonely_dot() -> None:
    assert [len(piece) for piece in subpaths(a_radar(True, False, True, True, False).line)] == [2]
    assert [len(piece) for piece in subpaths(a_radar(False, True, True, False, True).line)] == [2]
    lonely = a_radar(False, True, False, True, False)
    assert (lonely.line, lonely.band) == ("", "")
    assert [axis.vertex is not None for axis in lonely.axes] == [False, True, False, True, False]


def test_with_nothing_known_only_the_axes_remain() -> None:
    radar = a_radar(*[False] * 5)
    assert (radar.line, radar.band) == ("", "")
    assert [axis.name for axis in radar.axes] == list(NAMES)
    assert {axis.score.is_enough for axis in radar.axes} == {False}


def test_labels_stand_outside_the_rim_inside_the_drawing_and_away_from_it() -> None:
    axes = a_radar(*[True] * 5).axes
    assert [axis.anchor for axis in axes] == ["middle", "start", "start", "end", "end"]
    for axis in axes:
        assert distance(axis.label) > RADIUS
        assert 0 < axis.label.x < WIDTH
        assert 0 < axis.label.y < HEIGHT


def test_the_rings_are_where_levels_begin() -> None:
    rings = a_radar(*[True] * 5).rings
    assert [ring.level for ring in rings] == ["Developing", "Proficient", "Expert"]
    shares = [distance(ring.points[0]) / RADIUS for ring in rings]
    assert shares == pytest.approx([(cut - 200) / 600 for cut in (425, 550, 650)], abs=0.001)
