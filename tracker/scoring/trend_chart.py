"""The geometry of a group's trend: as `history_chart`, but each dot is a mean of people at a month's end."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.assessment.group_figures import TrendPoint
from tracker.scoring.history_chart import HEIGHT, LEFT, WIDTH, Cut, Tick, axes_around, points, ticks


@dataclass(frozen=True, slots=True)
class TrendDot:
    """A month's mean; `low` and `high` are where its interval ends."""

    x: float
    y: float
    low: float
    high: float
    point: TrendPoint


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A trend to draw; `line` and `band` are points of a polyline and a polygon."""

    dots: tuple[TrendDot, ...]
    cuts: tuple[Cut, ...]
    ticks: tuple[Tick, ...]
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
        ticks=ticks(axes),
        line=points((axes.x(one.month), axes.y(one.value)) for one in trend),
        band=points([*upper, *reversed(lower)]),
    )
