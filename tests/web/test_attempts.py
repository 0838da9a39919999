"""Taking an assessment over HTTP, as a browser without JavaScript and as htmx do it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import travel

from tests.browser import Browser
from tests.builders import an_attempt, item_at, right_answer, take, wrong_answer
from tests.conftest import NOON, Cast
from tests.web.forms import form, neutral
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.attempt import MOST_CHANGES, MOST_EVENTS, REVIEW, Attempt, Event
from tracker.storage import attempts as stored_attempts

HTMX = {"HX-Request": "true"}
LANGUAGE_ITEMS = 12
"""As many as question_bank/assessments.toml says."""


def an_answer(attempt: Attempt, **fields: str | list[str]) -> dict[str, str | list[str]]:
    """What the form of the attempt's place sends for the right answer and the next place."""
    position = attempt.position
    following = position + 1 if position + 1 < len(attempt.form) else REVIEW
    return {
        "seq": str(attempt.seq),
        "position": str(position),
        "item": attempt.form[position].item_version,
        "answer": right_answer(item_at(attempt, position)),
        "then": str(following),
        **fields,
    }


def test_a_whole_quiz_can_be_taken_by_forms_and_redirects_alone(ada: Browser) -> None:
    start = form(ada.get("/assessments/language").text, "/assessments/language/attempts")
    path = ada.post_bare(start.action, start.sent()).location
    for _ in range(LANGUAGE_ITEMS):
        place = form(ada.get(path).text, f"{path}/responses")
        assert ada.post_bare(place.action, place.sent(place.buttons[0], answer=place.some_answer())).location == path
    review = ada.get(path).text
    assert ada.get(f"{path}/result").location == path

    finish = form(review, f"{path}/finish")
    assert ada.post_bare(finish.action, finish.sent()).location == f"{path}/result"

    assert ada.get(path).location == f"{path}/result"
    assert "12 questions right" in ada.get(f"{path}/result").text


def test_the_evidence_of_a_next_step_leads_to_its_question_in_the_result(ada: Browser, cast: Cast) -> None:
    path = f"/attempts/{take('language', learner_id=cast.ada, now=NOON, wrong=range(12)).id}/result"

    page = ada.get(path).text

    anchors = set(re.findall(rf'href="{path}#([^"]+)"', page))
    assert anchors
    assert all(page.count(f'id="{anchor}"') == 1 for anchor in anchors)


def test_starting_again_goes_on_with_the_open_attempt(ada: Browser, path: str) -> None:
    before = everything()
    assert ada.post("/assessments/language/attempts").location == path
    assert everything() == before
    assert ada.post("/assessments/tools/attempts").location != path


def test_after_finishing_a_new_attempt_can_be_started(ada: Browser, path: str) -> None:
    ada.post(f"{path}/finish", {"seq": "1"})
    assert ada.post("/assessments/language/attempts").location != path


