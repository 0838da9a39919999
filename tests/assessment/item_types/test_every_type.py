"""What every type of item promises, and what the two types of one typed line refuse."""

import pytest

from tests.builders import a_number, a_text, one_of_each_type
from tracker.assessment.item_types import LONGEST_TYPED_ANSWER, REGISTRY, BadAnswer, Body
from tracker.assessment.proof import Evidence

each_type = pytest.mark.parametrize("body", one_of_each_type(), ids=lambda body: body.name)


def test_every_type_is_registered_under_its_own_name() -> None:
    assert {name: body.name for name, body in REGISTRY.items()} == {name: name for name in REGISTRY}
    assert [type(body) for body in one_of_each_type()] == list(REGISTRY.values())


@each_type
def test_nothing_sent_is_an_answer_left_out_and_worth_nothing(body: Body) -> None:
    blanks = [""] * len(body.send(body.key))

    assert body.read([]) == body.read(blanks) == ()
    assert body.mark(()) == 0
    assert body.mistakes(()) == ()


@each_type
def test_the_chance_of_guessing_lies_between_none_and_one_half(body: Body) -> None:
    assert 0 <= body.guessing <= 0.5


@each_type
def test_only_the_key_has_the_full_mark_and_no_foreseen_slip(body: Body) -> None:
    assert body.mark(body.key) == 1
    assert body.mistakes(body.key) == ()
    assert body.slips
    assert all(0 <= body.mark(slip) < 1 for slip in body.slips)


@each_type
def test_what_a_form_sends_for_an_answer_is_read_as_that_answer(body: Body) -> None:
    for answer in (body.key, *body.slips):
        assert body.read(body.send(answer)) == answer


@each_type
def test_a_question_shows_what_was_answered_so_far_and_neither_key_nor_note(body: Body) -> None:
    option_ids = tuple(option.id for option in body.options)

    blank, answered = body.ask(option_ids, ()), body.ask(option_ids, body.key)

    assert answered != blank
    for hidden in ("is_key", "Why", "note", "misconception"):
        assert hidden not in repr(answered)


@each_type
def test_a_proof_without_the_right_evidence_is_doubted(body: Body) -> None:
    assert body.doubts(Evidence(), "") != ()


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
