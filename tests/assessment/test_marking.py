"""Which items of an attempt count, and what each answer was worth."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_multiple, a_text, an_attempt_at, an_item, answered
from tests.conftest import NOON
from tracker.assessment.attempt import REVIEW, Attempt
from tracker.assessment.item import Item
from tracker.assessment.marking import mark_attempt

FIRST = an_item("language/syntax/first", difficulty=2)
SECOND = an_item("language/oop/second", body=a_multiple("abcde", keys="ac"))
THIRD = an_item("language/modules/third", body=a_text("import"))
ITEMS = {item.version: item for item in (FIRST, SECOND, THIRD)}


@pytest.fixture
def attempt() -> Attempt:
    return an_attempt_at(FIRST, SECOND, THIRD)


def marks(attempt: Attempt, *, ran_out: bool, items: dict[str, Item] = ITEMS) -> dict[str, float]:
    return {response.item_id: response.mark for response in mark_attempt(attempt, items, ran_out=ran_out)}


def test_each_answer_is_marked_by_its_own_type(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("b",), then=1)
    attempt = answered(attempt, 1, ("a",), then=2)
    attempt = answered(attempt, 2, ("IMPORT",), then=REVIEW)

    assert marks(attempt, ran_out=False) == {FIRST.id: 1.0, SECOND.id: 0.5, THIRD.id: 1.0}


def test_a_response_carries_all_that_scoring_will_ever_need(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("b",), then=1, at=NOON + timedelta(seconds=12))

    response = mark_attempt(attempt, ITEMS, ran_out=True)[0]

    assert (response.item_id, response.item_version, response.topic_id) == (FIRST.id, FIRST.version, "language/syntax")
    assert (response.answer, response.mark, response.is_right) == (("b",), 1.0, True)
    assert (response.seconds, response.difficulty, response.guessing) == (12.0, 2, 0.25)


def test_partial_credit_is_kept_but_does_not_count_as_right(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, (), then=1), 1, ("a",), then=2)

    response = mark_attempt(attempt, ITEMS, ran_out=False)[1]

    assert response.mark == 0.5
    assert not response.is_right


def test_left_out_on_purpose_is_wrong_when_the_learner_finished(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("b",), then=REVIEW)

    assert marks(attempt, ran_out=False) == {FIRST.id: 1.0, SECOND.id: 0.0, THIRD.id: 0.0}


def test_never_reached_before_time_ran_out_is_no_response_at_all(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("b",), then=1)

    assert marks(attempt, ran_out=True) == {FIRST.id: 1.0, SECOND.id: 0.0}


def test_reached_and_left_behind_is_wrong_even_when_time_ran_out(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, (), then=2), 2, ("import",), then=REVIEW)

    assert marks(attempt, ran_out=True) == {FIRST.id: 0.0, THIRD.id: 1.0}


def test_a_withdrawn_item_counts_neither_for_nor_against(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, ("a",), then=1), 1, ("a", "c"), then=REVIEW)
    without_first = {version: item for version, item in ITEMS.items() if version != FIRST.version}

    assert marks(attempt, ran_out=False, items=without_first) == {SECOND.id: 1.0, THIRD.id: 0.0}


def test_an_item_that_was_mended_since_is_not_marked_by_its_new_version(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("b",), then=1)
    mended = an_item(FIRST.id, version="another version")

    assert FIRST.id not in marks(attempt, ran_out=True, items={mended.version: mended})


def test_the_newest_answer_is_the_one_that_is_marked(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, ("b",), then=0), 0, ("a",), then=1)

    assert marks(attempt, ran_out=True)[FIRST.id] == 0.0


def test_responses_stand_in_the_order_of_the_form(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, (), then=2), 2, ("import",), then=1)

    assert list(marks(attempt, ran_out=False)) == [FIRST.id, SECOND.id, THIRD.id]


def test_what_is_under_review_is_marked_but_not_scored(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, ("b",), then=1), 1, ("a", "c"), then=REVIEW)

    responses = mark_attempt(attempt, ITEMS, ran_out=False, flagged={FIRST.version})

    assert [(response.mark, response.unscored) for response in responses] == [(1, "flagged"), (1, None), (0, None)]


def test_a_familys_variants_are_under_review_together(attempt: Attempt) -> None:
    variant = replace(FIRST, version="0123abcd-surface")

    (response,) = mark_attempt(an_attempt_at(variant), {variant.version: variant}, ran_out=False, flagged={"0123abcd"})

    assert response.unscored == "flagged"


def test_what_was_first_served_when_time_had_run_out_is_no_response_unless_it_was_answered(attempt: Attempt) -> None:
    late = attempt.deadline + timedelta(seconds=2)
    saved_late = answered(attempt, 0, ("b",), then=1, at=late)

    assert marks(saved_late, ran_out=True) == {FIRST.id: 1.0}
    assert marks(answered(saved_late, 1, ("a",), then=2, at=late), ran_out=True) == {FIRST.id: 1.0, SECOND.id: 0.5}
