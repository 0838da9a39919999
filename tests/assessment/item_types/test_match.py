"""Prompts to match with options: credit for each prompt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_match
from tracker.assessment.item_types import BadAnswer
from tracker.assessment.proof import Evidence

BODY = a_match({"one": "a", "two": "b", "three": "b"})
answers = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=3, max_size=3).map(tuple)


@pytest.mark.parametrize(
    ("answer", "mark"),
    [(("a", "b", "b"), 1), (("a", "b", ""), 2 / 3), (("a", "c", "d"), 1 / 3), (("b", "a", "a"), 0), ((), 0)],
)
def test_each_prompt_counts_alike(answer: tuple[str, ...], mark: float) -> None:
    assert BODY.mark(answer) == mark


@given(answers)
def test_only_exactly_the_key_gets_the_full_mark(answer: tuple[str, ...]) -> None:
    assert 0 <= BODY.mark(answer) <= 1
    assert (BODY.mark(answer) == 1) == (answer == BODY.key)


@given(answers)
def test_a_match_that_was_sent_is_read_again_and_one_all_blank_is_left_out(answer: tuple[str, ...]) -> None:
    assert BODY.read(BODY.send(answer)) == (answer if any(answer) else ())


@pytest.mark.parametrize(
    "sent", [["token-a"], ["token-a", "token-b"], ["token-a", "token-b", "token-z"], ["a", "b", "b"], ["token-a"] * 4]
)
def test_anything_but_a_shown_option_for_each_prompt_is_refused(sent: list[str]) -> None:
    with pytest.raises(BadAnswer, match="Choose from the options shown"):
        BODY.read(sent)


def test_an_option_given_to_the_wrong_prompt_is_a_mistake_once() -> None:
    assert [option.id for option in BODY.mistakes(("c", "c", "b"))] == ["c"]
    assert [option.id for option in BODY.mistakes(("b", "b", ""))] == ["b"]


def test_every_option_is_foreseen_where_it_does_not_belong() -> None:
    assert BODY.slips == (("a", "a", "b"), ("b", "b", "b"), ("c", "b", "b"), ("d", "b", "b"))


def test_every_prompt_asks_with_the_same_options_and_shows_its_own_choice() -> None:
    blanks = BODY.ask(("d", "b", "a", "c"), ("a", "", "b")).blanks

    assert [blank.label for blank in blanks] == ["Prompt one", "Prompt two", "Prompt three"]
    assert [[option.plain for option in blank.options] for blank in blanks] == [["d", "b", "a", "c"]] * 3
    assert [[option.plain for option in blank.options if option.is_chosen] for blank in blanks] == [["a"], [], ["b"]]


def test_a_match_is_explained_prompt_by_prompt() -> None:
    first, second, third = BODY.filled(("a", "c", ""))

    assert (first.is_right, first.given, first.keys, first.mistake) == (True, "a", ("a",), None)
    assert (second.is_right, second.given, second.keys, second.note) == (False, "c", ("b",), "Why b.")
    assert second.mistake
    assert second.mistake.note == "Why c."
    assert (third.is_right, third.given, third.mistake) == (False, "", None)


def test_a_match_is_guessed_prompt_by_prompt() -> None:
    assert BODY.guessing == 1 / 64


def test_matches_prove_a_match_when_each_prompt_has_its_key_alone() -> None:
    one, two = frozenset("a"), frozenset("b")

    assert BODY.doubts(Evidence(matches={"one": one, "two": two, "three": two}), "") == ()
    assert BODY.doubts(Evidence(matches={"one": one | two, "two": frozenset(), "four": one}), "") == (
        "`matches` gives a, b for prompt one, the key is a.",
        "`matches` gives nothing for prompt two, the key is b.",
        "`matches` gives nothing for prompt three, the key is b.",
        "`matches` names four, which is no prompt.",
    )
    assert BODY.doubts(Evidence(holds={"a": True}), "") == ("The proof must leave `matches`.",)
