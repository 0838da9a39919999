"""A number to type: right within its tolerance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_miss, a_number
from tracker.assessment.item_types import BadAnswer
from tracker.assessment.proof import Evidence

finite = st.floats(allow_nan=False, allow_infinity=False)


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

    assert body.mistakes(("41,0",)) == (miss,)
    assert body.mistakes(("39",)) == body.mistakes(()) == ()
    assert body.slips == (("40",), ("41",))


@pytest.mark.parametrize("shown", ["42", " 42.0\n", "42,0"])
def test_a_value_or_what_is_printed_proves_a_number_within_its_tolerance(shown: str) -> None:
    assert a_number(42).doubts(Evidence(value=shown), "") == ()
    assert a_number(42).doubts(Evidence(printed=shown), "") == ()


@pytest.mark.parametrize("shown", ["41", "4\n2", "many", ""])
def test_any_other_value_proves_no_number(shown: str) -> None:
    assert a_number(42).doubts(Evidence(value=shown), "") == (f"{shown!r} is not accepted as the answer.",)


def test_a_number_needs_a_value_to_be_proved() -> None:
    assert a_number(42).doubts(Evidence(holds={"a": True}), "") == ("The proof must leave `value`, or run the stem.",)
