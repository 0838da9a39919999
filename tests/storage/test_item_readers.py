"""What the files of the newer types become, and what is said about each of their faults."""

import pytest

from tests.storage.bank_files import GAP, MATCH, ORDER, OUTPUT, changed
from tests.storage.test_bank_items import read
from tracker.assessment.item_types import GapFill, LineOrder, OutputAnswer, PairMatch

LINES = "\n".join(["1"] * 10 + ["KeyError"])
OVERLONG = f"answer: {LINES!r} cannot be typed: Type at most 10 lines."


def test_an_output_has_its_answer_and_misses() -> None:
    body = read(OUTPUT)[0].body

    assert isinstance(body, OutputAnswer)
    assert body.accepted == ("1\nKeyError",)
    assert [miss.answer for miss in body.misses] == ["1"]


def test_an_order_has_lines_with_their_indentation_and_distractors_with_their_place() -> None:
    body = read(ORDER)[0].body

    assert isinstance(body, LineOrder)
    assert body.key == ("a", "b", "c")
    assert body.lines[1].plain == "    rows = list(file)\n    rows.sort()"
    assert body.lines[1].text.startswith('<code class="code">    <span')
    (distractor,) = body.distractors
    assert (distractor.option.plain, distractor.instead_of) == ("rows = list(file)", "b")
    assert distractor.option.note == "The file is closed."


def test_a_match_has_prompts_with_keys_and_options_without_backticks_for_the_list() -> None:
    body = read(MATCH)[0].body

    assert isinstance(body, PairMatch)
    assert [(prompt.text, prompt.key, prompt.note) for prompt in body.prompts] == [
        ("Prompt <em>one</em>", "a", "Why a."),
        ("Prompt <em>two</em>", "b", "Why b."),
        ("Prompt <em>three</em>", "b", "Why b."),
    ]
    assert [(option.id, option.text, option.plain, option.note) for option in body.options] == [
        ("a", "<code>a</code>", "a", "Why a."),
        ("b", "<code>b</code>", "b", ""),
        ("c", "<code>c</code>", "c", "Why c."),
    ]


def test_a_gap_is_chosen_or_typed_and_stands_numbered_in_the_stem() -> None:
    item, _ = read(GAP)

    assert isinstance(item.body, GapFill)
    chosen, typed = item.body.gaps
    assert (chosen.key, [option.plain for option in chosen.options]) == (("GAP1/list",), ["list", "iter"])
    assert (typed.key, [miss.answer for miss in typed.misses]) == (("xs",), ["XS"])
    assert item.stem.count('<span class="gap"><span class="visually-hidden">gap </span>') == 2
    assert "GAP" not in item.stem
    assert item.stem_code == "def f(xs):\n    return GAP1(GAP2)\n"


def test_what_gaps_are_called_means_nothing_in_other_items() -> None:
    item, faults = read(changed(OUTPUT, "What *is* it?", "What is GAP1?"))

    assert faults == []
    assert item.stem == "<p>What is GAP1?</p>"


