"""How an item is written: what the gates find, and what they leave alone."""

import pytest

from tests.assessment.quality.drafts import a_draft, choices
from tracker.assessment.proof import Proof
from tracker.assessment.quality.draft import Draft
from tracker.assessment.quality.writing import judge_writing


def reasons(draft: Draft) -> list[str]:
    return [f"{finding.field}: {finding.reason}" for finding in judge_writing(draft)]


def code(language: str, text: str) -> Draft:
    return a_draft(stem=f"What is it?\n\n~~~{language}\n{text}\n~~~\n")


def test_a_sound_draft_has_no_findings() -> None:
    assert reasons(a_draft()) == []


def test_a_stem_of_more_than_90_words_is_too_long_however_much_code_stands_beside_it() -> None:
    code_only = a_draft(stem="What is it?\n\n~~~text\n" + "word " * 200 + "\n~~~\n")

    assert reasons(code_only) == []
    assert "stem: 91 words, at most 90 beside the code" in reasons(a_draft(stem="One word. " * 45 + "More."))


def test_more_than_20_lines_of_code_are_too_many() -> None:
    assert reasons(code("python", "x = 1\n" * 19 + "x = 1")) == []
    assert reasons(code("python", "x = 1\n" * 20 + "x = 1")) == ["stem: 21 lines of code, at most 20"]


def test_a_very_long_sentence_is_only_warned_of() -> None:
    [finding] = judge_writing(a_draft(stem="word " * 40 + "end."))

    assert finding.reason == "a sentence of 41 words, better at most 32"
    assert not finding.is_error


@pytest.mark.parametrize("text", ["All of the above", "none of these options", "Both of the others", "See option B"])
def test_an_option_must_not_lean_on_the_others(text: str) -> None:
    [reason] = reasons(a_draft(choices=choices("It adds", text, "It joins")))

    assert reason.endswith("options are shuffled, and each must stand alone")


@pytest.mark.parametrize(
    ("language", "text"),
    [("python", "print("), ("json", "{'a': 1}"), ("toml", "a = "), ("xml", "<a><b></a>")],
)
def test_a_code_block_must_parse_as_what_it_claims_to_be(language: str, text: str) -> None:
    [reason] = reasons(code(language, text))

    assert reason.startswith(f"code: a {language} block does not parse (")
    assert reasons(code("text", text)) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("python", "value = GAP1(3)"), ("json", '{"a": 1}'), ("toml", "a = 1"), ("xml", "<a><b/></a>"), ("sql", "SELEC")],
)
def test_code_that_parses_or_that_nothing_here_can_parse_is_left_alone(language: str, text: str) -> None:
    assert reasons(code(language, text)) == []


def test_a_block_in_an_option_is_read_too() -> None:
    broken = choices("no", "~~~python\nfor\n~~~", "yes")

    assert len(reasons(a_draft(choices=broken))) == 1


def test_a_key_that_is_by_far_the_longest_is_warned_of() -> None:
    long_key = choices("It adds both of the numbers and gives the sum", "It joins both numbers", "It fails at once")

    [finding] = judge_writing(a_draft(choices=long_key))

    assert finding.reason == "the key is by far the longest"
    assert not finding.is_error
    assert reasons(a_draft(choices=choices("short", "It joins both numbers", "It fails"))) == []


@pytest.mark.parametrize(
    "written",
    [
        "holds = {'a': True, 'b': False}",
        "value = 3",
        "matches = {'p': {'a'}, 'q': {'b'}}",
        "if 1 + 1 == 2:\n    holds = {'a': True}",
    ],
)
def test_a_proof_that_writes_its_result_down_proves_nothing(written: str) -> None:
    draft = a_draft(proof=Proof(kind="python", code=written))

    assert reasons(draft) == ["proof: code: writes its result down instead of measuring it"]


@pytest.mark.parametrize(
    "measured",
    [
        "value = len('abc')",
        "holds = {}\nholds['a'] = 1 == 1",
        "total = 0\nvalue = total",
        "value = None\nvalue = 1 + 1",
    ],
)
def test_a_proof_that_measures_is_left_alone(measured: str) -> None:
    assert reasons(a_draft(proof=Proof(kind="python", code=measured))) == []


def test_a_proof_that_does_not_parse_is_found_before_it_is_run() -> None:
    [reason] = reasons(a_draft(proof=Proof(kind="python", code="holds = ")))

    assert reason.startswith("proof: code: does not parse")


def test_the_code_of_a_stem_that_proves_itself_is_no_proof_code() -> None:
    assert reasons(a_draft(proof=Proof(kind="python", code="value = 3\nprint(value)", runs_stem=True))) == []
