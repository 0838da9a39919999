"""Practice in the browser: nothing tells the key before the answer, everything is explained after it."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.builders import right_answer, take, wrong_answer
from tests.conftest import NOON, Cast
from tests.web.forms import form
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.item import Item
from tracker.services import attempts
from tracker.services.items import find_item

Sent = dict[str, str | list[str]]


@pytest.fixture
def ada(browser: Callable[[int | None], Browser], cast: Cast) -> Browser:
    return browser(cast.ada)


def shown(browser: Browser, scope: str = "tools") -> tuple[Item, Sent]:
    """The item of a practice page, and what its form sends untouched."""
    place = form(browser.get(f"/practice/{scope}").text, f"/practice/{scope}/answers")
    item = find_item(place.values["item"][0])
    assert item
    return item, place.sent()


def check(browser: Browser, sent: Sent, *, scope: str = "tools", **changed: str | list[str]) -> TestResponse:
    return browser.post(f"/practice/{scope}/answers", {**sent, **changed})


def test_everything_can_be_chosen_to_practise(ada: Browser) -> None:
    page = ada.get("/practice").text

    assert "Nothing due today" in page
    for scope in ("language", "tools", "topic-language-syntax"):
        assert f'href="/practice/{scope}"' in page
    assert "Practice never changes a score" in page


def test_an_item_is_asked_without_its_key_and_explained_after_the_answer(ada: Browser) -> None:
    item, sent = shown(ada)
    asked = ada.get("/practice/tools").text
    assert item.explanation not in asked
    assert item.source.url not in asked
    assert not any(option.note in asked for option in item.body.options if option.note)

    answered = check(ada, sent, answer=wrong_answer(item))
    assert answered.status_code == 302
    page = ada.get(answered.location).text

    assert "<h1>Not yet</h1>" in page or "<h1>Partly right</h1>" in page
    assert item.explanation in page
    assert item.source.url in page
    assert "This comes back on" in page
    for slug in item.find_misconceptions(item.body.read(wrong_answer(item))):
        assert slug not in page  # its name is said, not its slug
    assert 'href="/practice/tools"' in page


def test_a_right_answer_is_told_so_and_another_item_follows(ada: Browser) -> None:
    item, sent = shown(ada)

    page = ada.get(check(ada, sent, answer=right_answer(item)).location).text

    assert "<h1>Right</h1>" in page
    assert shown(ada)[0].id != item.id


def test_somebody_who_does_not_know_is_told_whatever_was_chosen(ada: Browser) -> None:
    item, sent = shown(ada)

    page = ada.get(check(ada, sent, answer=right_answer(item), is_unknown="y").location).text

    assert "<h1>Here is the answer</h1>" in page


def test_the_same_answer_sent_twice_counts_once_and_another_one_is_refused(ada: Browser) -> None:
    item, sent = shown(ada)
    first = check(ada, sent, answer=right_answer(item))
    before = everything()

    again = check(ada, sent, answer=right_answer(item))
    other = check(ada, sent, answer=wrong_answer(item))

    assert again.location == first.location
    assert other.status_code == 409
    assert "Your first answer was kept." in other.text
    assert 'href="/practice/tools"' in other.text
    assert everything() == before


@pytest.mark.parametrize(
    "wrong", [{"seq": "-1"}, {"seq": "x"}, {"item": ""}, {"shown_at": "x"}, {"answer": ["x" * 1000]}]
)
def test_what_is_malformed_is_refused_and_changes_nothing(ada: Browser, wrong: Sent) -> None:
    _, sent = shown(ada)
    before = everything()

    assert check(ada, {**sent, **wrong}).status_code in {400, 409}
    assert everything() == before


@pytest.mark.parametrize("path", ["/practice/unknown", "/practice/topic-language", "/practice/topic-language-unknown"])
def test_what_is_not_on_the_roadmap_cannot_be_practised(ada: Browser, path: str) -> None:
    assert ada.get(path).status_code == 404


def test_an_answer_is_its_learners_alone(ada: Browser, browser: Callable[[int | None], Browser], cast: Cast) -> None:
    item, sent = shown(ada)
    path = check(ada, sent, answer=right_answer(item)).location

    assert browser(cast.omar).get(path).status_code == 404
    assert browser(cast.lena).get(path).status_code == 404
    assert ada.get(re.sub(r"\d+$", "2", path)).status_code == 404


def test_what_an_open_quiz_asks_is_neither_taken_nor_explained(ada: Browser, cast: Cast) -> None:
    item, sent = shown(ada)
    path = check(ada, sent, answer=right_answer(item)).location
    attempt = attempts.start_attempt("topic-" + item.topic_id.replace("/", "-"), learner_id=cast.ada, now=clock.now())
    assert attempt.plan

    explained = ada.get(path)

    assert explained.status_code == 409
    assert item.explanation not in explained.text


def test_home_says_how_much_is_due_only_when_something_is(ada: Browser, cast: Cast) -> None:
    assert "due today" not in ada.get("/").text

    take("language", learner_id=cast.ada, now=NOON, wrong={4})

    assert "1 item due today" in ada.get("/").text
