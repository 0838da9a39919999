"""The authors' pages of statistics and reviews, and what learners are told of a review."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.browser import Browser
from tests.builders import answer, take
from tests.conftest import NOON, Cast
from tests.services.crowd import LEAKED, MISKEYED, SOUND, area_items, calibrate, fill
from tests.web.forms import form
from tests.web.stored import everything
from tests.web.test_bank import listed
from tracker.services import attempts, item_reviews, item_statistics
from tracker.services.answer_log import AnswerLog

LATER = NOON + timedelta(days=60)


@pytest.fixture
def vera(small_app: Flask, cast: Cast) -> Browser:
    """The browser of somebody who writes items, on the small bank."""
    return Browser(small_app, cast.vera)


def compute() -> None:
    """Do what `flask bank health --flag` does."""
    log = AnswerLog()
    sum(item_statistics.read_answers(log, now=LATER))
    found = [one for area in item_statistics.compute_statistics(log, now=LATER) for one in area]
    item_statistics.keep_statistics(found, now=LATER)
    item_reviews.flag_alarmed(found, now=LATER)


def test_an_item_without_answers_says_how_statistics_come_about(vera: Browser) -> None:
    page = vera.get(f"/bank/items/{SOUND}").text

    assert "No answers yet." in page
    assert "No statistics yet" in page
    assert "flask bank health" in page


def test_an_items_page_shows_its_statistics_as_numbers_and_drawings(small_app: Flask, vera: Browser) -> None:
    calibrate(area_items())
    fill(300, miskeyed=MISKEYED, leaked=LEAKED)
    compute()

    page = vera.get(f"/bank/items/{MISKEYED}").text

    assert "300 answers to this version" in page
    assert "The key may be wrong" in page
    assert "Check the key against the source." in page
    assert page.count('<svg class="curve') == 3
    assert page.count('class="curve curve-key"') == 1
    assert '<svg class="fit"' in page
    assert "1.50 <span" in page  # a, with its error
    assert "nan" not in page.split('id="health-heading"')[1].lower().replace("unanswered", "")
    assert "Nothing to look at" in vera.get(f"/bank/items/{SOUND}").text


def test_the_list_is_filtered_by_health(small_app: Flask, vera: Browser) -> None:
    calibrate(area_items())
    fill(300, miskeyed=MISKEYED, leaked=LEAKED)
    compute()

    assert set(listed(vera.get("/bank?health=review").text)) == {MISKEYED, LEAKED}
    assert SOUND in listed(vera.get("/bank?health=sound").text)
    assert listed(vera.get("/bank?health=unmeasured").text) == ["language/oop/old", "tools/git/clean"]
    assert "2 under review" in vera.get("/bank").text


def test_an_author_puts_an_item_under_review_and_keeps_it_each_with_a_reason(vera: Browser) -> None:
    path = f"/bank/items/{SOUND}"
    asked = form(vera.get(path).text, f"/bank/reviews/{SOUND}")

    answer = vera.post(asked.action, asked.sent(because="Two answers <are> right."))

    assert (answer.status_code, answer.location) == (302, f"{path}#review")
    page = vera.get(path).text
    assert "<strong>Under review.</strong>" in page
    assert "Put under review by Vera" in page
    assert "Two answers &lt;are&gt; right." in page
    asked = form(page, f"/bank/reviews/{SOUND}")
    vera.post(asked.action, asked.sent(because="No, one."))
    assert "Kept by Vera" in vera.get(path).text
    assert "<strong>Under review.</strong>" not in vera.get(path).text


@pytest.mark.parametrize("sent", [{"because": ""}, {"because": "  "}, {"because": "x" * 301}, {"state": "gone"}, {}])
def test_a_decision_without_a_reason_or_a_meaning_changes_nothing(vera: Browser, sent: dict[str, str]) -> None:
    before = everything()

    answer = vera.post(f"/bank/reviews/{SOUND}", {"state": "under review", **sent})

    assert answer.status_code == 400
    assert everything() == before


def test_a_decision_that_was_taken_already_is_refused_in_a_sentence(vera: Browser) -> None:
    sent = {"state": "kept", "because": "It is fine."}

    answer = vera.post(f"/bank/reviews/{SOUND}", sent)

    assert answer.status_code == 409
    assert "is not under review: its answers count." in answer.text


def test_a_learner_is_told_which_question_did_not_count(app: Flask, cast: Cast) -> None:
    sound = take("language", learner_id=cast.ada, now=NOON)
    ada = Browser(app, cast.ada)
    assert "under review" not in ada.get(f"/attempts/{sound.id}/result").text
    attempt = attempts.start_attempt("language", learner_id=cast.lena, now=NOON)
    for place in attempt.form[:3]:
        item_reviews.flag_item(place.item_id, because="It looks odd.", now=NOON)

    for _place in attempt.form:
        attempt = answer(attempt)
    attempts.finish_attempt(attempt.id, learner_id=cast.lena, seq=attempt.seq, now=NOON)
    page = Browser(app, cast.lena).get(f"/attempts/{attempt.id}/result").text

    assert page.count("This question is under review and did not count.") == 3
    assert "9 of 9 questions" in page
