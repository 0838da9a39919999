"""Results as CSV (RFC 4180, UTF-8 with its mark): one line a member, ten columns an area and a topic."""

import csv
import io
from datetime import datetime

from tracker.formats.columns import SKILL_COLUMNS, Value, values
from tracker.formats.meanings import PERSON_COLUMNS
from tracker.formats.plain_text import plain
from tracker.formats.results import Line, Results, Skill


def to_csv(results: Results) -> bytes:
    """The results as CSV; cells that a spreadsheet could run as formulas are made plain text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_titles(results))
    for line in results.lines:
        writer.writerow(_cells(results.skills, line))
    return out.getvalue().encode("utf-8-sig")


def _titles(results: Results) -> list[str]:
    of_skills = [f"{skill.name} {column.title}" for skill in results.skills for column in SKILL_COLUMNS]
    return [*(column.title for column in PERSON_COLUMNS), *of_skills]


def _cells(skills: tuple[Skill, ...], line: Line) -> list[str]:
    of_person = [plain(line.name), plain(line.address), line.sees.value, _text(line.last_answered)]
    of_skills = [_text(value) for skill, cell in zip(skills, line.cells, strict=True) for value in values(skill, cell)]
    return of_person + of_skills


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
