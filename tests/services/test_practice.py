"""Practising: what is due, then what is new; every answer saved once and explained; never what an open quiz asks."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask

from tests.builders import a_card, a_place, a_practice_answer, an_attempt, item_at, right_answer, take, wrong_answer
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.family import split_version
from tracker.assessment.item import Item
from tracker.assessment.practice import DAY
from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import attempts, practice, profiles
from tracker.services.items import find_item
from tracker.services.practice import Turn
from tracker.storage import attempts as stored_attempts
from tracker.storage import practice as stored_practice
from tracker.storage.question_bank import get_bank

ADA = 1


def get_turn(scope: str = "language", *, now: datetime = NOON, zone: str = "UTC", learner_id: int = ADA) -> Turn:
    return practice.get_turn(scope, learner_id=learner_id, now=now, zone=zone)


def item_of(turn: Turn) -> Item:
    assert turn.item
    item = find_item(turn.item.version)
    assert item
    return item


def submit(turn: Turn, sent: list[str] | None = None, *, now: datetime = NOON, learner_id: int = ADA) -> int:
    """Answer the turn's item, rightly unless told."""
    item = item_of(turn)
    return practice.submit_answer(
        item.version,
        learner_id=learner_id,
        seq=turn.seq,
        sent=right_answer(item) if sent is None else sent,
        seconds=20.0,
        now=now,
    )


def count_due(*, now: datetime, zone: str = "UTC") -> int:
    return practice.count_due(ADA, now=now, zone=zone)


def test_somebody_new_has_nothing_due_and_everything_to_choose_from(app: Flask) -> None:
    overview = practice.get_overview(ADA, now=NOON, zone="UTC")

    assert (overview.due, overview.held) == (0, 0)
    assert [one.area for one in overview.areas] == list(get_bank().roadmap.areas)
    assert get_turn("due").item is None
    for area in overview.areas:
        for topic in area.topics:
            assert item_of(get_turn(topic.scope_slug)).topic_id == topic.topic.id


def test_an_unknown_scope_is_not_found(app: Flask) -> None:
    for slug in ("unknown", "topic-language", "language/syntax"):
        with pytest.raises(NotFound):
            get_turn(slug)


def test_the_page_is_the_same_until_it_is_answered(app: Flask) -> None:
    assert get_turn() == get_turn(now=NOON + timedelta(hours=1))


def test_an_answer_is_saved_with_its_mark_and_the_next_item_is_another(app: Flask) -> None:
    turn = get_turn()
    item = item_of(turn)

    assert submit(turn, wrong_answer(item)) == 1

    found = stored_practice.find_card(ADA, item.id)
    assert found
    (given,) = found[1]
    assert (given.item_version, given.at, given.seconds) == (item.version, NOON, 20.0)
    assert given.mark == item.body.mark(given.answer) < 1
    assert item_of(get_turn()).id != item.id


def test_what_was_missed_is_due_the_next_day_and_what_was_known_later(app: Flask) -> None:
    missed = get_turn()
    submit(missed, [])
    known = get_turn()
    submit(known)

    assert count_due(now=NOON) == 0
    assert count_due(now=NOON + DAY) == 1
    assert item_of(get_turn("due", now=NOON + DAY)) == item_of(missed)
    assert count_due(now=NOON + 2 * DAY) == 2


def test_what_is_due_later_today_is_due_today_where_the_learner_is(app: Flask) -> None:
    submit(get_turn(), [])  # due on 3 November at noon, UTC

    assert count_due(now=NOON + timedelta(hours=13)) == 1  # 3 November, 01:00
    assert count_due(now=NOON + timedelta(hours=13), zone="America/Los_Angeles") == 0  # still 2 November, 17:00
    assert count_due(now=NOON, zone="Pacific/Auckland") == 0  # 3 November, 01:00, and it ends before noon, UTC


def test_what_is_due_comes_before_what_is_new(app: Flask) -> None:
    missed = get_turn()
    submit(missed, [])

    turn = get_turn(now=NOON + DAY)

    assert item_of(turn) == item_of(missed)
    assert (turn.seq, turn.due) == (1, 1)
    assert item_of(get_turn("tools", now=NOON + DAY)).area_slug == "tools"


