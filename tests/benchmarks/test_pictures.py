"""The pictures of docs/scoring.md: drawn where they should be, and every figure of the page filled in."""

from xml.etree import ElementTree

from benchmarks.pictures.__main__ import FILE, IMAGES, page
from benchmarks.pictures.change import Change
from benchmarks.pictures.chart import BOTTOM, LEFT, RIGHT, TOP, Chart
from benchmarks.pictures.honesty import Honesty

ROW = Honesty(20, 0.8, 0.911, 0.904, 0.72, 1.0, 0.83, 0.82)
CHANGED = Change(reported=0.91, pooled=0.67, smoothed=0.88, claims=40, false_claims=0.025)


def a_chart() -> Chart:
    return Chart("A < B", "x", "y", x_ticks=(0, 5, 10), y_ticks=(0, 1))


def test_a_chart_is_well_formed_and_says_what_it_shows() -> None:
    chart = a_chart()
    chart.line([(0, 0), (10, 1)], "#000", "both & none")

    drawing = ElementTree.fromstring(chart.svg())

    assert drawing.get("aria-label") == "A < B"
    assert "both & none" in list(drawing.itertext())


def test_marks_stand_between_the_ends_of_the_axes() -> None:
    chart = a_chart()
    chart.line([(0, 0), (10, 1), (10, 7)], "#000")

    assert f"M {LEFT:.1f},{BOTTOM:.1f} L {RIGHT:.1f},{TOP:.1f} L {RIGHT:.1f},{TOP:.1f}" in chart.marks[0]


def test_the_page_has_every_figure_filled_in() -> None:
    text = page([ROW], CHANGED)

    assert "{" not in text
    assert "| 20 | 0.8 | 91.1% | 90.4% | 72 | 100 | 83 | 82 |" in text
    assert "Of the 40 such claims in this simulation 2% were false" in text


def test_every_picture_that_the_page_shows_is_there() -> None:
    shown = [part.partition(")")[0] for part in FILE.read_text().split("](images/")[1:]]

    assert len(shown) == 6
    assert all((IMAGES / name).is_file() for name in shown)
