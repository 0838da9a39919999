"""What a learner has met: it comes last in new forms, wherever it was met."""

from datetime import timedelta

from tests.conftest import NOON, Cast
from tracker.assessment.attempt import Attempt
from tracker.services import attempts, met_items, practice
from tracker.services.items import find_item

DAY = timedelta(days=1)


def ids(attempt: Attempt) -> set[str]:
    return {place.item_id for place in attempt.form}


def test_what_a_form_served_is_met_for_good_and_by_nobody_else(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)

    assert met_items.list_met(cast.ada, now=NOON + 900 * DAY).keys() == ids(attempt)
    assert met_items.list_met(cast.ada, now=NOON, apart_from=attempt.id) == {}
    assert met_items.list_met(cast.omar, now=NOON) == {}


def test_what_was_practised_is_met_for_30_days_and_comes_last_in_new_forms(cast: Cast) -> None:
    practised = set()
    for _ in range(3):
        turn = practice.get_turn("topic-tools-git", learner_id=cast.ada, now=NOON, zone="UTC")
        assert turn.item
        item = find_item(turn.item.version)
        assert item
        practised.add(item.id)
        practice.submit_answer(item.version, learner_id=cast.ada, seq=turn.seq, sent=[], seconds=20.0, now=NOON)

    attempt = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON)

    assert not practised & ids(attempt)
    assert met_items.list_met(cast.ada, now=NOON + 30 * DAY, apart_from=attempt.id).keys() == practised
    assert met_items.list_met(cast.ada, now=NOON + 31 * DAY, apart_from=attempt.id) == {}
    assert met_items.list_met(cast.omar, now=NOON) == {}