def test_what_a_quiz_missed_is_due_the_next_day_and_can_be_practised_at_once(cast: Cast) -> None:
    attempt = take("language", learner_id=cast.ada, now=NOON, wrong={3})
    missed = item_at(attempt, 3)

    assert practice.count_due(cast.ada, now=NOON, zone="UTC") == 0
    assert practice.count_due(cast.ada, now=NOON + DAY, zone="UTC") == 1
    assert item_of(get_turn(learner_id=cast.ada)).id == missed.id
    assert item_of(get_turn("due", learner_id=cast.ada, now=NOON + DAY)).id == missed.id


def test_what_was_missed_once_and_known_in_a_later_quiz_is_not_due(cast: Cast) -> None:
    item = take("language", learner_id=cast.ada, now=NOON, wrong={0}).form[0]
    again = an_attempt(id="b" * 32, learner_id=cast.ada, started_at=NOON + DAY, deadline=NOON + 2 * DAY)
    known = find_item(item.item_version)
    assert known
    again = replace(again, form=(a_place(known),))
    stored_attempts.add(again)
    submitted = attempts.submit_response(
        again.id,
        learner_id=cast.ada,
        seq=1,
        position=0,
        item_version=known.version,
        sent=right_answer(known),
        then=-1,
        arrived_at=NOON + DAY,
    )
    attempts.finish_attempt(again.id, learner_id=cast.ada, seq=submitted.seq, now=NOON + DAY)

    assert practice.count_due(cast.ada, now=NOON + 9 * DAY, zone="UTC") == 0


def test_practice_never_changes_a_score(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON, wrong={3})
    before = {name: rows for name, rows in everything().items() if name != "practice"}
    record = profiles.get_record(cast.ada, now=NOON + DAY)

    for _ in range(5):
        submit(get_turn(learner_id=cast.ada), [], learner_id=cast.ada)

    after = {name: rows for name, rows in everything().items() if name != "practice"}
    del before["item_sources"], after["item_sources"]
    assert after == before
    assert profiles.get_record(cast.ada, now=NOON + DAY) == record


def test_the_same_answer_again_gives_the_same_reply_and_counts_once(app: Flask) -> None:
    turn = get_turn()
    first = submit(turn)
    before = everything()

    assert submit(turn, now=NOON + timedelta(seconds=5)) == first
    assert everything() == before


def test_another_answer_from_another_tab_is_refused_and_the_first_stays(app: Flask) -> None:
    turn = get_turn()
    submit(turn)
    before = everything()

    with pytest.raises(Conflict):
        submit(turn, [])
    assert everything() == before


def test_of_many_tabs_at_once_one_answer_counts(app: Flask) -> None:
    turn = get_turn()
    item = item_of(turn)
    barrier = Barrier(8)

    def send(number: int) -> bool:
        with app.app_context():
            barrier.wait()
            try:
                submit(turn, right_answer(item) if number % 2 else [])
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(send, range(8)))

    found = stored_practice.find_card(ADA, item.id)
    assert found
    assert len(found[1]) == found[0].seq == 1
    assert sum(taken) == 4  # those that said the same as the first


def test_what_cannot_be_an_answer_is_refused(app: Flask) -> None:
    turn = get_turn("topic-language-syntax")
    before = everything()
    with pytest.raises((BadInput, Conflict)):
        practice.submit_answer(
            item_of(turn).version, learner_id=ADA, seq=5, sent=right_answer(item_of(turn)), seconds=1, now=NOON
        )
    with pytest.raises(NotFound):
        practice.submit_answer("unknown", learner_id=ADA, seq=0, sent=[], seconds=1, now=NOON)
    assert everything() == before


def test_an_answer_is_explained_with_key_misconception_and_the_day_it_comes_back(app: Flask) -> None:
    turn = get_turn()
    item = item_of(turn)
    number = submit(turn, wrong_answer(item))

    found = practice.get_explained("language", item.version, number, learner_id=ADA, now=NOON)
    explanation = found.explanation

    assert explanation.item == item
    assert explanation.answer == item.body.read(wrong_answer(item))
    assert found.mark == item.body.mark(explanation.answer)
    assert tuple(one.slug for one in explanation.misconceptions) == item.find_misconceptions(explanation.answer)
    assert found.due == NOON + DAY
    assert turn.item
    assert [option.token for option in explanation.options] == [option.token for option in turn.item.asked.options] or (
        not turn.item.asked.options
    )


