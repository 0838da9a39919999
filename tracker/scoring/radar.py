"""The radar's geometry: where everything stands in an SVG whose y axis points down. Drawing is the template's work.

An area without enough evidence has no vertex: the line and the band are broken there, so that the shape never
claims the lowest score for what is merely unknown. Between neighbours that both have evidence they run on; an area
between two unknown ones keeps its dot and its interval along the axis.

Almost nobody is below 200 or above 800: the axes run between these, and what lies beyond is drawn at their ends.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tracker.assessment.score import Score
from tracker.scoring.levels import LEVELS

WIDTH, HEIGHT = 520, 400
RADIUS = 150
LABEL_DISTANCE = 166
INNERMOST, OUTERMOST = 200, 800


class Point(NamedTuple):
    """A place in the drawing."""

    x: float
    y: float


CENTRE = Point(WIDTH / 2, 210)


@dataclass(frozen=True, slots=True)
class Axis:
    """One area's axis. `vertex`, `low` and `high` are the score's and its interval's places, None without evidence."""

    name: str
    score: Score
    end: Point
    label: Point
    anchor: Literal["start", "middle", "end"]
    vertex: Point | None
    low: Point | None
    high: Point | None


@dataclass(frozen=True, slots=True)
class Ring:
    """Where a level begins, as a polygon."""

    level: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """A radar to draw. `line` and `band` are path data; the band is to be filled by the even-odd rule."""

    axes: tuple[Axis, ...]
    rings: tuple[Ring, ...]
    line: str
    band: str
    centre: Point = CENTRE
    width: int = WIDTH
    height: int = HEIGHT
    innermost: int = INNERMOST
    outermost: int = OUTERMOST


def draw(scores: Sequence[tuple[str, Score]]) -> Radar:
    """The radar of at least three areas, each a name and its score, clockwise from the top."""
    count = len(scores)
    axes = tuple(_axis(name, score, 2 * math.pi * at / count) for at, (name, score) in enumerate(scores))
    rings = tuple(
        Ring(level.name, tuple(_place(level.lowest, 2 * math.pi * at / count) for at in range(count)))
        for level in LEVELS[1:]
    )
    return Radar(axes=axes, rings=rings, line=_line(axes), band=_band(axes))


def _axis(name: str, score: Score, angle: float) -> Axis:
    label = _polar(LABEL_DISTANCE, angle)
    aside = label.x - CENTRE.x
    return Axis(
        name=name,
        score=score,
        end=_polar(RADIUS, angle),
        label=label,
        anchor="middle" if abs(aside) < 1 else "start" if aside > 0 else "end",
        vertex=_place(score.value, angle) if score.is_enough else None,
        low=_place(score.low, angle) if score.is_enough else None,
        high=_place(score.high, angle) if score.is_enough else None,
    )


def _line(axes: Sequence[Axis]) -> str:
    close = " Z" if _is_whole(axes) else ""
    return " ".join(_path([axis.vertex for axis in run]) + close for run in _runs(axes))


def _band(axes: Sequence[Axis]) -> str:
    if _is_whole(axes):
        return f"{_path([axis.high for axis in axes])} Z {_path([axis.low for axis in axes])} Z"
    return " ".join(
        _path([*(axis.high for axis in run), *(axis.low for axis in reversed(run))]) + " Z" for run in _runs(axes)
    )


def _is_whole(axes: Sequence[Axis]) -> bool:
    return all(axis.vertex for axis in axes)


def _runs(axes: Sequence[Axis]) -> list[list[Axis]]:
    """Neighbours, around the circle, that all have evidence, two or more at a time."""
    if _is_whole(axes):
        return [list(axes)]
    gap = next(at for at, axis in enumerate(axes) if not axis.vertex)
    runs: list[list[Axis]] = [[]]
    for axis in (*axes[gap:], *axes[:gap]):
        if axis.vertex:
            runs[-1].append(axis)
        else:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _path(points: Sequence[Point | None]) -> str:
    return "M " + " L ".join(f"{point.x:g},{point.y:g}" for point in points if point)


def _place(score: int, angle: float) -> Point:
    share = (score - INNERMOST) / (OUTERMOST - INNERMOST)
    return _polar(RADIUS * min(max(share, 0), 1), angle)


def _polar(distance: float, angle: float) -> Point:
    return Point(
        round(CENTRE.x + distance * math.sin(angle), 1),
        round(CENTRE.y - distance * math.cos(angle), 1),
    )
