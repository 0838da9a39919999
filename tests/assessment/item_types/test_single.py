"""Single choice: one key, all or nothing."""

import pytest

from tests.builders import a_single, an_option
from tracker.assessment.item_types import BadAnswer, SingleChoice
from tracker.assessment.proof import Evidence


def test_the_key_alone_gets_the_mark_of_a_single_choice() -> None:
    body = a_single("abcd", key="b")

    assert [body.mark((option.id,)) for option in body.options] == [0, 1, 0, 0]


def test_a_single_choice_is_read_from_tokens_into_ids() -> None:
    body = SingleChoice((an_option("right", token="k3x9"), an_option("wrong", token="p1q7")))

    assert body.read(["k3x9"]) == ("right",)
    with pytest.raises(BadAnswer):
        body.read(["right"])


@pytest.mark.parametrize("sent", [["token-a", "token-b"], ["token-a", "token-a"], ["token-z"], ["a"]])
def test_a_single_choice_refuses_anything_but_one_token_of_its_own(sent: list[str]) -> None:
    with pytest.raises(BadAnswer):
        a_single("abcd").read(sent)


@pytest.mark.parametrize(("letters", "chance"), [("abc", 1 / 3), ("abcd", 1 / 4), ("abcde", 1 / 5)])
def test_a_single_choice_is_guessed_once_in_as_many_times_as_it_has_options(letters: str, chance: float) -> None:
    assert a_single(letters).guessing == chance


def test_the_empty_value_of_a_form_is_an_answer_left_out() -> None:
    assert a_single("abcd").read([""]) == ()


def test_a_wrong_choice_is_a_mistake_and_the_key_is_none() -> None:
    body = a_single("abc", key="b")

    assert [option.id for option in body.mistakes(("a",))] == ["a"]
    assert body.mistakes(("b",)) == body.mistakes(()) == ()


def test_every_distractor_is_a_foreseen_slip() -> None:
    assert a_single("abc", key="b").slips == (("a",), ("c",))


def test_what_holds_proves_a_single_choice_only_when_it_is_exactly_the_key() -> None:
    body = a_single("abc", key="b")

    assert body.doubts(Evidence(holds={"a": False, "b": True, "c": False}), "") == ()
    assert body.doubts(Evidence(holds={"a": True, "b": False, "c": False}), "") == (
        "Option a is no key and holds.",
        "Option b is the key and does not hold.",
    )
    assert body.doubts(Evidence(holds={"b": True, "c": False, "z": True}), "") == (
        "`holds` says nothing about option a.",
        "`holds` names z, which is no option.",
    )


def test_works_is_called_with_each_options_plain_text() -> None:
    body = SingleChoice(
        (an_option("a", plain="x = 1", text="<code>x = 1</code>"), an_option("b", plain="y", is_key=True))
    )

    assert [(trial.text, trial.is_right) for trial in body.trials("")] == [("x = 1", False), ("y", True)]
    assert body.doubts(Evidence(works=(False, True)), "") == ()
    assert body.doubts(Evidence(works=(True, True)), "") == ("`works` is True for option a.",)
    assert len(body.doubts(Evidence(works=(True,)), "")) == 1


def test_what_the_stem_prints_must_be_the_key_and_no_other_option() -> None:
    body = SingleChoice((an_option("a", plain="1 2"), an_option("b", plain="1\n2", is_key=True), an_option("c")))

    assert body.doubts(Evidence(printed="1 \n2\n\n"), "") == ()
    assert body.doubts(Evidence(printed="1 2\n"), "") == (
        "Option a is no key and holds.",
        "Option b is the key and does not hold.",
    )


def test_a_value_proves_no_choice() -> None:
    assert a_single().doubts(Evidence(value="b"), "") == ("The proof must leave `holds` or `works`, or run the stem.",)
