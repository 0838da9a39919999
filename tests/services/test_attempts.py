"""Taking an assessment through the services, on the real stores."""

from datetime import timedelta

import pytest

from tests.builders import answer
from tests.conftest import NOON, Cast
from tracker.assessment.attempt import REVIEW
from tracker.errors import AttemptClosed
from tracker.services import attempts, profiles


def test_a_whole_quiz_gives_one_response_an_item_and_a_profile(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    for _place in attempt.form:
        attempt = answer(attempt)
    assert attempt.position == REVIEW

    finished = attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=attempt.seq, now=NOON)

    assert [response.mark for response in finished.responses] == [1.0] * 12
    area = profiles.get_record(cast.ada, now=NOON).profile.area("language")
    assert (area.responses, area.right) == (12, 12)
    assert area.score.value > 500


def test_an_answer_after_the_grace_is_refused_and_not_stored(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)

    with pytest.raises(AttemptClosed):
        answer(attempt, arrived_at=attempt.deadline + timedelta(seconds=5, milliseconds=1))

    closed = attempts.get_attempt(attempt.id, learner_id=cast.ada, now=NOON)
    assert closed.answers == {}
    assert closed.finished_at == attempt.deadline
