"""Multiple response: plus for a right choice, minus for a wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_multiple, options
from tracker.assessment.item_types import BadAnswer, MultipleResponse
from tracker.assessment.proof import Evidence


@st.composite
def multiple_responses(draw: st.DrawFn) -> MultipleResponse:
    """A multiple response of 4 to 6 options with at least two keys and a distractor, as the bank allows."""
    letters = "abcdef"[: draw(st.integers(4, 6))]
    keys = draw(st.sets(st.sampled_from(letters), min_size=2, max_size=len(letters) - 1))
    return MultipleResponse(options(letters, keys="".join(keys)))


@pytest.mark.parametrize(
    ("chosen", "mark"),
    [
        ("ac", 1.0),
        ("a", 0.5),
        ("abc", 0.5),
        ("ab", 0.0),
        ("b", 0.0),
        ("bde", 0.0),
        ("abcde", 0.0),
    ],
)
def test_a_wrong_choice_takes_away_what_a_right_one_gives(chosen: str, mark: float) -> None:
    body = a_multiple("abcde", keys="ac")

    assert body.mark(tuple(chosen)) == mark


def test_a_multiple_response_is_the_same_answer_in_whatever_order_it_is_sent() -> None:
    body = a_multiple("abcde")

    assert body.read(["token-c", "token-a"]) == body.read(["token-a", "token-c"]) == ("a", "c")


@pytest.mark.parametrize("sent", [["token-a", "token-a"], ["token-a", "token-z"], ["a"]])
def test_a_multiple_response_refuses_repeated_and_unknown_options(sent: list[str]) -> None:
    with pytest.raises(BadAnswer):
        a_multiple("abcde").read(sent)


def test_a_multiple_response_is_guessed_as_one_of_all_ways_to_choose_something() -> None:
    assert a_multiple("abcd").guessing == 1 / 15


@given(multiple_responses(), st.data())
def test_only_exactly_the_keys_get_the_full_mark(body: MultipleResponse, data: st.DataObject) -> None:
    letters = [option.id for option in body.options]
    chosen = data.draw(st.sets(st.sampled_from(letters)))
    keys = {option.id for option in body.options if option.is_key}

    mark = body.mark(tuple(sorted(chosen)))

    assert 0 <= mark <= 1
    assert (mark == 1) == (chosen == keys)


@given(multiple_responses(), st.data())
def test_choosing_one_more_distractor_never_pays(body: MultipleResponse, data: st.DataObject) -> None:
    distractors = [option.id for option in body.options if not option.is_key]
    chosen = data.draw(st.sets(st.sampled_from([option.id for option in body.options])))
    extra = data.draw(st.sampled_from(distractors))

    assert body.mark(tuple(chosen | {extra})) <= body.mark(tuple(chosen))


@given(multiple_responses())
def test_choosing_everything_never_gets_the_full_mark(body: MultipleResponse) -> None:
    assert body.mark(tuple(option.id for option in body.options)) < 1


def test_every_distractor_in_place_of_a_key_is_a_foreseen_slip() -> None:
    assert a_multiple("abcde", keys="ac").slips == (("b", "c"), ("c", "d"), ("c", "e"))


def test_what_holds_must_name_all_keys_and_nothing_else() -> None:
    body = a_multiple("abcd", keys="ac")

    assert body.doubts(Evidence(holds={"a": True, "b": False, "c": True, "d": False}), "") == ()
    assert body.doubts(Evidence(holds={"a": True, "b": False, "c": False, "d": False}), "") == (
        "Option c is the key and does not hold.",
    )
