"""Results as an Excel workbook: members by areas and by topics, assignments, the group's figures, what it means.

Numbers and moments are typed, texts are never formulas or links. Rows are written as they come and not kept in memory.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tracker.formats.columns import SKILL_COLUMNS, Column, Value, ends_in_percent, share_words, values
from tracker.formats.meanings import PERSON_COLUMNS, list_meanings
from tracker.formats.plain_text import writable
from tracker.formats.results import Cell, Line, Results, Skill

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SPREAD_TITLES = (
    *("Area or topic", "Members", "Lower quartile", "Median", "Upper quartile"),
    *("Lower quartile score", "Median score", "Upper quartile score"),
)
WORK_TITLES = ("Assignment", "Opens (UTC)", "Closes (UTC)", "Name", "Address", "State", "Finished (UTC)")
HELD_TITLES = ("Topic", "Misconception", "Members who met it", "Share in %", "Low in %", "High in %")
MONTH_TITLES = ("Area", "Month until", "Members", "Mean score", "Low", "High", "Change")
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
TEXT_WIDTH, NUMBER_WIDTH, MOMENT_WIDTH, MEANING_WIDTH = 24, 13, 17, 90


def to_xlsx(results: Results) -> bytes:
    """The results as a workbook."""
    import xlsxwriter  # no start of the app waits for it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": writable(results.cohort), "author": "Skillmark", "created": results.made_at})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        _write(book.add_worksheet("Members"), _member_titles(results), _member_rows(results), head, moment)
        _write(book.add_worksheet("Topics"), _topic_titles(), _topic_rows(results), head, moment)
        _write(book.add_worksheet("Spread"), SPREAD_TITLES, _spread_rows(results), head, moment)
        _write(book.add_worksheet("Assignments"), WORK_TITLES, _work_rows(results), head, moment)
        _write(book.add_worksheet("Misconceptions"), HELD_TITLES, _held_rows(results), head, moment)
        _write(book.add_worksheet("Months"), MONTH_TITLES, _month_rows(results), head, moment)
        _write_about(book.add_worksheet("About"), list_meanings(results), head)
    return out.getvalue()


def _write(
    sheet: "Worksheet", titles: Sequence[str], rows: Iterable[Sequence[Value]], head: "Format", moment: "Format"
) -> None:
    """A table with its head always in sight, a filter on each column."""
    for at, title in enumerate(titles):
        sheet.set_column(at, at, _width(title))
        sheet.write_string(0, at, title, head)
    sheet.freeze_panes(1, 1)
    last = 0
    for last, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            _write_value(sheet, last, at, value, moment)
    sheet.autofilter(0, 0, last, len(titles) - 1)


def _write_value(sheet: "Worksheet", row: int, at: int, value: Value, moment: "Format") -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, at, value.astimezone(UTC).replace(tzinfo=None), moment)
    elif isinstance(value, int):
        sheet.write_number(row, at, value)
    elif value is not None:
        sheet.write_string(row, at, writable(value))


def _width(title: str) -> int:
    if title in {"Name", "Address", "Topic", "Area or topic", "Area", "Assignment", "Misconception"}:
        return TEXT_WIDTH
    return MOMENT_WIDTH if title.endswith("(UTC)") else NUMBER_WIDTH


def _write_about(sheet: "Worksheet", meanings: Sequence[Column], head: "Format") -> None:
    sheet.set_column(0, 0, TEXT_WIDTH)
    sheet.set_column(1, 1, MEANING_WIDTH)
    for row, (title, meaning) in enumerate(meanings):
        sheet.write_string(row, 0, title, head)
        sheet.write_string(row, 1, writable(meaning))


def _member_titles(results: Results) -> list[str]:
    areas = [skill for skill in results.skills if skill.is_area]
    return [
        *(column.title for column in PERSON_COLUMNS),
        *(f"{area.name} {column.title}" for area in areas for column in SKILL_COLUMNS),
    ]


def _member_rows(results: Results) -> Iterator[list[Value]]:
    for line in results.lines:
        areas = [value for skill, cell in _cells(results, line) if skill.is_area for value in values(skill, cell)]
        yield [line.name, line.address, line.sees.value, line.last_answered, *areas]


def _topic_titles() -> list[str]:
    return ["Name", "Address", "Topic", *(column.title.capitalize() for column in SKILL_COLUMNS)]


def _topic_rows(results: Results) -> Iterator[list[Value]]:
    for line in results.lines:
        for skill, cell in _cells(results, line):
            if not skill.is_area:
                yield [line.name, line.address, skill.name, *values(skill, cell)]


def _spread_rows(results: Results) -> Iterator[list[Value]]:
    for skill, spread in zip(results.skills, results.spreads, strict=True):
        yield [skill.name, spread.members, *(spread.levels or (None,) * 3), *(spread.values or (None,) * 3)]


def _work_rows(results: Results) -> Iterator[list[Value]]:
    for work in results.works:
        for one in work.learners:
            yield [work.name, work.opens_at, work.closes_at, one.name, one.address, one.state, one.finished_at]


def _held_rows(results: Results) -> Iterator[list[Value]]:
    for held in results.figures.held:
        yield [held.topic, held.name, held.share.n, share_words(held.share), *ends_in_percent(held.share)]


def _month_rows(results: Results) -> Iterator[list[Value]]:
    for month in results.figures.months:
        point = month.point
        yield [month.area, point.last_day.isoformat(), point.n, point.value, point.low, point.high, point.change]


def _cells(results: Results, line: Line) -> Iterator[tuple[Skill, Cell]]:
    return zip(results.skills, line.cells, strict=True)
