"""The figures as a page, docs/benchmarks-scoring.md, from the text in scoring.md, and a plot beside it."""

import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.scoring import ability as abilities
from benchmarks.scoring import aims
from benchmarks.scoring import calibration as calibrations
from benchmarks.scoring import selection as selections
from tracker.config import ROOT

FILE = ROOT / "docs" / "benchmarks-scoring.md"
PLOT = ROOT / "docs" / "images" / "benchmarks-calibration.svg"
TEXT = Path(__file__).with_name("scoring.md")
OURS = calibrations.OURS
PACKAGES = ("numpy", "scipy", "mirt", "girth", "catsim")

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 510, 20, 310
RESPONSES, SECONDS = (4, 7), (-3, 2)  # the axes' ends, as powers of ten
COLOURS = ("#2a9d8f", "#1f4e9c", "#c1440e")


def write(
    ability: Sequence[abilities.Row],
    selection: Sequence[selections.Row],
    calibration: Sequence[calibrations.Row],
    *,
    loads: Sequence[float],
) -> str:
    """The whole page."""
    return TEXT.read_text().format(
        day=date.today().isoformat(),  # noqa: DTZ011 -- the day at this machine
        facts="\n".join(f"- {fact}" for fact in _facts(loads)),
        aims=_aims(ability, selection, calibration),
        ability=_table(ability),
        selection=_table(selection),
        calibration=_table(calibration),
        ability_note=_note(abilities),
        selection_note=_note(selections),
        calibration_note=_note(calibrations),
    )


def draw(rows: Iterable[calibrations.Row]) -> str:
    """Our seconds against responses, both logarithmic, a line for each size of the bank."""
    sparse = sorted({(row.items, row.responses, row.seconds) for row in rows if _is_growth(row)})
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12" role="img" aria-label="Seconds a calibration takes against responses">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for power in range(RESPONSES[0], RESPONSES[1] + 1):
        x = _x(10**power)
        parts.append(f'<path d="M {x:.1f},{TOP} V {BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{BOTTOM + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(SECONDS[0], SECONDS[1] + 1):
        y = _y(10.0**power)
        parts.append(f'<path d="M {LEFT},{y:.1f} H {RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    for colour, (items, points) in zip(COLOURS, groupby(sparse, key=lambda point: point[0]), strict=True):
        places = [(_x(responses), _y(seconds)) for _, responses, seconds in points]
        path = " L ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<path d="M {path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
        x, y = places[-1]
        parts.append(f'<text x="{x + 9:.1f}" y="{y + 4:.1f}" fill="{colour}">{items:,} items</text>')
    middle = (LEFT + RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">responses, 20 a person</text>')
    return "\n".join([*parts, "</svg>\n"])


def _aims(
    ability: Sequence[abilities.Row], selection: Sequence[selections.Row], calibration: Sequence[calibrations.Row]
) -> str:
    """What was aimed at and what was reached."""
    lines = [
        [aim.what, aim.wanted, aim.found, "yes" if aim.is_met else "**no**"]
        for aim in aims.judged(ability, selection, calibration)
    ]
    return _as_table(["what", "aim", "measured", "reached"], lines)


def _is_growth(row: calibrations.Row) -> bool:
    return row.program == calibrations.OURS and row.deficit is None


def _x(responses: float) -> float:
    first, last = RESPONSES
    return LEFT + (RIGHT - LEFT) * (math.log10(responses) - first) / (last - first)


def _y(seconds: float) -> float:
    first, last = SECONDS
    return BOTTOM - (BOTTOM - TOP) * (math.log10(seconds) - first) / (last - first)


def _facts(loads: Sequence[float]) -> list[str]:
    return [
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}",
        ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "processes that wanted to run, now and then from the beginning to the end: "
        f"{', '.join(f'{load:.1f}' for load in loads)}; more than the cores make every time worse and every ratio "
        "less sure",
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _note(module: Any) -> str:
    """What a module says of its measurements."""
    return str(module.__doc__).strip()


def _table(rows: Sequence[Any]) -> str:
    """A column for each field of the rows, and what a peer costs beside ours; one in which all is empty is left out."""
    fields = [field for field in rows[0]._fields if any(getattr(row, field) is not None for row in rows)]
    ours = {row.case: row.cost for row in rows if row.program == OURS}
    lines = [[*(_cell(field, getattr(row, field)) for field in fields), _ratio(row, ours)] for row in rows]
    heads = [
        field.replace("_", " ").replace("seconds each", "time each").replace("seconds", "time") for field in fields
    ]
    return _as_table([*heads, "times ours"], lines)


def _as_table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *lines))


def _ratio(row: Any, ours: Mapping[Any, float]) -> str:
    if row.program.startswith(OURS) or row.case not in ours:
        return ""
    return aims.times(row.cost / ours[row.case])


def _cell(field: str, value: Any) -> str:
    if value is None:
        return ""
    if field.startswith(("seconds", "slowest")):
        return aims.duration(value)
    if field == "peak_mib":
        return f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}" if isinstance(value, float) else str(value)
