"""What of an item reaches the learner while the attempt is open."""

from typing import Any

import pytest

from tests.builders import a_miss, a_multiple, a_number, a_place, a_single, a_text, an_item, an_option, an_output
from tracker.assessment.assembly import Placement
from tracker.assessment.item import Item
from tracker.assessment.item_types import (
    REGISTRY,
    Body,
    Distractor,
    GapFill,
    LineOrder,
    MultipleResponse,
    PairMatch,
    Prompt,
    SingleChoice,
)
from tracker.assessment.served import serve

SECRET = "canary"
SECRET_OPTIONS = (
    an_option(SECRET, token="t1", text="one", plain="one", note=SECRET, is_key=True),
    an_option(f"not-{SECRET}", token="t2", text="two", plain="two", note=SECRET, misconception=SECRET),
)


def an_item_full_of_secrets(**fields: Any) -> Item:
    """Every part of it that must not be served holds the canary."""
    return an_item(explanation=SECRET, version="v1", **fields)


def test_options_come_in_the_order_of_the_form() -> None:
    item = an_item(body=a_single("abcd"))

    served = serve(item, Placement(item.id, item.version, ("c", "a", "d", "b")), answer=())

    assert [option.text for option in served.asked.options] == ["c", "a", "d", "b"]
    assert not any(option.is_chosen for option in served.asked.options)


def test_what_was_chosen_before_is_chosen_again() -> None:
    item = an_item(body=a_multiple("abcde"))

    served = serve(item, a_place(item), answer=("a", "d"))

    assert [option.text for option in served.asked.options if option.is_chosen] == ["a", "d"]
    assert served.asked.typed == ""


def test_what_was_typed_before_stands_in_the_box_again_with_its_unit() -> None:
    item = an_item(body=a_number(42, unit="rows"))

    served = serve(item, a_place(item), answer=("41",))

    assert (served.type, served.asked.typed, served.asked.unit, served.asked.options) == ("number", "41", "rows", ())


def test_an_open_item_not_answered_yet_has_an_empty_box() -> None:
    item = an_item(body=a_text("yes"))

    served = serve(item, a_place(item), answer=())

    assert (served.type, served.asked.typed, served.asked.unit) == ("text", "", "")


SECRET_BODIES: list[Body] = [
    SingleChoice(SECRET_OPTIONS),
    MultipleResponse(SECRET_OPTIONS),
    a_number(42, misses=(a_miss(SECRET, note=SECRET),)),
    a_text(SECRET, misses=(a_miss(SECRET, note=SECRET),)),
    an_output(SECRET, misses=(a_miss(SECRET, note=SECRET),)),
    LineOrder(SECRET_OPTIONS[:1], (Distractor(SECRET_OPTIONS[1], SECRET),)),
    PairMatch((Prompt(SECRET, "prompt", SECRET, SECRET),), SECRET_OPTIONS),
    GapFill((SingleChoice(SECRET_OPTIONS), a_text(SECRET, misses=(a_miss(SECRET, note=SECRET),)))),
]


@pytest.mark.parametrize("body", SECRET_BODIES, ids=lambda body: body.name)
def test_neither_key_nor_note_nor_explanation_nor_telling_id_is_served(body: Body) -> None:
    item = an_item_full_of_secrets(body=body)

    served = serve(item, a_place(item), answer=())

    assert SECRET not in repr(served)
    assert "is_key" not in repr(served)
    assert "42" not in repr(served)


def test_every_type_is_looked_at_for_secrets() -> None:
    assert {body.name for body in SECRET_BODIES} == set(REGISTRY)
