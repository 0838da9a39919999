"""Adaptive attempts by HTTP: one way, each answer served with what follows, the rule told at the end."""

import re
from collections.abc import Callable

import pytest

from tests.browser import Browser
from tests.builders import item_at, right_answer, take, wrong_answer
from tests.conftest import NOON, Cast
from tests.web.forms import form, forms
from tests.web.stored import everything
from tests.web.test_queries import Counting, counting  # noqa: F401 -- a fixture
from tracker.assessment.attempt import Attempt
from tracker.services import adaptive, bank
from tracker.storage.question_bank import get_bank

HTMX = {"HX-Request": "true"}
START = "/assessments/language-adaptive"


@pytest.fixture
def path(ada: Browser) -> str:
    """Where the adaptive quiz is that Ada has just started."""
    return ada.post(f"{START}/attempts").location or ""


def an_answer(attempt: Attempt, **fields: str | list[str]) -> dict[str, str | list[str]]:
    """What the form of the attempt's place sends for the right answer."""
    return {
        "seq": str(attempt.seq),
        "position": str(attempt.position),
        "item": attempt.form[attempt.position].item_version,
        "answer": right_answer(item_at(attempt, attempt.position)),
        **fields,
    }


def test_a_whole_quiz_can_be_taken_by_forms_and_redirects_alone(ada: Browser) -> None:
    start = form(ada.get(START).text, f"{START}/attempts")
    path = ada.post_bare(start.action, start.sent()).location
    for number in range(1, 16):
        page = ada.get(path).text
        assert f"Question {number} of at most 15" in page
        (place,) = [found for found in forms(page) if path in found.action]
        assert place.buttons == []
        assert ada.post_bare(place.action, place.sent(answer=place.some_answer())).location == path

    assert ada.get(path).location == f"{path}/result"
    assert "We stopped after 15 questions: that was the full length." in squeezed(ada.get(f"{path}/result").text)


def test_by_htmx_each_answer_brings_the_next_item_and_the_last_one_the_result(ada: Browser, path: str) -> None:
    page = ada.get(path).text
    for number in range(2, 16):
        place = form(page, f"{path}/responses")
        page = ada.post_bare(place.action, place.sent(answer=place.some_answer()), **HTMX).text
        assert page.startswith("<section")
        assert f"Question {number} of at most 15" in page
    place = form(page, f"{path}/responses")
    last = ada.post_bare(place.action, place.sent(answer=place.some_answer()), **HTMX)
    assert last.headers["HX-Redirect"] == f"{path}/result"


def test_an_item_may_be_left_out(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    place = form(ada.get(path).text, f"{path}/responses")
    ada.post_bare(place.action, place.sent())
    assert stored().answers == {0: ()}
    assert stored().position == 1


def test_an_attempt_is_resumed_at_its_place(
    ada: Browser, path: str, stored: Callable[[], Attempt], cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada.post(f"{path}/responses", an_answer(stored()))

    elsewhere = browser(cast.ada)
    assert "1 answer of at most 15 saved" in squeezed(elsewhere.get("/").text)
    assert form(elsewhere.get(path).text, f"{path}/responses").values["position"] == ["1"]


def test_two_tabs_answering_the_same_place_one_wins_and_the_other_is_told(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    first = stored()
    ada.post(f"{path}/responses", an_answer(first))
    before = everything()

    other = ada.post(f"{path}/responses", an_answer(first, answer=wrong_answer(item_at(first, 0))))

    assert other.status_code == 409
    assert 'data-seq="2"' in other.text
    assert everything() == before


@pytest.mark.parametrize("fields", [{"then": "0"}, {"then": "2"}, {"position": "0"}, {"position": "7"}])
def test_what_does_not_belong_to_the_place_is_refused(
    ada: Browser, path: str, stored: Callable[[], Attempt], fields: dict[str, str]
) -> None:
    ada.post(f"{path}/responses", an_answer(stored()))
    before = everything()

    assert ada.post(f"{path}/responses", an_answer(stored(), **fields)).status_code == 400
    assert everything() == before


def test_there_is_no_way_back(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    ada.post(f"{path}/responses", an_answer(stored()))
    assert ada.post(f"{path}/moves", {"seq": "2", "then": "0"}).status_code == 400
    assert stored().position == 1


def test_the_page_tells_nothing_of_why_an_item_was_chosen(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    ada.post(f"{path}/responses", an_answer(stored()))
    reason = stored().form[1].reason
    assert reason
    page = ada.get(path).text
    assert reason.criterion not in page
    assert str(reason.theta) not in page


def test_the_list_has_every_adaptive_assessment_and_the_fixed_forms(ada: Browser) -> None:
    page = ada.get("/assessments").text
    linked = set(re.findall(r'href="/assessments/([\w-]+)"', page))
    quizzes = [quiz for _area, of_area in bank.list_topic_quizzes() for quiz in of_area]
    assert len(quizzes) == 29
    assert linked == {one.slug for one in (*get_bank().assessments.values(), *get_bank().adaptive.values())}


def test_before_the_start_the_page_says_what_adaptive_means(ada: Browser) -> None:
    page = squeezed(ada.get("/assessments/topic-databases-sqlite").text)
    assert "At most 8, one at a time, each chosen by your answers so far" in page
    assert "Stops early" in page
    assert "Databases: SQLite." in page
    assert "Up to 12 minutes" in page


def test_a_fixed_form_says_so_too(ada: Browser) -> None:
    page = squeezed(ada.get("/assessments/language").text)
    assert "change an answer until you finish" in page
    assert "Stops early" not in page


def test_the_result_says_which_rule_stopped_it(ada: Browser, cast: Cast) -> None:
    attempt = take("topic-language-oop", learner_id=cast.ada, now=NOON, wrong=range(8))
    page = squeezed(ada.get(f"/attempts/{attempt.id}/result").text)
    count = len(attempt.form)
    assert f"We stopped after {count} questions of at most 8: it was clear whether you reach Proficient here." in page


def test_a_result_of_a_fixed_form_speaks_of_no_rule(ada: Browser, cast: Cast) -> None:
    attempt = take("language", learner_id=cast.ada, now=NOON)
    assert "We stopped" not in ada.get(f"/attempts/{attempt.id}/result").text


def test_an_answer_costs_an_update_and_at_most_two_reads(
    counting: Counting,  # noqa: F811
    ada: Browser,
    path: str,
) -> None:
    page = ada.get(path).text
    for read in (["find"], [], [], []):  # then the process has the attempt from the turn before
        place = form(page, f"{path}/responses")
        with counting() as asked:
            page = ada.post_bare(place.action, place.sent(answer=place.some_answer()), **HTMX).text
        # a process looks once whether the text of an item is kept, and keeps one that was never served before
        assert asked.mongodb in ([*read, *once, "update"] for once in ([], ["find"], ["find", "insert"]))
        assert len(asked.sql) <= 2


def test_after_a_restart_an_answer_costs_a_few_reads_more(
    counting: Counting,  # noqa: F811
    ada: Browser,
    path: str,
) -> None:
    place = form(ada.get(path).text, f"{path}/responses")
    adaptive.get_setting.cache_clear()
    with counting() as asked:
        ada.post_bare(place.action, place.sent(answer=place.some_answer()), **HTMX)
    assert len(asked.mongodb) <= 10


def squeezed(text: str) -> str:
    """The words of a page, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", "", text).split())
