"""What the script of an attempt's page asks for: small acknowledgements, the clock, flags and signals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from time_machine import travel
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.builders import answer, item_at, right_answer, wrong_answer
from tests.conftest import Cast
from tests.web.forms import form
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.attempt import MOST_SIGNALS, Attempt
from tracker.assessment.time_ledger import Credit
from tracker.storage import attempts as stored_attempts

DATA = {"Accept": "application/json"}
PLACE = {**DATA, "HX-Request": "true"}


def a_choice(attempt: Attempt, **fields: str | list[str]) -> dict[str, str | list[str]]:
    """What the page sends as soon as the right answer to its place is chosen."""
    return {
        "seq": str(attempt.seq),
        "position": str(attempt.position),
        "then": str(attempt.position),
        "item": attempt.form[attempt.position].item_version,
        "answer": right_answer(item_at(attempt, attempt.position)),
        "key": f"{attempt.seq:032}",
        **fields,
    }


def problem(response: TestResponse) -> dict[str, Any]:
    """What a refusal says to a program."""
    assert response.mimetype == "application/json"
    told: dict[str, Any] = response.json or {}
    assert told["status"] == response.status_code
    assert told["message"]
    return told


def test_a_choice_is_acknowledged_with_the_newest_number_and_the_time_left(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    with travel(stored().started_at + timedelta(minutes=5), tick=False):
        reply = ada.post(f"{path}/responses", a_choice(stored()), **DATA)
    told = reply.json or {}
    assert (reply.status_code, told["seq"], told["position"], told["is_finished"]) == (200, 2, 0, False)
    assert (told["remaining_seconds"], told["limit_seconds"]) == (600, 900)
    assert len(reply.data) < 500
    assert stored().answers.keys() == {0}


def test_the_same_choice_sent_again_much_later_gets_the_same_and_is_saved_once(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    first = a_choice(stored())
    ada.post(f"{path}/responses", first, **DATA)
    ada.post(f"{path}/responses", a_choice(stored(), answer=wrong_answer(item_at(stored(), 0))), **DATA)
    before = everything()
    again = ada.post(f"{path}/responses", first, **DATA)
    assert (again.status_code, (again.json or {})["seq"]) == (200, 3)
    assert everything() == before


def test_a_key_that_comes_again_with_another_answer_is_refused(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    first = a_choice(stored())
    ada.post(f"{path}/responses", first, **DATA)
    before = everything()
    other = a_choice(stored(), key=first["key"], answer=wrong_answer(item_at(stored(), 0)))
    refused = ada.post(f"{path}/responses", other, **DATA)
    assert (refused.status_code, problem(refused)["error"]) == (422, "key-reused")
    assert everything() == before


@pytest.mark.parametrize("key", ["a" * 65, "a b", "../a", "a\n", "ä"])
def test_a_key_that_is_none_of_ours_is_refused(
    ada: Browser, path: str, stored: Callable[[], Attempt], key: str
) -> None:
    refused = ada.post(f"{path}/responses", a_choice(stored(), key=key), **DATA)
    assert (refused.status_code, list(problem(refused)["fields"])) == (400, ["key"])
    assert stored().seq == 1


def test_a_refusal_is_told_to_a_program_with_what_is_current(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    old = a_choice(stored(), answer=wrong_answer(item_at(stored(), 0)))
    answer(stored(), then=0)
    stale = ada.post(f"{path}/responses", old, **PLACE)
    assert (stale.status_code, problem(stale)["error"], problem(stale)["seq"]) == (409, "stale", 2)

    ada.post(f"{path}/finish", {"seq": "2"})
    closed = ada.post(f"{path}/responses", old, **DATA)
    assert (closed.status_code, problem(closed)["error"]) == (409, "closed")
    assert problem(closed)["closed_at"] <= problem(closed)["now"]


def test_a_visitor_and_a_page_of_an_earlier_session_are_told_apart(
    app: Flask, ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    visitor = Browser(app, None)
    assert problem(visitor.post(f"{path}/responses", a_choice(stored()), **DATA))["status"] == 401
    assert problem(visitor.get(f"{path}/clock", **DATA))["status"] == 401
    forged = ada.post_bare(f"{path}/responses", a_choice(stored()), **DATA)
    assert (forged.status_code, problem(forged)["error"]) == (400, "outdated-page")


def test_a_page_that_opens_makes_older_ones_out_of_date(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    old = a_choice(stored())
    opened = ada.post(f"{path}/opened", **DATA)
    assert (opened.status_code, (opened.json or {})["seq"]) == (200, 2)
    assert ada.post(f"{path}/responses", old, **DATA).status_code == 409
    assert ada.post(f"{path}/responses", a_choice(stored()), **DATA).status_code == 200


def test_a_page_that_opens_again_under_its_key_stays_the_newest(ada: Browser, path: str) -> None:
    first, again = [ada.post(f"{path}/opened", {"key": "page-1"}, **DATA) for _ in range(2)]
    assert (first.json or {})["seq"] == (again.json or {})["seq"] == 2
    refused = ada.post(f"{path}/opened", {"key": "no key/of ours"}, **DATA)
    assert refused.status_code == 400


def test_a_finished_attempt_cannot_be_taken_over(ada: Browser, path: str) -> None:
    ada.post(f"{path}/finish", {"seq": "1"})
    assert problem(ada.post(f"{path}/opened", **DATA))["error"] == "closed"


def test_the_clock_tells_of_more_time_and_why(
    ada: Browser, path: str, stored: Callable[[], Attempt], cast: Cast
) -> None:
    before = ada.get(f"{path}/clock", **DATA)
    credit = Credit("c1", clock.now(), timedelta(minutes=5), giver_id=cast.lena, reason="The fire alarm rang.")
    assert stored_attempts.add_credit(stored(), credit)
    after = ada.get(f"{path}/clock", **DATA)
    assert (before.json or {})["credits"] == []
    assert (after.json or {})["credits"] == [{"seconds": 300.0, "reason": "The fire alarm rang."}]
    assert (after.json or {})["limit_seconds"] == 1200
    assert after.headers["Cache-Control"] == "no-store"


def test_the_clock_of_an_attempt_whose_time_is_over_finishes_it(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    with travel(stored().deadline + timedelta(seconds=6), tick=False):
        told = ada.get(f"{path}/clock", **DATA).json or {}
    assert (told["is_finished"], told["remaining_seconds"]) == (True, 0)


def test_a_place_is_flagged_and_unflagged_by_a_form(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    place = form(ada.get(path).text, f"{path}/responses")
    flag = ("is_on", "y")
    assert flag in place.buttons
    assert ada.post_bare(f"{path}/flags", place.sent(flag)).location == path
    assert stored().flags == {0}
    shown = form(ada.get(path).text, f"{path}/responses")
    ada.post_bare(f"{path}/flags", shown.sent(("is_on", "")))
    assert stored().flags == set()


def test_flagging_without_a_script_saves_what_was_chosen_and_does_it_once(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    attempt = stored()
    sent = {**a_choice(attempt), "is_on": "y"}
    for _ in range(2):
        assert ada.post(f"{path}/flags", sent).location == path
    assert stored().answers[0] == item_at(attempt, 0).body.key
    assert (stored().flags, stored().seq) == ({0}, 3)


def test_flagging_without_a_script_saves_that_an_answer_was_taken_back(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    ada.post(f"{path}/responses", a_choice(stored()))
    sent = {**a_choice(stored(), position="0"), "is_on": "y", "item": stored().form[0].item_version, "answer": []}
    for _ in range(2):
        assert ada.post(f"{path}/flags", sent).location == path
    assert (stored().answers[0], stored().flags) == ((), {0})


def test_a_flag_that_names_no_item_leaves_what_is_saved(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    ada.post(f"{path}/responses", a_choice(stored()))
    ada.post(f"{path}/flags", {"seq": str(stored().seq), "position": "0", "is_on": "y"})
    assert stored().answers[0] == item_at(stored(), 0).body.key


def test_an_outdated_page_flags_nothing(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    ada.post(f"{path}/opened")
    before = everything()
    assert ada.post(f"{path}/flags", {"seq": "1", "position": "2", "is_on": "y"}).status_code == 409
    assert everything() == before


@pytest.mark.parametrize("wrong", [{"seq": "0"}, {"position": "-1"}, {"position": "x"}, {"position": "50"}], ids=str)
def test_a_malformed_flag_changes_nothing(ada: Browser, path: str, wrong: dict[str, str]) -> None:
    before = everything()
    assert ada.post(f"{path}/flags", {"seq": "1", "position": "2", "is_on": "y", **wrong}).status_code == 400
    assert everything() == before


def test_signals_are_kept_with_the_attempt_and_make_no_page_out_of_date(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    left = {"type": "left", "position": "0", "seconds": "12"}
    assert ada.post(f"{path}/signals", left).status_code == 204
    assert ada.post(f"{path}/signals", {"type": "pasted", "position": "3"}).status_code == 204
    told = [(signal.type, signal.position, signal.seconds) for signal in stored().signals]
    assert told == [("left", 0, 12), ("pasted", 3, 0)]
    assert stored().seq == 1


@pytest.mark.parametrize(
    "wrong",
    [{"type": "cheated"}, {"position": "-2"}, {"seconds": "-1"}, {"seconds": "1e9"}, {"seconds": "soon"}],
    ids=str,
)
def test_a_malformed_signal_is_refused(ada: Browser, path: str, wrong: dict[str, str]) -> None:
    before = everything()
    sent = {"type": "left", "position": "0", "seconds": "1", **wrong}
    assert ada.post(f"{path}/signals", sent).status_code == 400
    assert everything() == before


def test_an_attempt_remembers_only_so_many_signals_and_none_after_its_end(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    for _ in range(MOST_SIGNALS + 1):
        assert ada.post(f"{path}/signals", {"type": "pasted", "position": "0"}).status_code == 204
    assert len(stored().signals) == MOST_SIGNALS
    ada.post(f"{path}/finish", {"seq": "1"})
    before = everything()
    assert ada.post(f"{path}/signals", {"type": "pasted", "position": "0"}).status_code == 204
    assert everything() == before


def test_a_result_says_how_often_the_page_was_left(ada: Browser, path: str) -> None:
    for _ in range(3):
        ada.post(f"{path}/signals", {"type": "left", "position": "0", "seconds": "2"})
    ada.post(f"{path}/finish", {"seq": "1"})
    assert "You left the page 3 times while you took it." in ada.get(f"{path}/result").text


def test_the_page_before_the_start_tells_what_is_noticed(ada: Browser) -> None:
    assert "how often you leave the page and paste" in " ".join(ada.get("/assessments/language").text.split())


def test_the_review_names_the_flagged_places(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    for position in (4, 1):
        ada.post(f"{path}/flags", {"seq": str(stored().seq), "position": str(position), "is_on": "y"})
    ada.post(f"{path}/moves", {"seq": str(stored().seq), "then": "-1"})
    words = " ".join(ada.get(path).text.split())
    assert "<strong>2 flagged</strong> to look at again: questions 2, 5." in words