def test_an_attempt_is_resumed_at_its_place_with_what_was_chosen(
    ada: Browser, path: str, stored: Callable[[], Attempt], cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    first = an_answer(stored())
    ada.post(f"{path}/responses", first)

    elsewhere = browser(cast.ada)
    assert path in elsewhere.get("/").text
    place = form(elsewhere.get(path).text, f"{path}/responses")
    assert place.values["position"] == ["1"]
    elsewhere.post_bare(place.action, place.sent(("then", "0")))

    shown = form(elsewhere.get(path).text, f"{path}/responses").values["answer"]
    assert sorted(filter(None, shown)) == sorted(first["answer"])  # the page shows options in the form's order


def test_an_answer_can_be_changed_from_the_list_of_all_answers(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    ada.post(f"{path}/responses", an_answer(stored(), then="-1"))
    review = form(ada.get(path).text, f"{path}/moves")
    assert ("then", "0") in review.buttons
    assert ada.post_bare(review.action, review.sent(("then", "0"))).location == path
    attempt = stored()
    other = wrong_answer(item_at(attempt, 0))
    ada.post(f"{path}/responses", an_answer(attempt, answer=other))

    assert stored().answers[0] == item_at(attempt, 0).body.read(other)
    assert [event.type for event in stored().events] == ["started", "answered", "moved", "answered"]


def test_an_item_can_be_left_out(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    sent = an_answer(stored())
    del sent["answer"]
    assert ada.post(f"{path}/responses", sent).location == path
    assert stored().answers == {0: ()}


def test_htmx_gets_the_next_place_as_a_fragment_after_each_answer(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    answered = ada.post(f"{path}/responses", an_answer(stored()), **HTMX)
    assert answered.status_code == 200
    assert "<html" not in answered.text
    assert form(answered.text, f"{path}/responses").values["position"] == ["1"]
    last = ada.post(f"{path}/responses", an_answer(stored(), then="-1"), **HTMX)
    assert form(last.text, f"{path}/finish").values["seq"] == ["3"]


def test_the_fragment_is_the_part_of_the_page_that_it_replaces(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    with travel(clock.now(), tick=False):
        fragment = ada.post(f"{path}/responses", an_answer(stored()), **HTMX).text
        page = ada.get(path).text
    assert " ".join(neutral(fragment).split()) in " ".join(neutral(page).split())


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_the_same_answer_sent_twice_is_saved_once_and_answered_alike(
    ada: Browser, path: str, stored: Callable[[], Attempt], headers: dict[str, str]
) -> None:
    sent = an_answer(stored())
    with travel(clock.now(), tick=False):
        first, again = (ada.post(f"{path}/responses", sent, **headers) for _ in range(2))
    assert (again.status, again.location) == (first.status, first.location)
    assert neutral(again.text) == neutral(first.text)
    assert [event.type for event in stored().events] == ["started", "answered"]


def test_an_answer_sent_again_after_more_were_saved_shows_where_the_attempt_is(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    first = an_answer(stored())
    ada.post(f"{path}/responses", first)
    ada.post(f"{path}/responses", an_answer(stored()))
    again = ada.post(f"{path}/responses", first, **HTMX)
    assert form(again.text, f"{path}/responses").values["position"] == ["2"]
    assert stored().seq == 3


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_another_answer_from_an_outdated_page_is_refused_and_told_what_is_current(
    ada: Browser, path: str, stored: Callable[[], Attempt], headers: dict[str, str]
) -> None:
    attempt = stored()
    ada.post(f"{path}/responses", an_answer(attempt))
    before = everything()

    stale = ada.post(f"{path}/responses", an_answer(attempt, answer=wrong_answer(item_at(attempt, 0))), **headers)

    assert stale.status_code == 409
    assert f'href="{path}"' in stale.text
    assert 'data-seq="2"' in stale.text
    assert everything() == before


@pytest.mark.parametrize("place", ["moves", "finish"])
def test_moving_or_finishing_from_an_outdated_page_is_refused(
    ada: Browser, path: str, stored: Callable[[], Attempt], place: str
) -> None:
    ada.post(f"{path}/responses", an_answer(stored()))
    before = everything()
    stale = ada.post(f"{path}/{place}", {"seq": "1", "then": "3"})
    assert stale.status_code == 409
    assert f'href="{path}"' in stale.text
    assert everything() == before


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_an_answer_to_a_finished_attempt_is_refused_and_told_when_it_closed(
    ada: Browser, path: str, stored: Callable[[], Attempt], headers: dict[str, str]
) -> None:
    sent = an_answer(stored())
    ada.post(f"{path}/finish", {"seq": "1"})
    before = everything(but="late_answers")

    closed = ada.post(f"{path}/responses", sent, **headers)

    closed_at = stored().finished_at
    assert closed_at
    assert closed.status_code == 409
    assert f'href="{path}/result"' in closed.text
    assert f'datetime="{closed_at:%Y-%m-%dT%H:%M:%SZ}"' in closed.text
    assert everything(but="late_answers") == before


def test_an_answer_that_came_too_late_is_told_and_named_on_the_result(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    sent = an_answer(stored())
    ada.post(f"{path}/finish", {"seq": "1"})
    assert "after the attempt was over" not in ada.get(f"{path}/result").text

    closed = ada.post(f"{path}/responses", sent, **HTMX)

    assert closed.status_code == 409
    assert "It is kept as late" in closed.text
    result = ada.get(f"{path}/result").text
    assert "We got an answer to 1 question after the attempt was over" in result
    assert "question 1." in result


def test_the_last_saved_answer_sent_again_after_finishing_leads_to_the_result(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    sent = an_answer(stored())
    ada.post(f"{path}/responses", sent)
    ada.post(f"{path}/finish", {"seq": "2"})
    before = everything()
    assert ada.post(f"{path}/responses", sent).location == path
    assert ada.post(f"{path}/responses", sent, **HTMX).headers["HX-Redirect"] == f"{path}/result"
    assert everything() == before


def test_finishing_twice_changes_nothing_and_leads_to_the_result(ada: Browser, path: str) -> None:
    ada.post(f"{path}/finish", {"seq": "1"})
    before = everything()
    assert ada.post(f"{path}/finish", {"seq": "1"}).location == f"{path}/result"
    assert everything() == before


def test_an_answer_within_the_grace_is_saved_and_a_later_one_is_not(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    attempt = stored()
    with travel(attempt.deadline + timedelta(seconds=4), tick=False):
        assert ada.post(f"{path}/responses", an_answer(attempt)).location == path
        second = an_answer(stored())
    with travel(attempt.deadline + timedelta(seconds=6), tick=False):
        assert ada.post(f"{path}/responses", second).status_code == 409
        assert ada.get(path).location == f"{path}/result"
    assert stored().finished_at == attempt.deadline
    assert list(stored().answers) == [0]


def test_an_attempt_whose_time_is_over_is_finished_by_whatever_page_meets_it(
    path: str, stored: Callable[[], Attempt], cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    deadline = stored().deadline
    with travel(deadline + timedelta(days=3), tick=False):
        home = browser(cast.ada).get("/").text
    assert f"{path}/result" in home
    assert stored().finished_at == deadline


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seq", ""),
        ("seq", "one"),
        ("seq", "0"),
        ("seq", "-1"),
        ("seq", str(10**30)),
        ("position", ""),
        ("position", "-1"),
        ("position", "11.5"),
        ("position", "200000"),
        ("item", ""),
        ("item", "a" * 65),
        ("then", ""),
        ("then", "-2"),
        ("then", "next"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_malformed_answer_names_the_field_and_changes_nothing(
    ada: Browser, path: str, stored: Callable[[], Attempt], headers: dict[str, str], field: str, value: str
) -> None:
    sent = an_answer(stored(), **{field: value})
    before = everything()
    refused = ada.post(f"{path}/responses", sent, **headers)
    assert refused.status_code == 400
    assert f"{field}: " in refused.text
    assert everything() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": "1"},
        {"position": "12"},
        {"then": "12"},
        {"item": "unknown", "answer": []},
        {"answer": ["unknown", "unknown"]},
        {"answer": ["a", "b", "c", "d", "e", "f", "g"]},
    ],
    ids=str,
)
def test_an_answer_that_does_not_fit_the_form_changes_nothing(
    ada: Browser, path: str, stored: Callable[[], Attempt], wrong: dict[str, str | list[str]]
) -> None:
    sent = an_answer(stored(), **wrong)
    before = everything()
    assert ada.post(f"{path}/responses", sent).status_code in {400, 404}
    assert everything() == before


def test_an_answer_with_a_field_twice_or_unknown_fields_is_still_one_answer(
    ada: Browser, path: str, stored: Callable[[], Attempt]
) -> None:
    sent = an_answer(stored(), mark="1", learner_id="1", finished_at="now", seq=["1", "5"])
    assert ada.post(f"{path}/responses", sent).location == path
    assert (stored().seq, stored().is_finished) == (2, False)


def test_a_body_that_is_too_large_changes_nothing(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    before = everything()
    assert ada.post(f"{path}/responses", an_answer(stored(), answer="a" * 2**20)).status_code == 413
    assert everything() == before


def test_more_fields_than_any_form_has_are_refused(ada: Browser, path: str, stored: Callable[[], Attempt]) -> None:
    before = everything()
    sent = an_answer(stored(), answer=[str(number) for number in range(2000)])
    assert ada.post(f"{path}/responses", sent).status_code in {400, 413}
    assert everything() == before


def test_an_attempt_with_too_many_events_can_only_be_finished(ada: Browser, cast: Cast) -> None:
    now = clock.now()
    moves = tuple(Event(seq=seq, type="moved", at=now, position=REVIEW, then=0) for seq in range(1, MOST_EVENTS + 1))
    attempt = an_attempt(learner_id=cast.ada, deadline=now + timedelta(minutes=15), events=moves)
    stored_attempts.add(attempt)
    path = f"/attempts/{attempt.id}"
    assert ada.post(f"{path}/responses", an_answer(attempt)).status_code == 400
    assert ada.post(f"{path}/moves", {"seq": str(MOST_EVENTS), "then": "1"}).status_code == 400
    assert ada.post(f"{path}/finish", {"seq": str(MOST_EVENTS)}).location == f"{path}/result"


def test_after_very_many_changes_an_answer_stays_unsaved_but_the_review_is_reached(ada: Browser, cast: Cast) -> None:
    now = clock.now()
    moves = tuple(Event(seq=seq, type="moved", at=now, position=REVIEW, then=0) for seq in range(1, MOST_CHANGES + 1))
    attempt = an_attempt(learner_id=cast.ada, deadline=now + timedelta(minutes=15), events=moves)
    stored_attempts.add(attempt)
    path = f"/attempts/{attempt.id}"
    refused = ada.post(f"{path}/responses", an_answer(attempt, then="0"))
    assert refused.status_code == 400
    assert "too many changes" in refused.text
    assert "seq" not in refused.text
    assert ada.post(f"{path}/opened").status_code == 200
    assert ada.post(f"{path}/moves", {"seq": str(MOST_CHANGES + 1), "then": "-1"}).location == path
    assert "Finish and see my result" in ada.get(path).text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_signed_out_in_mid_quiz_the_answer_is_asked_for_again_and_nothing_is_lost(
    path: str, stored: Callable[[], Attempt], browser: Callable[[int | None], Browser], headers: dict[str, str]
) -> None:
    visitor = browser(None)
    refused = visitor.post(f"{path}/responses", an_answer(stored()), **headers)
    assert refused.status_code == 401
    assert path in refused.text
    assert visitor.get(path, **HTMX).status_code == 401
    assert stored().seq == 1
