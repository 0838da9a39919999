"""Lines to put in order: credit for the longest run that is in order, less for what does not belong."""

import itertools
import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import an_option, an_order
from tracker.assessment.item_types import BadAnswer, LineOrder
from tracker.assessment.item_types.order import Distractor
from tracker.assessment.proof import Evidence

BODY = an_order("abcde", distractors={"x": "b", "y": None})
answers = st.permutations("abcdexy").flatmap(lambda ids: st.integers(0, 7).map(lambda count: tuple(ids[:count])))


@pytest.mark.parametrize(
    ("given_order", "mark"),
    [
        ("abcde", 1.0),
        ("abced", 0.8),
        ("bcdea", 0.8),
        ("edcba", 0.2),
        ("abcd", 0.8),
        ("c", 0.2),
        ("abcdex", 0.8),
        ("axcde", 0.6),
        ("xyabc", 0.2),
        ("xy", 0.0),
        ("xya", 0.0),
        ("", 0.0),
    ],
)
def test_an_order_is_worth_its_longest_right_run_less_what_does_not_belong(given_order: str, mark: float) -> None:
    assert BODY.mark(tuple(given_order)) == mark


@given(answers)
def test_only_exactly_the_right_order_gets_the_full_mark(answer: tuple[str, ...]) -> None:
    assert 0 <= BODY.mark(answer) <= 1
    assert (BODY.mark(answer) == 1) == (answer == BODY.key)


@given(answers)
def test_the_longest_run_is_in_order_and_no_longer_one_is_there(answer: tuple[str, ...]) -> None:
    run = BODY.longest_run(answer)

    in_order = [
        ids
        for size in range(6)
        for ids in itertools.combinations(answer, size)
        if ids == tuple(sorted(set(ids) & set("abcde")))
    ]
    assert run in in_order
    assert len(run) == max(map(len, in_order))


@given(answers)
def test_an_order_that_was_sent_is_read_again(answer: tuple[str, ...]) -> None:
    assert BODY.read(BODY.send(answer)) == answer


def test_places_may_leave_holes_and_come_in_any_order() -> None:
    assert BODY.read(["token-c:7", "", "token-a:2", " "]) == ("a", "c")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (["token-a:1", "token-b:1"], "Two lines have place 1. Give every line a place of its own."),
        (["token-a:1", "token-a:2"], "Choose from the lines and places shown."),
        (["token-z:1"], "Choose from the lines and places shown."),
        (["a:1"], "Choose from the lines and places shown."),
        (["token-a:0"], "Choose from the lines and places shown."),
        (["token-a:8"], "Choose from the lines and places shown."),
        (["token-a:"], "Choose from the lines and places shown."),
        (["token-a"], "Choose from the lines and places shown."),
        (["token-a:\u0661"], "Choose from the lines and places shown."),
        (["token-a:-1"], "Choose from the lines and places shown."),
        (["token-a:" + "1" * 5000], "Choose from the lines and places shown."),
    ],
)
def test_places_that_make_no_order_are_refused_with_the_reason(sent: list[str], reason: str) -> None:
    with pytest.raises(BadAnswer, match=reason):
        BODY.read(sent)


def test_only_distractors_are_mistakes_with_a_reason() -> None:
    assert [option.id for option in BODY.mistakes(("b", "x", "a"))] == ["x"]
    assert BODY.mistakes(("b", "a")) == ()


def test_lines_are_asked_in_the_forms_order_until_some_are_placed() -> None:
    shown = ("e", "x", "c", "a", "y", "d", "b")

    blank = BODY.ask(shown, ()).options
    placed = BODY.ask(shown, ("d", "x")).options

    assert [(line.plain, line.place) for line in blank] == [(line_id, 0) for line_id in shown]
    assert [(line.plain, line.place) for line in placed] == [
        ("d", 1), ("x", 2), ("e", 0), ("c", 0), ("a", 0), ("y", 0), ("b", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(50))
def test_the_order_shown_is_never_the_right_one_and_the_same_for_the_same_seed(seed: int) -> None:
    body = an_order("abc", distractors={"x": None})

    shown = body.arrange(Random(seed))

    assert sorted(shown) == ["a", "b", "c", "x"]
    assert [line_id for line_id in shown if line_id != "x"] != ["a", "b", "c"]
    assert shown == body.arrange(Random(seed))


def test_an_order_is_guessed_as_one_of_all_ways_to_place_as_many_lines() -> None:
    assert an_order("abc").guessing == 1 / 6
    assert BODY.guessing == 1 / (math.factorial(7) / 2)


def test_the_trials_are_the_right_program_then_every_other_order_then_every_distractor() -> None:
    body = an_order("abc", distractors={"x": "b", "y": None})

    trials = body.trials("")

    assert [trial.text.split() for trial in trials if trial.is_right] == [["a", "b", "c"]]
    assert [trial.text for trial in trials[1:6]] == ["a\nc\nb\n", "b\na\nc\n", "b\nc\na\n", "c\na\nb\n", "c\nb\na\n"]
    assert [trial.text for trial in trials[6:]] == ["a\nx\nc\n", "y\nb\nc\n", "a\ny\nc\n", "a\nb\ny\n"]


def test_of_more_than_five_lines_every_exchange_of_two_is_tried() -> None:
    trials = an_order("abcdef").trials("")

    assert len(trials) == 1 + 15
    assert trials[1].text == "b\na\nc\nd\ne\nf\n"
    assert trials[-1].text == "a\nb\nc\nd\nf\ne\n"


def test_lines_of_several_rows_keep_their_indentation() -> None:
    body = LineOrder(
        (an_option("a", plain="if x:\n    y()"), an_option("b", plain="    z()")),
        (Distractor(an_option("c", plain="z()"), "b"),),
    )

    assert body.trials("")[0].text == "if x:\n    y()\n    z()\n"
    assert body.trials("")[-1].text == "if x:\n    y()\nz()\n"


def test_an_order_is_proved_when_works_tells_right_from_wrong_every_time() -> None:
    body = an_order("abc")

    assert body.doubts(Evidence(works=(True, False, False, False, False, False)), "") == ()
    assert body.doubts(Evidence(works=(True, False, False, False, False, True)), "") == (
        "`works` is True for the order c, b, a.",
    )
    assert body.doubts(Evidence(works=(True,)), "") == (
        "`works` was called 1 times, this item has 6 texts to call it with.",
    )
    assert body.doubts(Evidence(value="abc"), "") == ("The proof must leave a function `works`.",)