def test_an_answer_of_somebody_else_or_never_given_is_not_found(app: Flask) -> None:
    turn = get_turn()
    item = item_of(turn)
    number = submit(turn)

    for learner_id, version, asked in ((2, item.version, number), (ADA, item.version, 0), (ADA, item.version, 2)):
        with pytest.raises(NotFound):
            practice.get_explained("language", version, asked, learner_id=learner_id, now=NOON)
    with pytest.raises(NotFound):
        practice.get_explained("language", "unknown", number, learner_id=ADA, now=NOON)


def test_what_an_open_quiz_asks_is_not_practised_until_it_is_over(cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    asked = {place.item_id for place in attempt.form}
    item = item_at(attempt, 0)

    met = set()
    while (turn := get_turn(learner_id=cast.ada)).item:
        met.add(item_of(turn).id)
        submit(turn, learner_id=cast.ada)
    with pytest.raises(Conflict):
        practice.submit_answer(item.version, learner_id=cast.ada, seq=0, sent=right_answer(item), seconds=1, now=NOON)

    assert met
    assert not met & asked
    after = attempt.deadline + timedelta(minutes=1)
    assert get_turn(learner_id=cast.ada, now=after).item is None
    attempts.sweep(after)
    assert item_of(get_turn(learner_id=cast.ada, now=after)).id in asked


def test_while_an_adaptive_quiz_is_open_its_topics_are_not_practised(cast: Cast) -> None:
    attempt = attempts.start_attempt("topic-language-syntax", learner_id=cast.ada, now=NOON)
    assert attempt.plan

    assert get_turn("topic-language-syntax", learner_id=cast.ada).item is None
    assert item_of(get_turn("language", learner_id=cast.ada)).topic_id != "language/syntax"


def test_what_is_due_but_asked_by_an_open_quiz_waits_and_its_explanation_too(cast: Cast) -> None:
    turn = get_turn("topic-language-syntax", learner_id=cast.ada)
    number = submit(turn, [], learner_id=cast.ada)
    later = NOON + DAY
    attempts.start_attempt("topic-language-syntax", learner_id=cast.ada, now=later)

    overview = practice.get_overview(cast.ada, now=later, zone="UTC")

    assert (overview.due, overview.held) == (0, 1)
    assert get_turn("due", learner_id=cast.ada, now=later).item is None
    with pytest.raises(Conflict):
        practice.get_explained("due", item_of(turn).version, number, learner_id=cast.ada, now=later)


def test_a_retired_item_drops_out_and_a_changed_one_starts_anew(small_app: Flask) -> None:
    bank = get_bank()
    old, new = bank.items["language/oop/old"], bank.items["language/oop/new"]
    stored_practice.append_answer(a_card(old), a_practice_answer(old.version))
    stored_practice.append_answer(a_card(new, item_version="older"), a_practice_answer("older"))

    assert count_due(now=NOON + 9 * DAY) == 0
    met = {}
    while (turn := get_turn("topic-language-oop", now=NOON)).item:
        met[item_of(turn).id] = turn.seq
        submit(turn)
    assert met == {"language/oop/new": 1, "language/oop/loops": 0}


def test_a_family_comes_back_with_another_surface(small_app: Flask) -> None:
    submit(get_turn("topic-language-oop"), [])
    submit(get_turn("topic-language-oop"), [])
    first, second = (
        stored_practice.list_cards(ADA, ["language/oop/loops"])["language/oop/loops"],
        get_turn("due", now=NOON + DAY),
    )
    while item_of(second).id != first.item_id:
        submit(second, [], now=NOON + DAY)
        second = get_turn("due", now=NOON + DAY)

    assert split_version(item_of(second).version)[0] == split_version(first.item_version)[0]
    assert item_of(second).version != first.item_version


def test_an_answered_item_can_be_explained_after_the_bank_has_lost_it(small_app: Flask, whole_app: Flask) -> None:
    turn = get_turn()
    number = submit(turn)
    assert turn.item

    with whole_app.app_context():
        found = practice.get_explained("language", turn.item.version, number, learner_id=ADA, now=NOON)

    assert found.explanation.item.version == turn.item.version
