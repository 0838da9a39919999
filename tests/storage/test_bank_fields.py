"""Reading a table field by field: every fault is gathered, named by file and field, and a stand-in is given."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.storage.bank_fields import Fields, read_toml

A_MISTAKE: list[Any] = [5, True, ["x"], {"x": 1}, None]


@pytest.fixture
def faults() -> list[str]:
    return []


def a_table(faults: list[str], **table: Any) -> Fields:
    return Fields(table, "items/a.toml", faults)


def test_a_sound_table_has_no_faults(faults: list[str]) -> None:
    table = a_table(faults, name="Ada", tags=["x"], level=3, share=0.5, is_key=True, page="https://example.org")

    assert table.text("name") == "Ada"
    assert table.texts("tags", among=["x", "y"]) == ("x",)
    assert table.whole("level", 1, 5) == 3
    assert table.number("share") == 0.5
    assert table.flag("is_key") is True
    assert table.url("page") == "https://example.org"
    table.done()
    assert faults == []


@pytest.mark.parametrize("value", [*A_MISTAKE, "", "  "])
def test_a_text_must_be_there_and_say_something(faults: list[str], value: object) -> None:
    assert a_table(faults, name=value).text("name") == ""
    assert faults == ["items/a.toml: name: a text is needed"]


def test_a_text_with_a_default_may_be_absent_or_empty_but_never_something_else(faults: list[str]) -> None:
    assert a_table(faults).text("unit", "") == ""
    assert a_table(faults, unit="").text("unit", "") == ""
    assert faults == []

    a_table(faults, unit=5).text("unit", "")
    assert faults == ["items/a.toml: unit: a text is needed"]


@pytest.mark.parametrize("value", ["x", 5, [5], ["x", ""], {"x": "y"}])
def test_a_list_of_texts_holds_nothing_else(faults: list[str], value: object) -> None:
    assert a_table(faults, tags=value).texts("tags") == ()
    assert faults == ["items/a.toml: tags: a list of texts is needed"]


def test_every_text_outside_the_choice_is_named(faults: list[str]) -> None:
    a_table(faults, areas=["x", "p", "q"]).texts("areas", among=["x", "y"])

    assert faults == ["items/a.toml: areas: p is none of: x, y", "items/a.toml: areas: q is none of: x, y"]


def test_a_list_too_short_says_how_many_are_needed(faults: list[str]) -> None:
    a_table(faults, facts=["x"]).texts("facts", at_least=2)
    a_table(faults).texts("facts", at_least=2)

    assert faults == ["items/a.toml: facts: at least 2 needed"] * 2


@pytest.mark.parametrize("value", [*A_MISTAKE, "three"])
def test_a_choice_is_one_of_those_offered(faults: list[str], value: object) -> None:
    assert a_table(faults, type=value).one_of("type", ["one", "two"]) == "one"
    assert faults == ["items/a.toml: type: must be one of: one, two"]


@pytest.mark.parametrize("value", ["http://example.org", "javascript:alert(1)", "ftp://x", "//x", " https://x"])
def test_an_address_is_https_and_nothing_else(faults: list[str], value: str) -> None:
    a_table(faults, url=value).url("url")

    assert faults == ["items/a.toml: url: an https:// address is needed"]


@pytest.mark.parametrize("value", [0, 6, 3.0, "3", True, None])
def test_a_whole_number_lies_within_its_bounds(faults: list[str], value: object) -> None:
    assert a_table(faults, level=value).whole("level", 1, 5) == 1
    assert faults == ["items/a.toml: level: a whole number from 1 to 5 is needed"]


@pytest.mark.parametrize("value", ["3", True, None, float("nan"), float("inf"), float("-inf")])
def test_a_number_is_finite_and_no_flag(faults: list[str], value: object) -> None:
    assert a_table(faults, answer=value).number("answer") == 0
    assert faults == ["items/a.toml: answer: a number is needed"]


@pytest.mark.parametrize("value", ["true", 1, 0])
def test_a_flag_is_true_or_false(faults: list[str], value: object) -> None:
    assert a_table(faults, key=value).flag("key") is False
    assert faults == ["items/a.toml: key: must be true or false"]


def test_a_table_in_a_table_says_where_it_stands(faults: list[str]) -> None:
    a_table(faults, source={"url": "x"}).entry("source").text("title")

    assert faults == ["items/a.toml: source: title: a text is needed"]


def test_a_missing_table_is_one_fault_and_not_one_for_each_of_its_fields(faults: list[str]) -> None:
    source = a_table(faults).entry("source")
    source.text("title")
    source.done()

    assert faults == ["items/a.toml: source: a table is needed"]


def test_tables_in_a_list_are_named_by_slug_or_id_or_number(faults: list[str]) -> None:
    tables = a_table(faults, options=[{"slug": "s"}, {"id": "i"}, {}]).tables("options")

    for table in tables:
        table.text("note")

    assert [fault.split(": ")[1] for fault in faults] == ["options[s]", "options[i]", "options[3]"]


@pytest.mark.parametrize(
    ("count", "reason"),
    [(1, "2 to 4 needed, there are 1"), (5, "2 to 4 needed, there are 5"), (0, "2 to 4 needed, there are 0")],
)
def test_too_few_or_too_many_tables_are_counted(faults: list[str], count: int, reason: str) -> None:
    a_table(faults, options=[{}] * count).tables("options", at_least=2, at_most=4)

    assert faults == [f"items/a.toml: options: {reason}"]


def test_a_list_without_an_upper_bound_says_so(faults: list[str]) -> None:
    a_table(faults).tables("areas", at_least=1)

    assert faults == ["items/a.toml: areas: 1 or more needed, there are 0"]


@pytest.mark.parametrize("value", ["x", 5, ["x"], {"id": "x"}])
def test_a_list_of_tables_holds_nothing_else(faults: list[str], value: object) -> None:
    assert a_table(faults, options=value).tables("options") == []
    assert faults == ["items/a.toml: options: a list of tables is needed"]


def test_every_field_that_nobody_asked_for_is_reported(faults: list[str]) -> None:
    table = a_table(faults, name="Ada", nmae="typo", extra=1)
    table.text("name")

    table.done()

    assert faults == ["items/a.toml: extra: there is no such field", "items/a.toml: nmae: there is no such field"]


def test_a_file_that_is_missing_or_no_toml_is_one_fault(tmp_path: Path, faults: list[str]) -> None:
    (tmp_path / "broken.toml").write_text("a = ")
    (tmp_path / "latin.toml").write_bytes('a = "\xe9"'.encode("latin-1"))

    for name in ("missing", "broken", "latin"):
        table = read_toml(tmp_path / f"{name}.toml", root=tmp_path, faults=faults)
        table.text("name")
        table.done()

    assert len(faults) == 3
    assert faults[0] == "missing.toml: the file is missing"
    assert faults[1].startswith("broken.toml: not valid TOML: ")
    assert faults[2].startswith("latin.toml: not valid TOML: ")


def test_a_date_is_a_day_without_time(faults: list[str]) -> None:
    assert a_table(faults, on=date(2026, 11, 22)).date("on") == date(2026, 11, 22)
    assert faults == []

    for value in ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC), None, 5):
        assert a_table(faults, on=value).date("on") == date.min
    assert faults == ["items/a.toml: on: a date such as 2026-11-22 is needed"] * 4


@pytest.mark.parametrize(("value", "text"), [("nil", "nil"), (41, "41"), (0.5, "0.5"), (-1, "-1")])
def test_what_is_typed_may_be_written_as_a_text_or_a_number(faults: list[str], value: object, text: str) -> None:
    assert a_table(faults, answer=value).text_or_number("answer") == text
    assert faults == []


@pytest.mark.parametrize("value", [True, None, [], ""])
def test_anything_else_cannot_be_typed(faults: list[str], value: object) -> None:
    assert a_table(faults, answer=value).text_or_number("answer") == ""
    assert faults == ["items/a.toml: answer: a text is needed"]


def test_a_table_that_may_be_absent_is_found_or_not(faults: list[str]) -> None:
    found = a_table(faults, retired={"reason": "x"}).find_entry("retired")

    assert found
    assert found.text("reason") == "x"
    assert a_table(faults).find_entry("retired") is None
    assert faults == []


def test_an_absent_flag_has_its_default(faults: list[str]) -> None:
    assert a_table(faults).flag("case_sensitive", default=True) is True
    assert a_table(faults, case_sensitive=False).flag("case_sensitive", default=True) is False
