"""Families in files: which variants there are, and what each says."""

import tomllib
from typing import Any

import pytest

from tracker.storage.bank_fields import Fields
from tracker.storage.families import FamilyTable, evaluate, read_family

SUMS = """
type = "number"
answer = "<<total>>"
stem = "What is `sum(range(<<stop>>))`?"
misses = [{ answer = "<<stop>>", note = "That is where it stops." }]

[family.parameters]
stop = { from = 3, to = 10 }

[family.computed]
total = "sum(range(stop))"
"""


def read(text: str) -> tuple[FamilyTable, list[str]]:
    faults: list[str] = []
    table = read_family(Fields(tomllib.loads(text), "a.toml", faults))
    return table, [fault.removeprefix("a.toml: family: ") for fault in faults]


def variants(text: str) -> list[dict[str, Any]]:
    table, faults = read(text)
    assert faults == []
    return [table.variant(surface) for surface in table.combinations]


def test_a_range_gives_a_variant_for_each_number_with_both_ends() -> None:
    assert [variant["answer"] for variant in variants(SUMS)] == [3, 6, 10, 15, 21, 28, 36, 45]


def test_placeholders_are_filled_in_every_text_however_deep() -> None:
    first = variants(SUMS)[0]

    assert first["stem"] == "What is `sum(range(3))`?"
    assert first["misses"] == [{"answer": "3", "note": "That is where it stops."}]
    assert "family" not in first


def test_lists_are_combined_and_a_constraint_shuts_combinations_out() -> None:
    text = SUMS.replace("to = 10 }", 'to = 7, step = 2 }\nword = ["fig", "pear", "plum"]').replace(
        "[family.parameters]", '[family]\nconstraint = "len(word) != stop"\n[family.parameters]'
    )

    table, faults = read(text)

    assert faults == []
    pairs = [(values["stop"], values["word"]) for values in table.combinations.values()]
    assert pairs == [
        (3, "pear"),
        (3, "plum"),
        (5, "fig"),
        (5, "pear"),
        (5, "plum"),
        (7, "fig"),
        (7, "pear"),
        (7, "plum"),
    ]


def test_a_computed_value_may_use_those_above_it() -> None:
    text = SUMS + 'double = "total * 2"\n'

    assert variants(text.replace('"<<total>>"', '"<<double>>"'))[0]["answer"] == 6


def test_a_surface_is_the_same_however_the_rest_of_the_file_changes() -> None:
    before, _ = read(SUMS)
    after, _ = read(SUMS.replace("What is", "What does it give:"))

    assert list(before.combinations) == list(after.combinations)
    assert len(set(before.combinations)) == 8


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("to = 10", "to = 4", "parameters: 6 to 40 variants needed, there are 2"),
        ("to = 10", "to = 90", "parameters: 6 to 40 variants needed, there are 88"),
        ("{ from = 3, to = 10 }", "3", "parameters: stop: a list, or a table with from and to, is needed"),
        ("to = 10", "to = 10, by = 2", "parameters: stop: by: there is no such field"),
        ("[family.computed]", "[family.computed]\nwrong = 3", "computed: wrong: a text with an expression is needed"),
        ("[family.parameters]", '[family]\nwhen = "x"\n[family.parameters]', "when: there is no such field"),
        (
            "[family.parameters]",
            '[family]\nconstraint = "stopp > 3"\n[family.parameters]',
            "constraint: stopp > 3 cannot be computed: 'stopp' is not defined for expression 'stopp > 3'",
        ),
    ],
)
def test_a_fault_of_a_family_is_named(old: str, new: str, fault: str) -> None:
    assert fault in read(SUMS.replace(old, new))[1]


def test_too_many_combinations_are_a_fault_before_any_is_made() -> None:
    wide = SUMS.replace("to = 10 }", "to = 900 }\nother = { from = 1, to = 900 }")

    assert "parameters: at most 1000 combinations, there are 808200" in read(wide)[1]


def test_a_placeholder_that_nothing_fills_is_named() -> None:
    table, _ = read(SUMS.replace("<<stop>>", "<<stopp>>"))

    with pytest.raises(ValueError, match="<<stopp>> is neither a parameter nor computed"):
        table.variant(next(iter(table.combinations)))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("', '.join(str(n) for n in range(stop))", "0, 1, 2"),
        ("repr('pear'.upper())", "'PEAR'"),
        ("sorted({3, 1} | {stop})[::-1]", [3, 1]),
        ("{word: len(word) for word in ['a', 'bc']}", {"a": 1, "bc": 2}),
        ("'odd' if stop % 2 else 'even'", "odd"),
    ],
)
def test_expressions_are_plain_python(expression: str, value: object) -> None:
    assert evaluate(expression, {"stop": 3}) == value


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')",
        "open('x')",
        "().__class__",
        "'{0.__class__}'.format(1)",
        "exec('1')",
        "9**9**9",
        "(lambda: 1)()",
    ],
)
def test_expressions_reach_nothing_but_values(expression: str) -> None:
    with pytest.raises(ValueError, match="cannot be computed"):
        evaluate(expression, {})
