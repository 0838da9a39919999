"""The geometry of a strip chart."""

import itertools

import pytest

from tracker.scoring import strips
from tracker.scoring.sight import SeenScore
from tracker.scoring.strips import TALLEST, WIDTH

IN_WORDS = SeenScore("Developing", lowest="Developing", highest="Proficient", responses=12)
IN_NUMBERS = SeenScore("Developing", "Foundation", "Proficient", 12, value=500, low=300, high=600)
UNKNOWN = SeenScore(None, lowest="Foundation", highest="Expert", responses=2)


def test_the_bands_are_the_levels_side_by_side_over_the_whole_width() -> None:
    bands = strips.draw([]).bands

    assert [band.level for band in bands] == ["Foundation", "Developing", "Proficient", "Expert"]
    assert bands[0].x == 0
    for band, after in itertools.pairwise(bands):
        assert band.x + band.width == pytest.approx(after.x, abs=0.11)
    assert bands[-1].x + bands[-1].width == pytest.approx(WIDTH, abs=0.11)


def test_a_score_in_numbers_lies_where_they_are_with_a_dot() -> None:
    (strip,) = strips.draw([IN_NUMBERS]).strips

    assert (strip.start, strip.score, strip.end) == (WIDTH * 0.25, WIDTH * 0.5, WIDTH * 0.625)


def test_a_score_in_words_reaches_over_its_whole_levels_and_tells_no_place_in_them() -> None:
    chart = strips.draw([IN_WORDS])

    (strip,) = chart.strips
    _foundation, developing, proficient, _expert = chart.bands
    assert strip.score is None
    assert strip.start == developing.x
    assert strip.end == pytest.approx(proficient.x + proficient.width, abs=0.11)


def test_who_is_not_known_well_enough_is_left_out() -> None:
    assert strips.draw([UNKNOWN]).strips == ()


def test_the_lowest_comes_first() -> None:
    numbers = [SeenScore("Developing", "Foundation", "Expert", 9, at, at - 50, at + 50) for at in (600, 300, 450)]

    scores = [strip.score for strip in strips.draw(numbers).strips]

    assert scores == sorted(score for score in scores if score is not None)


@pytest.mark.parametrize("people", [1, 30, 500])
def test_however_many_there_are_all_fit_and_none_covers_another(people: int) -> None:
    chart = strips.draw([IN_NUMBERS] * people)

    places = [strip.y for strip in chart.strips]
    assert len(places) == people
    assert chart.height <= TALLEST + 20
    assert max(places) < chart.height
    assert all(after - before >= chart.thickness for before, after in itertools.pairwise(places))
