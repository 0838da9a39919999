"""Reporting a problem with an item: from a result or practice, to the authors, and their reply back."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from time_machine import travel

from tests.browser import Browser
from tests.builders import item_at, some_terms, take
from tests.conftest import NOON, Cast
from tests.web.forms import form
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import Attempt
from tracker.services import attempts
from tracker.services.item_reports import MOST_A_DAY
from tracker.storage import documents, item_reports, sql
from tracker.storage.tables import ItemReport

Stored = Callable[[], Sequence[ItemReport]]

TEXT = "Two of the options seem right to me."
SENT = {"kind": "key", "text": TEXT}


@pytest.fixture
def ada(cast: Cast, browser: Callable[[int | None], Browser]) -> Browser:
    return browser(cast.ada)


@pytest.fixture
def vera(cast: Cast, browser: Callable[[int | None], Browser]) -> Browser:
    return browser(cast.vera)


@pytest.fixture
def stored(app: Flask) -> Stored:
    """The open reports as they are stored now, whatever this test's own session has read before."""

    def read() -> Sequence[ItemReport]:
        with app.app_context():
            return item_reports.list_open()

    return read


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's finished language quiz, its first question answered wrongly."""
    return take("language", learner_id=cast.ada, now=NOON, wrong=[0])


@pytest.fixture
def path(attempt: Attempt) -> str:
    """Where a problem with its first question is reported."""
    return f"/attempts/{attempt.id}/places/1/report"


def test_a_report_from_a_result_reaches_the_authors_and_their_reply_comes_back(
    ada: Browser, vera: Browser, attempt: Attempt, path: str, stored: Stored
) -> None:
    result = f"/attempts/{attempt.id}/result"
    assert path in ada.get(result).text
    page = ada.get(path).text
    assert item_at(attempt, 0).stem in page
    assert "Authors see your text, your answer and the version you had, not your name." in page

    sent = ada.post_bare(path, form(page, path).sent(kind="key", text=TEXT))

    assert sent.location == f"{result}#question-1"
    told = ada.get(result).text
    assert "The authors have your report" in told
    assert f"You reported: {TEXT}" in told
    assert "The authors have not replied yet." in told

    assert "1 open report" in vera.get("/bank").text
    item_id = attempt.form[0].item_id
    (report,) = stored()
    where = f"/bank/reports/{report.public_id}"
    assert where in vera.get("/bank/reports").text
    assert where in vera.get(f"/bank/items/{item_id}").text
    shown = vera.get(where).text
    for known in (TEXT, attempt.form[0].item_version, "Programming language", "The key seems wrong", "Your "):
        assert known.lower() in shown.lower()

    replied = vera.post_bare(where, form(shown, where).sent(text="You are right: mended today."))

    assert replied.location == where
    assert "Vera replied on" in vera.get(where).text
    assert "open report" not in vera.get("/bank").text
    for page in (ada.get(result).text, ada.get("/account").text):
        assert "You are right: mended today." in page
        assert "Vera" not in page


def test_authors_are_not_told_who_reported(
    ada: Browser, vera: Browser, attempt: Attempt, path: str, stored: Stored
) -> None:
    ada.post(path, SENT)
    (report,) = stored()

    for page in ("/bank/reports", f"/bank/reports/{report.public_id}", f"/bank/items/{report.item_id}"):
        shown = vera.get(page).text
        assert TEXT in shown
        assert not any(secret in shown for secret in (">Ada", "ada@example.org", attempt.id))


