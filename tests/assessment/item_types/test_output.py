"""What is printed: right when every line is equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_miss, an_output
from tracker.assessment.item_types import BadAnswer
from tracker.assessment.item_types.output import LONGEST_OUTPUT, MOST_LINES
from tracker.assessment.proof import Evidence

lines = st.lists(st.text("abc 1", max_size=4), min_size=1, max_size=MOST_LINES)


@pytest.mark.parametrize("typed", ["1\n2", "1\r\n2", "1\r2", "1  \n2 ", "1\n2\n\n", "1\n2\r\n \r\n"])
def test_an_output_is_right_whatever_ends_its_lines(typed: str) -> None:
    body = an_output("1\n2\n")

    assert body.mark(body.read([typed])) == 1


def test_spaces_that_keyboards_and_copied_pages_slip_in_are_spaces() -> None:
    body = an_output("a:\n    b")

    assert body.mark(body.read(["a:\n\u00a0\u00a0 \u202fb\u00a0"])) == 1


@pytest.mark.parametrize("typed", ["1 2", "2\n1", "1", "1\n\n2", " 1\n2", "1\n2\n3", "\n1\n2"])
def test_an_output_is_wrong_when_any_line_differs(typed: str) -> None:
    body = an_output("1\n2")

    assert body.mark(body.read([typed])) == 0


def test_indentation_and_empty_lines_between_count() -> None:
    body = an_output("a:\n\n    b")

    assert body.mark(body.read(["a:\n\n    b"])) == 1
    assert body.mark(body.read(["a:\nb"])) == 0


@given(lines)
def test_the_key_as_it_is_shown_is_right(printed: list[str]) -> None:
    body = an_output("\n".join([*printed, "end"][-MOST_LINES:]))

    assert body.mark(body.read(body.accepted)) == 1


@given(lines, lines)
def test_two_outputs_are_the_same_only_when_their_lines_are(one: list[str], other: list[str]) -> None:
    ended = [[*(line.rstrip() for line in printed), "end"] for printed in (one, other)]

    assert an_output("\n".join(ended[0])).mark(("\n".join(ended[1]),)) == (ended[0] == ended[1])


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (["1", "2"], "Type one answer"),
        (["1\n" * (MOST_LINES + 1)], "at most 10 lines"),
        (["1" * (LONGEST_OUTPUT + 1)], "at most 500 characters"),
        (["1\t2"], "plain characters and spaces"),
        (["1\x00"], "plain characters and spaces"),
    ],
)
def test_what_cannot_be_an_output_is_refused_with_the_reason(sent: list[str], reason: str) -> None:
    with pytest.raises(BadAnswer, match=reason):
        an_output().read(sent)


def test_empty_lines_at_the_end_do_not_count_against_the_limit() -> None:
    assert an_output().read(["1\n2" + "\n" * 20]) == ("1\n2",)


def test_a_foreseen_wrong_output_is_found_by_its_lines() -> None:
    miss = a_miss("1 2\n")
    body = an_output("1\n2", misses=(miss,))

    assert body.mistakes(("1 2",)) == (miss,)
    assert body.mistakes(("1\n2",)) == ()
    assert body.slips == (("1 2",),)


def test_what_the_stem_prints_proves_an_output() -> None:
    assert an_output("1\nKeyError").doubts(Evidence(printed="1\nKeyError\n"), "") == ()
    assert an_output("1\nKeyError").doubts(Evidence(value="1\n"), "") == ("'1\\n' is not accepted as the answer.",)
    assert an_output("\n1").doubts(Evidence(printed="1\n"), "") != ()