@pytest.mark.parametrize(
    ("text", "old", "new", "fault"),
    [
        (OUTPUT, '"1\\nKeyError\\n"', '" "', "answer: a text is needed"),
        (OUTPUT, "KeyError", "a\\tb", "answer: '1\\na\\tb' cannot be typed: Type plain characters and spaces only."),
        (OUTPUT, "1\\nKeyError", "1\\n" * 10 + "KeyError", OVERLONG),
        (OUTPUT, 'answer = "1"', 'answer = "1 \\nKeyError"', "misses: '1 \\nKeyError' would be marked right"),
        (OUTPUT, 'answer = "1"', "answer = 1.5", ""),
        (ORDER, 'language = "python"', "", "language: a text is needed"),
        (ORDER, '[[lines]]\nid = "c"', '[[distractors]]\nid = "c"', "lines: 3 to 8 needed, there are 2"),
        (ORDER, 'id = "b"', 'id = "a"', "lines: two have the same id"),
        (ORDER, 'id = "d"', 'id = "a"', "lines: two have the same id"),
        (ORDER, '"print(rows)"', '"with open(path) as file:"', "lines: two have the same text"),
        (ORDER, 'id = "c"', 'id = "c"\nnote = "x"', "lines[c]: note: there is no such field"),
        (ORDER, 'instead_of = "b"', 'instead_of = "z"', "distractors[d]: instead_of: there is no line z"),
        (ORDER, 'note = "The file is closed."', "", "distractors[d]: note: a text is needed"),
        (ORDER, 'note = "The file', 'misconception = "no-such"\nnote = "The file',
         "distractors[d]: misconception: no-such is not in misconceptions.toml"),
        (MATCH, 'key = "a"', 'key = "z"', "prompts: key: there is no option z"),
        (MATCH, 'id = "two"', 'id = "one"', "prompts: two have the same id"),
        (MATCH, "*two*", "*one*", "prompts: two have the same text"),
        (MATCH, '\n[[prompts]]\nid = "three"\ntext = "Prompt *three*"\nkey = "b"\nnote = "Why b."', "",
         "prompts: 3 to 6 needed, there are 2"),
        (MATCH, 'note = "Why c."', "", "options[c]: note: a text is needed"),
        (MATCH, 'key = "a"', 'key = "b"', ""),
        (MATCH, 'id = "c"\ntext = "`c`"', 'id = "c"\ntext = "`b`"', "options: two have the same text"),
        (MATCH, 'text = "`c`"', f'text = "{"c" * 61}"', "options[c]: text: at most 60 characters on one line"),
        (MATCH, 'text = "`c`"', 'text = "`c`"\nkey = true', "options[c]: key: there is no such field"),
        (GAP, "GAP1(GAP2)", "GAP1(xs)", "stem: its first block of code must hold each of these once: GAP1, GAP2"),
        (GAP, "GAP1(GAP2)", "GAP1(GAP2, GAP2)",
         "stem: its first block of code must hold each of these once: GAP1, GAP2"),
        (GAP, "GAP1(GAP2)", "GAP1(GAP2, GAP3)",
         "stem: its first block of code must hold each of these once: GAP1, GAP2"),
        (GAP, "~~~python\\ndef f(xs):\\n    return GAP1(GAP2)", "~~~hcl\\na = GAP1\\nb = GAP2",
         "stem: the colours of its language cut a gap in two; call the block text"),
        (GAP, "Fill it.\\n\\n~~~python\\ndef f(xs):\\n    return GAP1(GAP2)",
         "Fill GAP1 and GAP2.\\n\\n~~~hcl\\na = GAP1\\nb = GAP2",
         "stem: the colours of its language cut a gap in two; call the block text"),
        (GAP, "Fill it.", "Fill GAP1 and GAP2.", ""),
        (GAP, 'name = "GAP2"', 'name = "GAP3"', "gaps[2]: name: must be GAP2"),
        (GAP, "key = true", "key = false", "gaps[1]: options: exactly one must be the key"),
        (GAP, 'id = "iter"', 'id = "list"', "gaps[1]: options: two have the same id"),
        (GAP, 'text = "iter"', 'text = "list"', "gaps[1]: options: two have the same text"),
        (GAP, 'note = "Why list."', 'note = "Why.", misconception = "off-by-one"',
         "gaps[1]: options[list]: misconception: a key shows none"),
        (GAP, 'answers = ["xs"]', "answers = []", "gaps[2]: answers: at least 1 needed"),
        (GAP, '"XS"', '" xs "', "gaps[2]: misses:  xs  would be marked right"),
        (GAP, 'answers = ["xs"]', 'answers = ["xs"]\ncase_sensitive = false',
         "gaps[2]: misses: XS would be marked right"),
        (GAP, 'answers = ["xs"]', 'answers = ["xs"]\noptions = []', "gaps[2]: answers: there is no such field"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_field_with_the_reason(text: str, old: str, new: str, fault: str) -> None:
    _, faults = read(changed(text, old, new))

    assert (fault in faults) if fault else faults == []


def test_every_gap_has_options_of_its_own_although_their_ids_repeat() -> None:
    typed = 'answers = ["xs"]\nmisses = [{ answer = "XS", note = "Another name." }]'
    chosen = 'options = [{ id = "list", text = "xs", key = true, note = "x" }, { id = "iter", text = "f", note = "x" }]'

    item, faults = read(changed(GAP, typed, chosen))

    assert faults == []
    assert [option.id for option in item.body.options] == ["GAP1/list", "GAP1/iter", "GAP2/list", "GAP2/iter"]
    assert len({option.token for option in item.body.options}) == 4