def test_a_report_from_practice_names_practice_and_the_answer(ada: Browser, vera: Browser, stored: Stored) -> None:
    place = form(ada.get("/practice/tools").text, "/practice/tools/answers")
    explained = ada.post_bare(place.action, place.sent(is_unknown="y")).location or ""
    page = ada.get(explained).text
    where = f"{explained}/report"
    assert where in page

    sent = ada.post(where, SENT)

    assert sent.location == explained
    (report,) = stored()
    assert (report.attempt_id, report.assessment_name, report.answer) == (None, None, [])
    shown = vera.get(f"/bank/reports/{report.public_id}").text
    assert "Practice" in shown
    assert "the question was left out" in shown
    assert "in practice" in ada.get("/account").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": "  short  "}, "between 10 and 1000"),
        ({"text": "x" * 1001}, "between 10 and 1000"),
        ({"text": ""}, "Say what is wrong."),
        ({"text": "a bell \x07 rings here"}, "plain characters"),
        ({"kind": "praise"}, "Not a valid choice"),
        ({"kind": ""}, "Choose what fits best."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_stored(
    ada: Browser, path: str, changed: dict[str, str], said: str
) -> None:
    ada.get(path.replace("places/1/report", "result"))
    before = everything()

    refused = ada.post(path, {**SENT, **changed})

    assert refused.status_code == 400
    assert said in refused.text
    assert everything() == before


def test_a_text_of_several_lines_is_shown_as_text_and_never_as_markup(
    ada: Browser, vera: Browser, path: str, stored: Stored
) -> None:
    ada.post(path, {**SENT, "text": "First <b>line</b>\r\nand a second one"})

    (report,) = stored()
    assert report.text == "First <b>line</b>\nand a second one"
    assert "First &lt;b&gt;line&lt;/b&gt;\nand a second one" in vera.get(f"/bank/reports/{report.public_id}").text


def test_a_form_sent_twice_is_stored_once(ada: Browser, path: str, stored: Stored) -> None:
    asked = form(ada.get(path).text, path)

    for _ in range(2):
        assert ada.post(path, asked.sent(**SENT)).status_code == 302

    assert len(stored()) == 1


def test_a_form_sent_again_with_other_words_is_another_report(ada: Browser, path: str, stored: Stored) -> None:
    asked = form(ada.get(path).text, path)

    for text in (TEXT, f"{TEXT} The first and the last."):
        ada.post(path, asked.sent(kind="key", text=text))

    assert len(stored()) == 2


def test_the_same_words_in_a_new_form_are_another_report_even_after_a_reply(
    ada: Browser, vera: Browser, path: str, stored: Stored
) -> None:
    ada.post(path, form(ada.get(path).text, path).sent(**SENT))
    (first,) = stored()
    vera.post(f"/bank/reports/{first.public_id}", {"text": "Mended today."})

    ada.post(path, form(ada.get(path).text, path).sent(**SENT))

    (second,) = stored()
    assert second.text == first.text
    assert second.public_id != first.public_id


def test_neither_a_report_nor_its_reply_is_shown_while_its_item_is_held(
    ada: Browser, vera: Browser, attempt: Attempt, path: str, stored: Stored, cast: Cast
) -> None:
    ada.post(path, SENT)
    (report,) = stored()
    vera.post(f"/bank/reports/{report.public_id}", {"text": "Only the second option is right."})
    topic_id = attempt.form[0].item_id.rpartition("/")[0]
    pages = ("/account", f"/attempts/{attempt.id}/result")

    again = attempts.start_attempt(f"topic-{topic_id.replace('/', '-')}", learner_id=cast.ada, now=clock.now())

    for page in pages:
        shown = ada.get(page).text
        assert TEXT not in shown
        assert "Only the second option is right." not in shown
        assert "What you reported, and the reply, are shown" in shown
    attempts.finish_attempt(again.id, learner_id=cast.ada, seq=again.seq, now=clock.now())
    for page in pages:
        shown = ada.get(page).text
        assert TEXT in shown
        assert "Only the second option is right." in shown


def test_what_an_open_attempt_asks_cannot_be_reported(ada: Browser, cast: Cast) -> None:
    started = attempts.start_attempt("language", learner_id=cast.ada, now=clock.now())
    before = everything()

    refused = ada.post(f"/attempts/{started.id}/places/1/report", SENT)

    assert refused.status_code == 409
    assert "once it is over" in refused.text
    assert everything() == before


def test_what_an_open_adaptive_attempt_may_ask_cannot_be_reported_from_an_older_result(
    ada: Browser, cast: Cast
) -> None:
    finished = take("tools", learner_id=cast.ada, now=NOON)
    attempts.start_attempt("topic-tools-git", learner_id=cast.ada, now=clock.now())
    number = next(at for at, place in enumerate(finished.form, 1) if place.item_id.startswith("tools/git/"))

    refused = ada.get(f"/attempts/{finished.id}/places/{number}/report")

    assert refused.status_code == 409
    item = item_at(finished, number - 1)
    assert item.stem not in refused.text
    assert "is not explained to you yet" in refused.text


def test_what_is_not_released_cannot_be_reported(ada: Browser, attempt: Attempt, path: str) -> None:
    terms = some_terms(release=Release.NEVER)
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$set": {"assignment": asdict(terms)}})

    refused = ada.post(path, SENT)

    assert refused.status_code == 409
    assert path not in ada.get(f"/attempts/{attempt.id}/result").text


def test_a_report_stays_readable_when_the_bank_has_lost_the_version(
    ada: Browser, vera: Browser, attempt: Attempt, path: str, stored: Stored
) -> None:
    ada.post(path, SENT)
    (report,) = stored()
    with sql.writing() as session:
        session.execute(update(ItemReport).values(item_version="0000000000000000"))

    shown = vera.get(f"/bank/reports/{report.public_id}").text

    assert TEXT in shown
    assert "This version is no longer known." in shown


@pytest.mark.parametrize("number", ["0", "13", "99999999999999999999"])
def test_a_place_that_the_form_has_not_is_not_found(ada: Browser, path: str, number: str, stored: Stored) -> None:
    where = path.replace("places/1/", f"places/{number}/")

    assert ada.get(where).status_code == 404
    assert ada.post(where, SENT).status_code == 404
    assert len(stored()) == 0


def test_somebody_else_can_neither_report_nor_see_it(
    ada: Browser, path: str, cast: Cast, browser: Callable[[int | None], Browser], stored: Stored
) -> None:
    omar = browser(cast.omar)
    ada.post(path, SENT)
    (report,) = stored()
    before = everything()

    assert omar.get(path).status_code == 404
    assert omar.post(path, SENT).status_code == 404
    for hidden in ("/bank/reports", f"/bank/reports/{report.public_id}"):
        assert omar.get(hidden).status_code == 404
        assert ada.get(hidden).status_code == 404
    assert ada.post(f"/bank/reports/{report.public_id}", {"text": "All is well."}).status_code == 404
    assert TEXT not in omar.get("/account").text
    assert everything() == before


def test_after_twenty_in_a_day_the_next_is_refused_and_the_day_after_taken(
    cast: Cast, browser: Callable[[int | None], Browser], path: str, stored: Stored
) -> None:
    with travel(NOON + timedelta(hours=1), tick=False):
        ada = browser(cast.ada)
        for number in range(MOST_A_DAY):
            assert ada.post(path, {**SENT, "text": f"Problem number {number}."}).status_code == 302

        refused = ada.post(path, SENT)

        assert refused.status_code == 409
        assert "this one was not saved" in refused.text
        assert len(stored()) == MOST_A_DAY
    with travel(NOON + timedelta(days=1, hours=2), tick=False):
        assert browser(cast.ada).post(path, SENT).status_code == 302


def test_a_second_reply_is_refused_and_the_first_stays(ada: Browser, vera: Browser, path: str, stored: Stored) -> None:
    ada.post(path, SENT)
    (report,) = stored()
    where = f"/bank/reports/{report.public_id}"
    vera.post(where, {"text": "It is right as it is."})

    again = vera.post(where, {"text": "No, it is wrong."})

    assert again.status_code == 409
    shown = vera.get(where).text
    assert "It is right as it is." in shown
    assert "No, it is wrong." not in shown


def test_an_empty_reply_is_refused(ada: Browser, vera: Browser, path: str, stored: Stored) -> None:
    ada.post(path, SENT)
    (report,) = stored()

    refused = vera.post(f"/bank/reports/{report.public_id}", {"text": " "})

    assert refused.status_code == 400
    assert len(stored()) == 1
