"""A driver that did not hear of an insert sends it again: what is there already is as good as stored, once."""

from typing import Any

import pytest
from pymongo.collection import Collection

from tests.builders import a_late_answer, right_answer
from tests.conftest import NOON, Cast
from tracker.services import attempts, practice
from tracker.services.items import find_item
from tracker.storage import attempts as stored_attempts
from tracker.storage import late_answers
from tracker.storage import practice as stored_practice


@pytest.fixture(autouse=True)
def inserting_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the driver send each insert twice, and hear of the second only."""
    insert = Collection.insert_one

    def insert_again(self: Collection[Any], *words: Any, **names: Any) -> object:
        insert(self, *words, **names)
        return insert(self, *words, **names)

    monkeypatch.setattr(Collection, "insert_one", insert_again)


def test_an_attempt_whose_insert_came_twice_is_begun_once(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)

    assert stored_attempts.list_of(cast.ada) == [attempt]


def test_a_first_answer_in_practice_whose_insert_came_twice_is_saved_once(cast: Cast) -> None:
    turn = practice.get_turn("language", learner_id=cast.ada, now=NOON, zone="UTC")
    assert turn.item
    item = find_item(turn.item.version)
    assert item

    number = practice.submit_answer(
        item.version, learner_id=cast.ada, seq=turn.seq, sent=right_answer(item), seconds=20.0, now=NOON
    )

    card = stored_practice.find_card(cast.ada, item.id)
    assert card
    assert (number, card[0].seq, len(card[1])) == (1, 1, 1)


def test_late_answers_whose_insert_came_twice_are_kept_once(cast: Cast) -> None:
    late = a_late_answer()

    assert late_answers.add(late, attempt_id="a" * 32, learner_id=cast.ada) == late

    assert late_answers.list_of("a" * 32) == (late,)
