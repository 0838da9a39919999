"""Results as a workbook, read back by openpyxl, which did not write it; also by LibreOffice where that is there."""

import csv
import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from tests.formats.builders import SKILLS, a_cell, a_line, in_words, some_figures, some_results, some_work
from tracker.assessment.sees import Sees
from tracker.formats.columns import SKILL_COLUMNS
from tracker.formats.plain_text import writable
from tracker.formats.results import Results
from tracker.formats.xlsx_file import to_xlsx
from tracker.scoring.spread import Spread

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
NASTY = [
    "=1+1",
    "+1",
    "@SUM(A1)",
    "https://example.org",
    "internal:Sheet1!A1",
    "0123",
    "a\x00b\x0b",
    "שלום",
    "👩🏽‍💻",
    " x ",
]


def read(results: Results) -> Workbook:
    return load_workbook(io.BytesIO(to_xlsx(results)))


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


def test_it_has_sheets_whose_heads_stay_in_sight_and_can_be_filtered() -> None:
    book = read(some_results(a_line("Ada"), a_line("Ben")))

    *tables, about = book.sheetnames
    assert tables == ["Members", "Topics", "Spread", "Assignments", "Misconceptions", "Months"]
    assert [book[name].freeze_panes for name in tables] == ["B2"] * len(tables)
    assert (about, book[about].freeze_panes) == ("About", None)
    assert book["Members"].auto_filter.ref == "A1:X3"
    assert book["Topics"].auto_filter.ref == "A1:M3"
    assert book["Members"].column_dimensions["A"].width > 20


def test_numbers_and_moments_are_typed() -> None:
    (row,) = rows_of(read(some_results())["Members"])

    assert row["Last answer (UTC)"] == datetime(2026, 11, 2, 11)  # noqa: DTZ001 -- workbooks know no zones
    assert (row["Databases score"], row["Databases low"], row["Databases answers"]) == (480, 380, 12)
    assert (row["Databases level"], row["Databases target"], row["Databases against target"]) == (
        *("Developing", "Expert"),
        "below, sure",
    )
    assert (row["Essential Tools level"], row["Essential Tools score"]) == ("not enough evidence yet", None)


def test_the_sheet_of_topics_has_a_row_for_each_member_and_topic() -> None:
    rows = rows_of(read(some_results(a_line("Ada"), a_line("Ben")))["Topics"])

    assert [(row["Name"], row["Topic"], row["Score"], row["Answers"]) for row in rows] == [
        ("Ada", "Databases: SQLAlchemy", 500, 2),
        ("Ben", "Databases: SQLAlchemy", 500, 2),
    ]


def test_a_member_who_let_the_leads_see_levels_has_words_and_no_number_of_a_score() -> None:
    book = read(some_results(a_line(sees=Sees.LEVELS, cells=tuple(a_cell(in_words()) for _ in SKILLS))))

    (row,) = rows_of(book["Members"])
    assert (row["Leads see"], row["Databases level"], row["Databases highest level"]) == (
        *("levels", "Developing"),
        "Proficient",
    )
    told = [value for sheet in ("Members", "Topics") for one in rows_of(book[sheet]) for value in one.values()]
    assert {value for value in told if isinstance(value, int)} == {12}


def test_the_spread_is_told_in_words_and_numbers_or_not_at_all() -> None:
    told = Spread("databases", 5, ("Foundation", "Developing", "Proficient"), (400, 480, 555))
    withheld = [Spread(skill.id, 4, None, None) for skill in SKILLS[1:]]

    first, second, _third = rows_of(read(some_results(spreads=(told, *withheld)))["Spread"])

    assert list(first.values()) == ["Databases", 5, "Foundation", "Developing", "Proficient", 400, 480, 555]
    assert list(second.values()) == ["Databases: SQLAlchemy", 4, *[None] * 6]


def test_assignments_have_a_row_for_each_learner() -> None:
    ada, ben = rows_of(read(some_results(works=(some_work(),)))["Assignments"])

    assert [ada[title] for title in ("Assignment", "Name", "State")] == ["Databases", "Ada", "finished"]
    assert (ada["Closes (UTC)"], ada["Finished (UTC)"]) == (
        datetime(2026, 11, 1, 12),  # noqa: DTZ001
        datetime(2026, 10, 31, 12),  # noqa: DTZ001
    )
    assert (ben["State"], ben["Finished (UTC)"]) == ("late", None)


def test_group_figures_are_those_that_were_told() -> None:
    book = read(some_results(figures=some_figures()))

    assert [list(row.values())[2:] for row in rows_of(book["Misconceptions"])] == [
        [9, 33, 15, 59],
        [9, "at most one of 9", 0, 34],
    ]
    (month,) = rows_of(book["Months"])
    assert list(month.values()) == ["Databases", "2026-10-31", 7, 480, 430, 530, "risen"]


def test_every_column_is_explained_with_when_it_was_made() -> None:
    about = {row[0]: row[1] for row in read(some_results())["About"].iter_rows(values_only=True)}

    assert about["Made at (UTC)"].startswith("2026-11-02 12:00.")
    assert about["Cohort"] == "Guild"
    assert {"Name", "Address", "Leads see", *(column.title for column in SKILL_COLUMNS)} <= about.keys()


def test_no_text_is_a_formula_or_a_link() -> None:
    book = read(some_results(*(a_line(name, address=name) for name in NASTY), cohort="=1+1"))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert [row["Name"] for row in rows_of(book["Members"])] == [writable(name) for name in NASTY]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=80).filter(bool), min_size=1, max_size=5))
@example(["_x0041_", "\x00", "\ufffe", "\r\n"])
def test_whatever_people_are_called_the_file_opens_and_says_the_same(names: list[str]) -> None:
    rows = rows_of(read(some_results(*(a_line(name) for name in names)))["Members"])

    assert [unescape(str(row["Name"])) for row in rows] == [writable(name) for name in names]
    assert {row["Address"] for row in rows} == {"ada@example.org"}


@pytest.mark.skipif(OFFICE is None, reason="an addition: LibreOffice, which opens it too, is not on this machine")
def test_in_addition_to_the_library_libreoffice_opens_it_where_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "cohort.xlsx").write_bytes(to_xlsx(some_results(*(a_line(name) for name in NASTY))))

    subprocess.run(
        [str(OFFICE), "--headless", "--convert-to", "csv", "--outdir", tmp_path, tmp_path / "cohort.xlsx"],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        timeout=120,
    )

    with (tmp_path / "cohort.csv").open(encoding="utf-8", newline="") as file:
        assert [row["Name"].strip() for row in csv.DictReader(file)] == [writable(name).strip() for name in NASTY]
