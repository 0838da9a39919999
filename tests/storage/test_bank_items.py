"""One item's file: what it becomes, and what is said about each of its faults."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from tests.storage.bank_files import MULTIPLE, NUMBER, ONE_OF_EACH, SINGLE, TEXT, changed
from tracker.assessment.item import Item, Retirement
from tracker.assessment.item_types import REGISTRY, NumberAnswer
from tracker.assessment.proof import CITED, Proof
from tracker.storage.bank_fields import Fields
from tracker.storage.bank_items import read_item

MISCONCEPTIONS = {"off-by-one"}
NOV_22 = date(2026, 11, 22)


def read(text: str, *, version: str = "0123456789abcdef") -> tuple[Item, list[str]]:
    """The item in this text, and its faults without the file's name."""
    faults: list[str] = []
    item = read_item(
        Fields(tomllib.loads(text), "a.toml", faults),
        item_id="language/syntax/a",
        version=version,
        misconceptions=MISCONCEPTIONS,
    )
    return item, [fault.removeprefix("a.toml: ") for fault in faults]


@pytest.mark.parametrize("text", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_a_sound_item_of_every_type_has_no_faults(text: str) -> None:
    assert read(text)[1] == []


def test_an_item_is_read_with_its_markdown_rendered() -> None:
    item, _ = read(SINGLE)

    assert (item.id, item.topic_id, item.difficulty) == ("language/syntax/a", "language/syntax", 3)
    assert item.stem == "<p>What <em>is</em> it?</p>"
    assert item.explanation == "<p>Because of <code>this</code>.</p>"
    assert (item.source.url, item.source.version) == ("https://docs.python.org/3/", "3.13")
    assert item.proof == Proof(kind=CITED, facts=("One thing.", "Another thing."))


def test_each_type_becomes_its_own_body() -> None:
    bodies = {name: read(text)[0].body for name, text in ONE_OF_EACH.items()}

    assert {name: type(body) for name, body in bodies.items()} == REGISTRY


def test_options_keep_their_order_key_text_and_note() -> None:
    options = read(SINGLE)[0].body.options

    assert [(option.id, option.is_key) for option in options] == [("a", False), ("b", True), ("c", False)]
    assert options[0].text == "<code>a</code>"
    assert options[0].note == "Why a."


def test_a_number_has_answer_tolerance_unit_and_misses() -> None:
    body = read(NUMBER)[0].body

    assert isinstance(body, NumberAnswer)
    assert (body.answer, body.tolerance, body.unit) == (42.0, 0.5, "rows")
    assert [miss.answer for miss in body.misses] == ["41"]


def test_no_token_tells_its_options_id_and_no_two_versions_share_one() -> None:
    options, others = read(SINGLE)[0].body.options, read(SINGLE, version="fedcba")[0].body.options

    tokens = {option.token for option in (*options, *others)}
    assert len(tokens) == 6
    assert all(option.id != option.token for option in options)


def test_html_and_script_links_in_any_text_are_harmless() -> None:
    attack = "<script>alert(1)</script> [x](javascript:alert(1))"
    text = SINGLE.replace("What *is* it?", attack).replace("Because of `this`.", attack).replace("`a`", attack)

    item, faults = read(text.replace("Why a.", attack))

    assert faults == []
    for html in (item.stem, item.explanation, item.body.options[0].text, item.body.options[0].note):
        assert "<script" not in html
        assert "<a" not in html
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("text", "old", "new", "fault"),
    [
        (SINGLE, 'type = "single"', 'type = "essay"',
         "type: must be one of: single, multiple, number, text, output, order, match, gap"),
        (SINGLE, "difficulty = 3", "difficulty = 6", "difficulty: a whole number from 1 to 5 is needed"),
        (SINGLE, 'stem = "What *is* it?"', "", "stem: a text is needed"),
        (SINGLE, "explanation", "explication", "explanation: a text is needed"),
        (SINGLE, "https://docs", "http://docs", "source: url: an https:// address is needed"),
        (SINGLE, ', version = "3.13"', "", "source: version: a text is needed"),
        (SINGLE, 'kind = "cited"', 'kind = "trust me"',
         "proof: kind: must be one of: python, sqlite, postgresql, mongodb, git, pytest, unittest, web, orm, json, "
         "graphql, soap, http, cited"),
        (SINGLE, '"One thing.", ', "", "proof: facts: at least 2 needed"),
        (SINGLE, 'kind = "cited"', 'kind = "python"', "proof: code: a text is needed"),
        (SINGLE, "key = false", "key = true", "options: exactly one must be the key"),
        (SINGLE, "key = true", "key = false", "options: exactly one must be the key"),
        (SINGLE, "key = true", 'key = "yes"', "options[b]: key: must be true or false"),
        (SINGLE, 'id = "a"', 'id = "b"', "options: two have the same id"),
        (SINGLE, 'text = "`a`"', 'text = "`b`"', "options: two have the same text"),
        (SINGLE, 'note = "Why a."', "", "options[a]: note: a text is needed"),
        (SINGLE, 'note = "Why a."', 'note = "Why."\ntext2 = "x"', "options[a]: text2: there is no such field"),
        (SINGLE, 'note = "Why a."', 'note = "Why."\nmisconception = "no-such"',
         "options[a]: misconception: no-such is not in misconceptions.toml"),
        (SINGLE, 'note = "Why b."', 'note = "Why."\nmisconception = "off-by-one"',
         "options[b]: misconception: a key shows none"),
        (MULTIPLE, "key = true", "key = false", "options: at least two keys and at least one distractor are needed"),
        (MULTIPLE, 'type = "multiple"', 'type = "single"', "options: exactly one must be the key"),
        (SINGLE, 'type = "single"', 'type = "multiple"', "options: 4 to 6 needed, there are 3"),
        (NUMBER, "answer = 42", 'answer = "42"', "answer: a number is needed"),
        (NUMBER, "answer = 42", "answer = nan", "answer: a number is needed"),
        (NUMBER, "tolerance = 0.5", "tolerance = -0.5", "answer: 42 would be marked wrong"),
        (NUMBER, "answer = 41", "answer = 42.5", "misses: 42.5 would be marked right"),
        (NUMBER, "answer = 41", 'answer = "many"', "misses: many cannot be typed: Type a number, such as 12 or 0.5."),
        (NUMBER, "answer = 41", "answer = inf", "misses: inf cannot be typed: Type a number, such as 12 or 0.5."),
        (NUMBER, "answer = 41", "answer = true", "misses[1]: answer: a text is needed"),
        (TEXT, '["None", "null"]', "[]", "answers: at least 1 needed"),
        (TEXT, '["None", "null"]', '"None"', "answers: a list of texts is needed"),
        (TEXT, '["None", "null"]', '["a\\nb"]', "answers: 'a\\nb' cannot be typed: Type plain characters on one line."),
        (TEXT, '"nil"', '" NULL "', "misses:  NULL  would be marked right"),
        (TEXT, 'answers = ["None", "null"]', 'answers = ["None"]\ncase_sensitive = "no"',
         "case_sensitive: must be true or false"),
        (TEXT, 'note = "Another language."', "", "misses[1]: note: a text is needed"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_field_with_the_reason(text: str, old: str, new: str, fault: str) -> None:
    _, faults = read(changed(text, old, new))

    assert fault in faults


def test_an_answer_longer_than_the_box_is_a_fault() -> None:
    _, faults = read(changed(TEXT, '"null"', f'"{"x" * 201}"'))

    assert [fault for fault in faults if fault.endswith("Type at most 200 characters.")]


def test_all_faults_of_an_item_are_found_at_once() -> None:
    text = SINGLE.replace("difficulty = 3", "difficulty = 9").replace("https://", "http://").replace("Why c.", "")

    _, faults = read(text + "\nsurprise = 1")

    assert faults == [
        "difficulty: a whole number from 1 to 5 is needed",
        "source: url: an https:// address is needed",
        "options[c]: note: a text is needed",
        "proof: surprise: there is no such field",
    ]


def test_a_case_sensitive_text_may_foresee_the_wrong_case() -> None:
    text = changed(TEXT, 'answers = ["None", "null"]', 'answers = ["None"]\ncase_sensitive = true')

    assert read(changed(text, '"nil"', '"none"'))[1] == []


def test_a_misconception_that_is_known_is_kept() -> None:
    item, faults = read(changed(NUMBER, 'note = "One too few."', 'note = "One."\nmisconception = "off-by-one"'))

    assert faults == []
    assert item.find_misconceptions(("41",)) == ("off-by-one",)


def test_a_proof_may_run_the_stems_code() -> None:
    text = changed(SINGLE, 'kind = "cited"\nfacts = ["One thing.", "Another thing."]', 'kind = "python"\nrun = "stem"')

    item, faults = read(changed(text, "What *is* it?", "What?\\n\\n~~~python\\nprint(1)\\n~~~\\n\\n~~~text\\n2\\n~~~"))

    assert faults == []
    assert item.stem_code == "print(1)\n"
    assert item.proof == Proof(kind="python", code="print(1)\n", runs_stem=True)
    assert read(text)[1] == ["proof: run: the stem has no code to run"]
    assert read(changed(text, '"stem"', '"all"'))[1][0] == "proof: run: must be one of: stem"


def test_a_proof_is_code_or_the_stem_never_both() -> None:
    text = changed(
        SINGLE, 'kind = "cited"\nfacts = ["One thing.", "Another thing."]', 'kind = "git"\ncode = "holds = {}"'
    )

    assert read(text)[0].proof == Proof(kind="git", code="holds = {}")
    assert "proof: code: there is no such field" in read(text + 'run = "stem"')[1]
    assert "proof: facts: there is no such field" in read(text + 'facts = ["a"]')[1]


def test_a_retired_item_says_since_when_why_and_what_took_its_place() -> None:
    text = 'retired = { on = 2026-11-22, reason = "Django 6 changed it." }\n' + SINGLE

    assert read(SINGLE)[0].retired is None
    assert read(text) == (replace(read(SINGLE)[0], retired=Retirement(NOV_22, "Django 6 changed it.", None)), [])
    successor = read(changed(text, " }", ', replaced_by = "language/syntax/b" }'))[0].retired
    assert successor
    assert successor.replaced_by == "language/syntax/b"


@pytest.mark.parametrize(
    ("retired", "fault"),
    [
        ("true", "retired: a table is needed"),
        ("{ on = 2026-11-22 }", "retired: reason: a text is needed"),
        ('{ on = "2026-11-22", reason = "x" }', "retired: on: a date such as 2026-11-22 is needed"),
        ('{ on = 2026-11-22T10:00:00, reason = "x" }', "retired: on: a date such as 2026-11-22 is needed"),
        ('{ on = 2026-11-22, reason = "x", by = "Ada" }', "retired: by: there is no such field"),
    ],
)
def test_a_faulty_retirement_is_named(retired: str, fault: str) -> None:
    assert fault in read(f"retired = {retired}\n" + SINGLE)[1]
