"""The form of every type of item: what it sends is read, kept and shown again, and refused in words."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests.browser import Browser
from tests.builders import a_place, an_attempt
from tests.conftest import Cast
from tests.web.forms import Form, form
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.assembly import Placement
from tracker.assessment.item import Item
from tracker.assessment.item_types import REGISTRY
from tracker.storage import attempts as stored_attempts
from tracker.storage.question_bank import get_bank

PATH = f"/attempts/{'a' * 32}"
each_type = pytest.mark.parametrize("type_name", list(REGISTRY))


@pytest.fixture
def item(type_name: str, app: Flask) -> Item:
    """The first item of this type in the bank."""
    return next(item for item in get_bank().items.values() if item.body.name == type_name)


@pytest.fixture
def ada(item: Item, cast: Cast, browser: Callable[[int | None], Browser]) -> Browser:
    """Ada's browser; she has an attempt at just this item, as the second of two places."""
    now = clock.now()
    form = (a_place(item), a_place(item))
    attempt = an_attempt(learner_id=cast.ada, form=form, started_at=now)
    assert stored_attempts.add(attempt)
    return browser(cast.ada)


def shown(ada: Browser) -> Form:
    """The form of the attempt's place as it is shown now."""
    return form(ada.get(PATH).text, f"{PATH}/responses")


def go_back(ada: Browser) -> Form:
    """Go from the second place to the first, without an answer to the second."""
    place = shown(ada)
    ada.post_bare(place.action, place.sent(("then", "0")))
    return shown(ada)


@each_type
def test_the_right_answer_and_every_foreseen_slip_are_kept_and_shown_again(ada: Browser, item: Item) -> None:
    for answer in (item.body.key, *item.body.slips):
        sent = item.body.send(answer)
        ada.post_bare(PATH + "/responses", shown(ada).sent(("then", "1"), answer=sent))

        again = go_back(ada).values["answer"]

        assert item.body.read(again) == answer


@each_type
def test_a_form_that_nobody_touched_is_an_answer_left_out(ada: Browser, item: Item, cast: Cast) -> None:
    place = shown(ada)

    ada.post_bare(place.action, place.sent(("then", "1")))

    attempt = stored_attempts.get("a" * 32, learner_id=cast.ada)
    assert attempt.answers == {0: ()}


@pytest.mark.parametrize(
    ("type_name", "change", "sentence"),
    [
        ("single", lambda sent: [*sent, *sent], "Choose from the options shown."),
        ("multiple", lambda _: ["unknown"], "Choose from the options shown."),
        ("number", lambda _: ["many"], "Type a number, such as 12 or 0.5."),
        ("text", lambda _: ["a\tb"], "Type plain characters on one line."),
        ("output", lambda _: ["1\r\n" * 10 + "1"], "Type at most 10 lines."),
        ("order", lambda sent: [sent[0], sent[1].partition(":")[0] + ":1"], "Two lines have place 1."),
        ("match", lambda sent: sent[:-1], "Choose from the options shown."),
        ("gap", lambda sent: [*sent, "more"], "Fill the gaps shown."),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_what_is_no_answer_is_refused_in_words_and_not_stored(
    ada: Browser, item: Item, change: Callable[[list[str]], list[str]], sentence: str, headers: dict[str, str]
) -> None:
    place = shown(ada)
    before = everything()

    refused = ada.post(place.action, place.sent(("then", "1"), answer=change(item.body.send(item.body.key))), **headers)

    assert refused.status_code == 400
    assert sentence in refused.text
    assert everything() == before


@pytest.mark.parametrize("type_name", ["order"])
def test_lines_are_shown_in_the_order_of_the_form_until_they_have_places(ada: Browser, item: Item, cast: Cast) -> None:
    option_ids = tuple(reversed([option.id for option in item.body.options]))
    attempt = stored_attempts.get("a" * 32, learner_id=cast.ada)
    own = replace(attempt, id="b" * 32, form=(Placement(item.id, item.version, option_ids),), assessment_slug="tools")
    assert stored_attempts.add(own)
    tokens = {option.id: option.token for option in item.body.options}

    boxes = form(ada.get(f"/attempts/{own.id}").text, "/responses").boxes["answer"]

    assert [box[1] for box in boxes] == [f"{tokens[option_id]}:1" for option_id in option_ids]
