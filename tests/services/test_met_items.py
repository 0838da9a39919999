"""What a learner has met: it comes last in new forms, wherever it was met."""

from datetime import timedelta

from tests.builders import take
from tests.conftest import NOON, Cast
from tracker.assessment.attempt import Attempt
from tracker.services import attempts, met_items, practice
from tracker.services.items import find_item
from tracker.storage.question_bank import get_bank

DAY = timedelta(days=1)


def ids(attempt: Attempt) -> set[str]:
    return {place.item_id for place in attempt.form}


def test_what_a_form_served_is_met_for_good_and_by_nobody_else(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)

    assert met_items.list_met(cast.ada, now=NOON + 900 * DAY).keys() == ids(attempt)
    assert met_items.list_met(cast.ada, now=NOON, apart_from=attempt.id) == {}
    assert met_items.list_met(cast.omar, now=NOON) == {}


def test_no_item_of_the_last_two_attempts_comes_again_while_there_are_others(cast: Cast) -> None:
    served = [ids(take("language", learner_id=cast.ada, now=NOON + number * DAY)) for number in range(8)]

    for before, last, new in zip(served, served[1:], served[2:], strict=False):
        assert not (before | last) & new
    assert len(set().union(*served)) < sum(map(len, served))  # some did come again


def test_what_another_quiz_asked_lately_counts_too(cast: Cast) -> None:
    everything = {entry.id for entries in get_bank().live_by_topic.values() for entry in entries}
    while not {item for item in everything if item.startswith("tools/git/")} <= set(
        met_items.list_met(cast.ada, now=NOON)
    ):
        take("topic-tools-git", learner_id=cast.ada, now=NOON)
    last = [take("topic-tools-git", learner_id=cast.ada, now=NOON + (1 + number) * DAY) for number in range(2)]

    form = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON + 3 * DAY)

    assert not ids(form) & (ids(last[0]) | ids(last[1]))


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
