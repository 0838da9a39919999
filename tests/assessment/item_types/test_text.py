"""A text to type: right once spaces, width and case are made equal."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_miss, a_text
from tracker.assessment.item_types import LONGEST_TYPED_ANSWER
from tracker.assessment.proof import Evidence

printable = st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=50).filter(
    lambda text: text.isprintable() and bool(text.strip())
)


@pytest.mark.parametrize("typed", ["git stash", "  git   stash ", "GIT Stash", "\uff47it stash", "git\u00a0stash"])
def test_a_text_is_right_once_spaces_width_and_case_are_made_equal(typed: str) -> None:
    body = a_text("git stash")

    assert body.mark((typed,)) == 1


def test_spaces_that_keyboards_and_copied_pages_slip_in_can_be_sent() -> None:
    body = a_text("git stash")

    assert body.mark(body.read(["\u00a0git\u00a0stash\u202f"])) == 1


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

    assert body.mistakes((" GIT  reset ",)) == (miss,)
    assert body.mistakes(("git stash",)) == body.mistakes(()) == ()


def test_a_value_proves_a_text_when_it_would_be_accepted() -> None:
    body = a_text("None", case_sensitive=True)

    assert body.doubts(Evidence(value=" None\n"), "") == ()
    assert body.doubts(Evidence(printed="none\n"), "") == ("'none\\n' is not accepted as the answer.",)


def test_the_longest_typed_answer_is_still_taken() -> None:
    longest = "x" * LONGEST_TYPED_ANSWER

    assert a_text(longest).mark(a_text(longest).read([longest])) == 1
