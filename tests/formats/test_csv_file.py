"""Results as CSV, read back by Python's own reader."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.builders import SKILLS, a_cell, a_line, in_words, some_results
from tracker.assessment.sees import Sees
from tracker.formats.columns import SKILL_COLUMNS
from tracker.formats.csv_file import to_csv
from tracker.formats.plain_text import plain
from tracker.formats.results import Results


def read(results: Results) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(results).decode("utf-8-sig"), newline=""), strict=True))


def read_first(results: Results) -> dict[str, str]:
    titles, line = read(results)
    return dict(zip(titles, line, strict=True))


def test_it_begins_with_the_mark_of_utf_8_and_ends_lines_as_the_standard_says() -> None:
    written = to_csv(some_results())

    assert written.startswith(b"\xef\xbb\xbfName,Address,Leads see,Last answer (UTC),Databases level,")
    assert written.count(b"\r\n") == written.count(b"\n") == 2


def test_it_has_a_line_a_member_with_ten_columns_an_area_and_a_topic() -> None:
    titles, *lines = read(some_results(a_line("Ada"), a_line("Ben")))

    assert len(titles) == len(set(titles)) == 4 + len(SKILL_COLUMNS) * len(SKILLS)
    assert [line[0] for line in lines] == ["Ada", "Ben"]
    assert {len(line) for line in lines} == {len(titles)}


def test_a_member_who_let_the_leads_see_scores_has_numbers() -> None:
    line = read_first(some_results())

    assert (line["Address"], line["Leads see"], line["Last answer (UTC)"]) == (
        "ada@example.org",
        "scores",
        "2026-11-02 11:00",
    )
    assert {title: line[f"Databases {title}"] for title in (column.title for column in SKILL_COLUMNS)} == {
        "level": "Developing",
        "lowest level": "Foundation",
        "highest level": "Proficient",
        "score": "480",
        "low": "380",
        "high": "575",
        "answers": "12",
        "last answer (UTC)": "2026-11-02 11:00",
        "target": "Expert",
        "against target": "below, sure",
    }
    assert line["Databases: SQLAlchemy against target"] == ""


def test_a_member_who_let_them_see_levels_has_words_and_no_number_of_a_score() -> None:
    cells = tuple(a_cell(in_words()) for _ in SKILLS)
    line = read_first(some_results(a_line(sees=Sees.LEVELS, cells=cells)))

    assert [line[f"Databases {title}"] for title in ("level", "score", "low", "high")] == ["Developing", "", "", ""]
    assert not [value for title, value in line.items() if value.isdecimal() and not title.endswith(" answers")]


def test_where_too_little_is_known_it_says_so_and_nothing_more() -> None:
    line = read_first(some_results())

    assert line["Essential Tools level"] == "not enough evidence yet"
    assert line["Essential Tools answers"] == "2"
    assert {line[f"Essential Tools {title}"] for title in ("lowest level", "highest level", "score", "low")} == {""}


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "\t=1", "\uff1d1", '=HYPERLINK("x")'])
def test_no_cell_of_a_person_can_be_taken_for_a_formula(name: str) -> None:
    _titles, line = read(some_results(a_line(name, address="=cmd@example.org")))

    assert line[:2] == [f"'{name}", "'=cmd@example.org"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=5))
def test_whatever_people_are_called_the_file_says_the_same(names: list[str]) -> None:
    _titles, *lines = read(some_results(*(a_line(name) for name in names)))

    assert [line[0] for line in lines] == [plain(name) for name in names]
    assert all(line[1:3] == ["ada@example.org", "scores"] for line in lines)
