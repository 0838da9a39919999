"""Answers that come when their attempt is over: refused, never counted, and kept."""

from datetime import timedelta

import pytest

from tests.builders import a_late_answer, answer, item_at, right_answer, wrong_answer
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.attempt import Attempt
from tracker.assessment.time_ledger import GRACE
from tracker.errors import AttemptClosed, BadInput, KeyReused, NotFound
from tracker.services import attempts, late_answers, results
from tracker.storage import late_answers as stored

MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's attempt at the language quiz, its first item answered rightly."""
    return answer(attempts.start_attempt("language", learner_id=cast.ada, now=NOON))


@pytest.fixture
def closed(attempt: Attempt) -> Attempt:
    """The same, when its time is over."""
    over = attempt.deadline + GRACE + MILLISECOND
    return attempts.get_attempt(attempt.id, learner_id=attempt.learner_id, now=over)


def send(attempt: Attempt, sent: list[str] | None = None, **fields: object) -> bool:
    """Answer too late, the second place rightly unless told. Says whether the answer was kept."""
    parameters = {"position": 1, "then": 2, "seq": 2, "arrived_at": attempt.deadline + GRACE + MILLISECOND, **fields}
    with pytest.raises(AttemptClosed) as refusal:
        answer(attempt, sent, **parameters)
    assert refusal.value.closed_at == attempt.deadline
    return refusal.value.is_kept


def test_what_comes_after_the_grace_is_kept_with_how_late_it_was(attempt: Attempt) -> None:
    item = item_at(attempt, 1)

    assert send(attempt, key="k1")

    (late,) = stored.list_of(attempt.id)
    assert (late.position, late.item_version, late.seq, late.key) == (1, item.version, 2, "k1")
    assert late.answer == item.body.read(right_answer(item))
    assert late.late_by == GRACE + MILLISECOND
    assert late.arrived_at == attempt.deadline + late.late_by


def test_it_never_counts(closed: Attempt) -> None:
    before = everything(but="late_answers")

    assert send(closed)

    assert everything(but="late_answers") == before


def test_what_comes_to_an_attempt_that_its_learner_finished_is_kept_too(attempt: Attempt) -> None:
    attempts.finish_attempt(attempt.id, learner_id=attempt.learner_id, seq=attempt.seq, now=NOON)

    with pytest.raises(AttemptClosed) as refusal:
        answer(attempt, arrived_at=NOON + MILLISECOND)

    assert refusal.value.is_kept
    assert [late.late_by for late in stored.list_of(attempt.id)] == [MILLISECOND]


@pytest.mark.parametrize("key", ["k1", ""])
def test_sent_again_it_is_kept_once_and_told_the_same(closed: Attempt, key: str) -> None:
    assert send(closed, key=key)
    assert send(closed, key=key, arrived_at=closed.deadline + 2 * GRACE)

    assert len(stored.list_of(closed.id)) == 1


def test_its_key_with_another_answer_is_refused(closed: Attempt) -> None:
    send(closed, key="k1")

    with pytest.raises(KeyReused):
        send(closed, wrong_answer(item_at(closed, 1)), key="k1")

    assert len(stored.list_of(closed.id)) == 1


def test_what_is_saved_anyway_or_left_out_is_not_kept(closed: Attempt) -> None:
    saved = right_answer(item_at(closed, 0))

    assert not send(closed, saved, position=0, then=1, seq=9)
    assert not send(closed, [], seq=9)

    assert stored.list_of(closed.id) == ()


def test_what_is_for_no_place_of_the_form_is_not_kept(closed: Attempt) -> None:
    first = closed.form[0].item_version

    assert not send(closed, right_answer(item_at(closed, 0)), item_version=first)
    assert not late_answers.keep_late(closed, a_late_answer(item_version=first, position=100))

    assert stored.list_of(closed.id) == ()


def test_what_cannot_be_read_is_not_kept(closed: Attempt) -> None:
    with pytest.raises(BadInput):
        send(closed, ["no such option", "nor this"])

    assert stored.list_of(closed.id) == ()


def test_a_stranger_leaves_nothing(closed: Attempt, cast: Cast) -> None:
    with pytest.raises(NotFound):
        send(closed, learner_id=cast.omar)

    assert stored.list_of(closed.id) == ()


def test_an_adaptive_attempt_keeps_what_came_late_too(cast: Cast) -> None:
    attempt = attempts.start_attempt("tools-adaptive", learner_id=cast.ada, now=NOON)

    assert send(attempt, position=0, then=None, seq=1)

    assert [late.position for late in stored.list_of(attempt.id)] == [0]


def test_the_result_names_the_places(closed: Attempt, cast: Cast) -> None:
    for position in (3, 1, 3):
        send(closed, position=position, then=position)

    assert late_answers.list_late_places(closed) == (1, 3)
    result = results.get_result(closed.id, learner_id=cast.ada, now=NOON)
    assert result
    assert result.late == (1, 3)
