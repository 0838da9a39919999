"""The geometry of a strip chart: a line for each person from the lower to the upper end of their interval in one skill.

Of a score that is seen in words only, the line reaches over the whole levels that its interval touches, and there is no
dot. Drawing is the template's work; the y axis points down.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.scoring.levels import HIGHEST, LEVELS, LOWEST
from tracker.scoring.sight import SeenScore

WIDTH = 960
TALLEST, THICKEST = 190, 8  # of the chart and of a line's share of it: many people have thinner lines
TOP = 16


@dataclass(frozen=True, slots=True)
class Band:
    """A level's stretch of the axis."""

    level: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """One person: from where to where, and where the score is, None when only levels are seen."""

    y: float
    start: float
    end: float
    score: float | None


@dataclass(frozen=True, slots=True)
class StripChart:
    """Strips to draw, the lowest first. thickness: of a strip's line."""

    bands: tuple[Band, ...]
    strips: tuple[Strip, ...]
    thickness: float
    height: float
    top: int = TOP
    width: int = WIDTH


def draw(scores: Iterable[SeenScore]) -> StripChart:
    """The chart of these scores; those without enough evidence are left out."""
    ends = sorted((_ends(score) for score in scores if score.is_enough), key=lambda one: (one[0] + one[1], one[0]))
    share = min(THICKEST, TALLEST / max(1, len(ends)))
    return StripChart(
        bands=BANDS,
        strips=tuple(_strip(one, round(TOP + share * (at + 0.5), 2)) for at, one in enumerate(ends)),
        thickness=round(share * 0.4, 2),
        height=round(TOP + share * len(ends) + 2, 1),
    )


def _ends(score: SeenScore) -> tuple[int, int, int | None]:
    if score.low is None or score.high is None:
        return _lowest_of(score.lowest), _highest_of(score.highest), None
    return score.low, score.high, score.value


def _strip(ends: tuple[int, int, int | None], y: float) -> Strip:
    low, high, value = ends
    return Strip(y=y, start=_x(low), end=_x(high), score=None if value is None else _x(value))


def _lowest_of(name: str) -> int:
    return next(level.lowest for level in LEVELS if level.name == name)


def _highest_of(name: str) -> int:
    lowest = _lowest_of(name)
    return min((level.lowest for level in LEVELS if level.lowest > lowest), default=HIGHEST)


def _x(score: int) -> float:
    return round(WIDTH * (score - LOWEST) / (HIGHEST - LOWEST), 1)


def _bands() -> Sequence[Band]:
    ends = [(level.name, _x(level.lowest), _x(_highest_of(level.name))) for level in LEVELS]
    return [Band(name, start, round(end - start, 1)) for name, start, end in ends]


BANDS = tuple(_bands())
