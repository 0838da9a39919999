"""How each type of item is answered and marked."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_miss, a_multiple, a_number, a_single, a_text, an_option, options
from tracker.assessment.item_types import (
    LONGEST_TYPED_ANSWER,
    REGISTRY,
    BadAnswer,
    Body,
    MultipleResponse,
    SingleChoice,
)

ONE_OF_EACH: list[Body] = [a_single(), a_multiple(), a_number(), a_text("yes")]
each_type = pytest.mark.parametrize("body", ONE_OF_EACH, ids=lambda body: body.name)
finite = st.floats(allow_nan=False, allow_infinity=False)
printable = st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=50).filter(
    lambda text: text.isprintable() and bool(text.strip())
)


@st.composite
def multiple_responses(draw: st.DrawFn) -> MultipleResponse:
    """A multiple response of 4 to 6 options with at least two keys and a distractor, as the bank allows."""
    letters = "abcdef"[: draw(st.integers(4, 6))]
    keys = draw(st.sets(st.sampled_from(letters), min_size=2, max_size=len(letters) - 1))
    return MultipleResponse(options(letters, keys="".join(keys)))


def test_every_type_is_registered_under_its_own_name() -> None:
    assert {name: body.name for name, body in REGISTRY.items()} == {name: name for name in REGISTRY}
    assert {type(body) for body in ONE_OF_EACH} == set(REGISTRY.values())


@each_type
def test_nothing_sent_is_an_answer_left_out_and_worth_nothing(body: Body) -> None:
    assert body.read([]) == ()
    assert body.mark(()) == 0


@each_type
def test_the_chance_of_guessing_lies_between_none_and_one_half(body: Body) -> None:
    assert 0 <= body.guessing < 0.5


# single choice


def test_the_key_alone_gets_the_mark_of_a_single_choice() -> None:
    body = a_single("abcd", key="b")

    assert [body.mark((option.id,)) for option in body.options] == [0, 1, 0, 0]


def test_a_single_choice_is_read_from_tokens_into_ids() -> None:
    body = SingleChoice((an_option("right", token="k3x9"), an_option("wrong", token="p1q7")))

    assert body.read(["k3x9"]) == ("right",)
    with pytest.raises(BadAnswer):
        body.read(["right"])


@pytest.mark.parametrize("sent", [["token-a", "token-b"], ["token-a", "token-a"], ["token-z"], [""], ["a"]])
def test_a_single_choice_refuses_anything_but_one_token_of_its_own(sent: list[str]) -> None:
    with pytest.raises(BadAnswer):
        a_single("abcd").read(sent)


@pytest.mark.parametrize(("letters", "chance"), [("abc", 1 / 3), ("abcd", 1 / 4), ("abcde", 1 / 5)])
def test_a_single_choice_is_guessed_once_in_as_many_times_as_it_has_options(letters: str, chance: float) -> None:
    assert a_single(letters).guessing == chance


# multiple response


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


# number


@pytest.mark.parametrize("typed", ["42", " 42 ", "42.0", "42,0", "+42", "4.2e1", "\uff14\uff12", "042"])
def test_a_number_is_right_however_it_is_written(typed: str) -> None:
    body = a_number(42)

    assert body.mark(body.read([typed])) == 1


@pytest.mark.parametrize("typed", ["41", "-42", "42.0001", "420", "0"])
def test_a_number_beside_the_answer_is_wrong(typed: str) -> None:
    body = a_number(42)

    assert body.mark(body.read([typed])) == 0


@pytest.mark.parametrize("typed", ["forty-two", "1e999", "nan", "inf", "-inf", "1.000.000", "0x2a", "4,2,0", "4 2"])
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadAnswer, match=r"Type a number, such as 12 or 0\.5"):
        a_number(42).read([typed])


@pytest.mark.parametrize(("typed", "mark"), [("0.2", 1), ("0.4", 1), ("0.19", 0), ("0.41", 0), ("0.3", 1)])
def test_a_tolerance_holds_to_its_very_edge(typed: str, mark: float) -> None:
    body = a_number(0.3, tolerance=0.1)

    assert body.mark((typed,)) == mark


@pytest.mark.parametrize(
    ("answer", "shown"), [(12.0, "12"), (0.5, "0.5"), (1234567.0, "1234567"), (-3.25, "-3.25"), (0.0, "0")]
)
def test_the_key_of_a_number_is_shown_in_full(answer: float, shown: str) -> None:
    assert a_number(answer).accepted == (shown,)


@given(finite)
def test_the_key_of_a_number_is_an_answer_that_people_can_give(answer: float) -> None:
    body = a_number(answer)

    assert body.mark(body.read(body.accepted)) == 1


@given(finite, finite)
def test_without_a_tolerance_only_the_answer_itself_is_right(answer: float, typed: float) -> None:
    assert a_number(answer).mark((repr(typed),)) == (typed == answer)


@given(st.text(max_size=30))
def test_whatever_is_typed_for_a_number_is_marked_or_refused(typed: str) -> None:
    body = a_number(42)

    try:
        answer = body.read([typed])
    except BadAnswer:
        return
    assert body.mark(answer) in (0, 1)


def test_a_foreseen_wrong_number_is_found_however_it_is_written() -> None:
    miss = a_miss("41")
    body = a_number(42, misses=(a_miss("40"), miss))

    assert body.find_miss(("41,0",)) == miss
    assert body.find_miss(("39",)) is None
    assert body.find_miss(()) is None


# text


@pytest.mark.parametrize("typed", ["git stash", "  git   stash ", "GIT Stash", "\uff47it stash", "git\u00a0stash"])
def test_a_text_is_right_once_spaces_width_and_case_are_made_equal(typed: str) -> None:
    body = a_text("git stash")

    assert body.mark((typed,)) == 1


@pytest.mark.parametrize("typed", ["gitstash", "git stash pop", "git-stash", "git"])
def test_a_text_that_differs_in_more_than_that_is_wrong(typed: str) -> None:
    assert a_text("git stash").mark((typed,)) == 0


def test_a_text_may_have_several_right_answers() -> None:
    body = a_text("None", "null")

    assert [body.mark((typed,)) for typed in ("none", "NULL", "nil")] == [1, 1, 0]


def test_the_case_of_letters_counts_where_the_author_says_so() -> None:
    body = a_text("None", case_sensitive=True)

    assert [body.mark((typed,)) for typed in ("None", " None ", "none")] == [1, 1, 0]


@given(printable)
def test_every_accepted_text_that_can_be_typed_is_marked_right(text: str) -> None:
    body = a_text(text)

    assert body.mark(body.read([text])) == 1


@given(printable, st.sampled_from(["", " ", "   "]), st.sampled_from(["", " ", "  "]))
def test_outer_spaces_never_change_a_mark(text: str, before: str, after: str) -> None:
    body = a_text("yes")

    assert body.mark(body.read([before + text + after])) == body.mark(body.read([text]))


@given(st.sampled_from(string.ascii_letters), st.booleans())
def test_reading_keeps_what_was_typed_for_the_learner_to_see_again(letter: str, case_sensitive: bool) -> None:
    assert a_text("yes", case_sensitive=case_sensitive).read([f" {letter}  x "]) == (f"{letter}  x",)


def test_a_foreseen_wrong_text_is_found_after_the_same_normalising() -> None:
    miss = a_miss("git reset")
    body = a_text("git stash", misses=(miss,))

    assert body.find_miss((" GIT  reset ",)) == miss
    assert body.find_miss(("git stash",)) is None
    assert body.find_miss(()) is None


# what is typed, for both open types


@pytest.mark.parametrize("body", [a_number(), a_text("yes")], ids=lambda body: body.name)
@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (["1", "2"], "Type one answer"),
        (["1" * (LONGEST_TYPED_ANSWER + 1)], "at most 200 characters"),
        (["1\n2"], "on one line"),
        (["1\x00"], "on one line"),
        (["\u202e1"], "plain characters"),
    ],
)
def test_what_cannot_have_come_from_the_box_is_refused_with_the_reason(
    body: Body, sent: list[str], reason: str
) -> None:
    with pytest.raises(BadAnswer, match=reason):
        body.read(sent)


@pytest.mark.parametrize("body", [a_number(), a_text("yes")], ids=lambda body: body.name)
def test_only_spaces_typed_is_an_answer_left_out(body: Body) -> None:
    assert body.read(["   "]) == ()


def test_the_longest_typed_answer_is_still_taken() -> None:
    longest = "x" * LONGEST_TYPED_ANSWER

    assert a_text(longest).mark(a_text(longest).read([longest])) == 1
