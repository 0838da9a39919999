"""Practice in MongoDB: an answer and the card after it are one write, and only one answer can be the next."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from flask import Flask

from tests.builders import a_card, a_practice_answer, an_item
from tests.conftest import NOON
from tests.web.stored import everything
from tracker.assessment.met import Meeting
from tracker.assessment.practice import DAY
from tracker.assessment.practice_set import Given
from tracker.storage import practice

ADA, OMAR = 1, 2
SLICES, LOOPS = an_item("language/syntax/slices"), an_item("language/syntax/loops")


def test_a_card_and_its_answers_come_back_as_they_were(app: Flask) -> None:
    first, second = a_practice_answer(mark=0.0), a_practice_answer(mark=0.5, answer=("a", "c"), at=NOON + DAY)
    card = a_card(SLICES)
    later = replace(card, seq=2, last_at=second.at, due=NOON + 4 * DAY, surfaces=("x", "y"))

    assert practice.append_answer(card, first)
    assert practice.append_answer(later, second)

    assert practice.find_card(ADA, SLICES.id) == (later, (first, second))
    assert practice.list_cards(ADA, [SLICES.id, LOOPS.id]) == {SLICES.id: later}


def test_cards_are_listed_by_the_day_they_are_due(app: Flask) -> None:
    soon, late = a_card(SLICES, due=NOON), a_card(LOOPS, due=NOON + DAY)
    for card in (soon, late, a_card(SLICES, learner_id=OMAR, due=NOON)):
        practice.append_answer(card, a_practice_answer())

    assert practice.list_due(ADA, before=NOON) == {}
    assert practice.list_due(ADA, before=NOON + DAY) == {SLICES.id: soon}
    assert practice.list_due(ADA, before=NOON + 2 * DAY) == {SLICES.id: soon, LOOPS.id: late}


def test_a_card_is_its_learners_alone(app: Flask) -> None:
    practice.append_answer(a_card(SLICES), a_practice_answer())

    assert practice.find_card(OMAR, SLICES.id) is None
    assert practice.find_card(ADA, LOOPS.id) is None
    assert practice.list_due(OMAR, before=NOON + 9 * DAY) == {}
    assert practice.list_cards(OMAR, [SLICES.id]) == {}
    assert practice.list_met(OMAR, since=NOON) == []


def test_an_answer_is_only_saved_after_the_one_before_it(app: Flask) -> None:
    practice.append_answer(a_card(SLICES), a_practice_answer())
    before = everything()

    for seq in (1, 3):
        assert not practice.append_answer(a_card(SLICES, seq=seq), a_practice_answer(mark=0.0))
    assert not practice.append_answer(a_card(LOOPS, seq=2), a_practice_answer())

    assert everything() == before


def test_of_many_answers_sent_at_once_one_is_saved(app: Flask) -> None:
    for seq in (1, 2):
        barrier = Barrier(8)

        def send(number: int, seq: int = seq, barrier: Barrier = barrier) -> bool:
            with app.app_context():
                barrier.wait()
                return practice.append_answer(a_card(SLICES, seq=seq), a_practice_answer(seconds=float(number)))

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(send, range(8))) == 1
    found = practice.find_card(ADA, SLICES.id)
    assert found
    assert len(found[1]) == 2


def test_what_was_seen_lately_is_listed_by_surface(app: Flask) -> None:
    old, new = a_practice_answer("f-aa", at=NOON), a_practice_answer("f-bb", at=NOON + 5 * DAY)
    card = a_card(LOOPS, item_version="f-aa")
    practice.append_answer(card, old)
    practice.append_answer(replace(card, seq=2, item_version="f-bb", last_at=new.at), new)
    practice.append_answer(a_card(SLICES), a_practice_answer("plain"))

    slices = Meeting(NOON, {SLICES.id: {""}})
    met = sorted(practice.list_met(ADA, since=NOON), key=lambda meeting: meeting.at)
    assert met == [slices, Meeting(new.at, {LOOPS.id: {"aa", "bb"}})]
    assert practice.list_met(ADA, since=NOON + DAY) == [Meeting(new.at, {LOOPS.id: {"bb"}})]
    assert practice.list_met(ADA, since=NOON + 6 * DAY) == []


def test_what_several_learners_have_answered_since_a_moment_is_listed_with_its_topic(app: Flask) -> None:
    practice.append_answer(a_card(SLICES, last_at=NOON), a_practice_answer(at=NOON))
    practice.append_answer(a_card(LOOPS, learner_id=OMAR, last_at=NOON + DAY), a_practice_answer(at=NOON + DAY))
    practice.append_answer(a_card(LOOPS, learner_id=3, last_at=NOON), a_practice_answer(at=NOON))

    assert practice.list_given([ADA, OMAR], since=NOON) == {
        ADA: [Given("language/syntax", NOON)],
        OMAR: [Given("language/syntax", NOON + DAY)],
    }
    assert practice.list_given([ADA, OMAR], since=NOON + DAY).keys() == {OMAR}
    assert practice.list_given([*range(1, 120)], since=NOON).keys() == {ADA, OMAR, 3}
