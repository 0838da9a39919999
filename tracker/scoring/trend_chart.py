"""The geometry of a group's trend: as `history_chart`, but each dot is a mean of people at a month's end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.assessment.group_figures import TrendPoint
from tracker.scoring.history_chart import HEIGHT, LEFT, RIGHT, WIDTH, Axes, Cut, axes_around, points


@dataclass(frozen=True, slots=True)
class TrendDot:
    """A month's mean; `low` and `high` are where its interval ends."""

    x: float
    y: float
    low: float
    high: float
    point: TrendPoint


@dataclass(frozen=True, slots=True)
class TrendTick:
    """A month that is named on the axis."""

    point: TrendPoint
    x: float
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A trend to draw; `line` and `band` are points of a polyline and a polygon."""

    dots: tuple[TrendDot, ...]
    cuts: tuple[Cut, ...]
    ticks: tuple[TrendTick, ...]
    line: str
    band: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def draw(trend: Sequence[TrendPoint]) -> TrendChart:
    """The chart of a trend with at least one point."""
    axes = axes_around([(one.month, one.low, one.high) for one in trend])
    upper = [(axes.x(one.month), axes.y(one.high)) for one in trend]
    lower = [(axes.x(one.month), axes.y(one.low)) for one in trend]
    return TrendChart(
        dots=tuple(
            TrendDot(axes.x(one.month), axes.y(one.value), low, high, one)
            for one, (_, low), (_, high) in zip(trend, lower, upper, strict=True)
        ),
        cuts=axes.cuts,
        ticks=_ticks(trend, axes),
        line=points((axes.x(one.month), axes.y(one.value)) for one in trend),
        band=points([*upper, *reversed(lower)]),
    )


def _ticks(trend: Sequence[TrendPoint], axes: Axes) -> tuple[TrendTick, ...]:
    """The first and the last month, and the one nearest the middle where there is room; one alone stands there."""
    middle = (LEFT + RIGHT) / 2
    if len(trend) == 1:
        return (TrendTick(trend[0], middle, "middle"),)
    near = [one for one in trend if abs(axes.x(one.month) - middle) < (RIGHT - LEFT) / 6]
    between = sorted(near, key=lambda one: abs(axes.x(one.month) - middle))[:1]
    return (
        TrendTick(trend[0], LEFT, "start"),
        *(TrendTick(one, axes.x(one.month), "middle") for one in between),
        TrendTick(trend[-1], WIDTH, "end"),
    )
