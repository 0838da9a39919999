"""Gaps to fill: credit for each gap, chosen or typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_gap, a_miss, a_single, a_text
from tracker.assessment.item_types import BadAnswer
from tracker.assessment.proof import Evidence

CODE = "def f(xs):\n    GAP1 GAP2(xs)  # not GAP12\n"
BODY = a_gap(a_single("abc", key="b"), a_text("next", "anext", case_sensitive=True, misses=(a_miss("iter"),)))
answers = st.tuples(st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["", "next", "anext", "iter", "NEXT"]))


@pytest.mark.parametrize(
    ("answer", "mark"),
    [
        (("b", "next"), 1),
        (("b", "anext"), 1),
        (("b", "NEXT"), 0.5),
        (("b", ""), 0.5),
        (("a", "next"), 0.5),
        (("a", "iter"), 0),
        ((), 0),
    ],
)
def test_each_gap_counts_alike(answer: tuple[str, ...], mark: float) -> None:
    assert BODY.mark(answer) == mark


@given(answers)
def test_only_exactly_the_key_gets_the_full_mark(answer: tuple[str, str]) -> None:
    assert 0 <= BODY.mark(answer) <= 1
    assert (BODY.mark(answer) == 1) == (answer[0] == "b" and answer[1] in {"next", "anext"})


@given(answers)
def test_gaps_that_were_sent_are_read_again_and_all_blank_is_left_out(answer: tuple[str, str]) -> None:
    assert BODY.read(BODY.send(answer)) == (answer if any(answer) else ())


def test_what_is_typed_into_a_gap_loses_its_outer_spaces() -> None:
    assert BODY.read(["", "  next "]) == ("", "next")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (["token-a"], "Fill the gaps shown."),
        (["token-a", "next", "more"], "Fill the gaps shown."),
        (["a", "next"], "Gap 1: Choose from the options shown."),
        (["token-a", "x" * 201], "Gap 2: Type at most 200 characters."),
        (["", "a\nb"], "Gap 2: Type plain characters on one line."),
    ],
)
def test_what_fits_no_gap_is_refused_by_the_gaps_number(sent: list[str], reason: str) -> None:
    with pytest.raises(BadAnswer, match=reason):
        BODY.read(sent)


def test_wrong_choices_and_foreseen_misses_are_mistakes() -> None:
    chosen, typed = BODY.mistakes(("c", "iter"))

    assert (chosen.note, typed.note) == ("Why c.", "Why not iter.")
    assert BODY.mistakes(("b", "other")) == ()


def test_every_wrong_option_and_miss_is_a_slip_of_its_own() -> None:
    assert BODY.slips == (("a", "next"), ("c", "next"), ("b", "iter"))


def test_each_gap_asks_with_its_own_options_or_with_a_box() -> None:
    chosen, typed = BODY.ask(("c", "a", "b"), ("a", "iter")).blanks

    assert (chosen.label, [(option.plain, option.is_chosen) for option in chosen.options], chosen.typed) == (
        "Gap 1", [("c", False), ("a", True), ("b", False)], "",
    )  # fmt: skip
    assert (typed.label, typed.options, typed.typed) == ("Gap 2", (), "iter")


def test_gaps_are_explained_one_by_one() -> None:
    chosen, typed = BODY.filled(("a", "anext"))

    assert (chosen.given, chosen.keys, chosen.is_right, chosen.note) == ("a", ("b",), False, "Why b.")
    assert chosen.mistake
    assert chosen.mistake.note == "Why a."
    assert [option.id for option in chosen.others] == ["c"]
    assert (typed.given, typed.keys, typed.is_right, typed.mistake) == ("anext", ("next", "anext"), True, None)


def test_gaps_are_guessed_together_and_a_typed_one_is_never_guessed() -> None:
    assert a_gap(a_single("abc"), a_single("ab")).guessing == 1 / 6
    assert BODY.guessing == 0


def test_the_trials_fill_one_gap_at_a_time_rightly_then_wrongly() -> None:
    trials = BODY.trials(CODE)

    assert [(trial.name, trial.is_right) for trial in trials] == [
        ("GAP1 = a", False),
        ("GAP1 = b", True),
        ("GAP1 = c", False),
        ("GAP2 = next", True),
        ("GAP2 = anext", True),
        ("GAP2 = iter", False),
    ]
    assert trials[0].text == "def f(xs):\n    a next(xs)  # not GAP12\n"
    assert trials[5].text == "def f(xs):\n    b iter(xs)  # not GAP12\n"


def test_gaps_are_proved_when_works_tells_right_from_wrong_every_time() -> None:
    right = tuple(trial.is_right for trial in BODY.trials(CODE))

    assert BODY.doubts(Evidence(works=right), CODE) == ()
    assert BODY.doubts(Evidence(works=(True, *right[1:])), CODE) == ("`works` is True for GAP1 = a.",)
    assert BODY.doubts(Evidence(printed="next"), CODE) == ("The proof must leave a function `works`.",)
