"""The geometry of an area's history: where everything stands in an SVG whose y axis points down, time running right.

Dots are scores as they were reported, with their intervals; line and band are what all attempts together say of each
moment. After a single attempt there is nothing to join, so there is neither.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tracker.assessment.score import Score
from tracker.scoring.history import AreaHistory
from tracker.scoring.levels import HIGHEST, LEVELS, LOWEST, to_scale

WIDTH, HEIGHT = 600, 240
LEFT, RIGHT, TOP, BOTTOM = 184, 588, 12, 204
DAY = timedelta(days=1)
MARGIN = 50  # of score above the highest and below the lowest interval


@dataclass(frozen=True, slots=True)
class Dot:
    """A reported score; `low` and `high` are where its interval ends."""

    x: float
    y: float
    low: float
    high: float
    score: Score


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a level begins."""

    level: str
    score: int
    y: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A date on the axis."""

    at: datetime
    x: float
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """A history to draw; `line` and `band` are points of a polyline and a polygon, empty after one attempt."""

    dots: tuple[Dot, ...]
    cuts: tuple[Cut, ...]
    ticks: tuple[Tick, ...]
    line: str
    band: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True, slots=True)
class Axes:
    """What the drawing covers: the times, and the scores."""

    first: datetime
    last: datetime
    lowest: float
    highest: float

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return round(LEFT + 6 + share * (RIGHT - LEFT - 6), 1)

    def y(self, score: float) -> float:
        share = (self.highest - score) / (self.highest - self.lowest)
        return round(TOP + min(max(share, 0), 1) * (BOTTOM - TOP), 1)

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """Where levels begin."""
        return tuple(
            Cut(level.name, level.lowest, self.y(level.lowest))
            for level in LEVELS[1:]
            if self.lowest <= level.lowest <= self.highest
        )


def draw(history: AreaHistory) -> HistoryChart:
    """The chart of a history with at least one attempt."""
    course = history.course if len(history.attempts) > 1 else ()
    scores = [(seen.finished_at, seen.reported.low, seen.reported.high) for seen in history.attempts]
    courses = [(step.at, to_scale(step.ability.low), to_scale(step.ability.high)) for step in course]
    axes = axes_around([*scores, *courses])
    upper = [(axes.x(step.at), axes.y(to_scale(step.ability.high))) for step in course]
    lower = [(axes.x(step.at), axes.y(to_scale(step.ability.low))) for step in course]
    return HistoryChart(
        dots=tuple(_dot(seen.finished_at, seen.reported, axes) for seen in history.attempts),
        cuts=axes.cuts,
        ticks=ticks(axes),
        line=points((axes.x(step.at), axes.y(to_scale(step.ability.theta))) for step in course),
        band=points([*upper, *reversed(lower)]),
    )


def axes_around(ranges: Sequence[tuple[datetime, float, float]]) -> Axes:
    """The axes that cover all these intervals, each at its time, and what is near them, and always a level's start."""
    lows, highs = [low for _, low, _ in ranges], [high for _, _, high in ranges]
    times = [at for at, _, _ in ranges]
    return Axes(
        first=min(times),
        last=max(times),
        lowest=max(min(*lows, LEVELS[-1].lowest) - MARGIN, LOWEST),
        highest=min(max(*highs, LEVELS[1].lowest) + MARGIN, HIGHEST),
    )


def _dot(at: datetime, score: Score, axes: Axes) -> Dot:
    return Dot(x=axes.x(at), y=axes.y(score.value), low=axes.y(score.low), high=axes.y(score.high), score=score)


def ticks(axes: Axes) -> tuple[Tick, ...]:
    """The first and the last day and, unless they are close together, the middle; a single day stands alone."""
    if axes.last - axes.first < DAY:
        return (Tick(axes.first, (LEFT + RIGHT) / 2, "middle"),)
    ends = Tick(axes.first, LEFT, "start"), Tick(axes.last, WIDTH, "end")
    if axes.last - axes.first < 3 * DAY:
        return ends
    middle = axes.first + (axes.last - axes.first) / 2
    return ends[0], Tick(middle, axes.x(middle), "middle"), ends[1]


def points(places: Iterable[tuple[float, float]]) -> str:
    """Places as a polyline or a polygon names them."""
    return " ".join(f"{x:g},{y:g}" for x, y in places)
