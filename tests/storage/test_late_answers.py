"""Late answers in MongoDB: each once, in the order they came, and no more than an attempt keeps."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

from flask import Flask

from tests.builders import a_late_answer
from tests.conftest import NOON
from tracker.assessment.late_answer import MOST_LATE, LateAnswer
from tracker.storage import late_answers

ADA = 1


def add(late: LateAnswer) -> LateAnswer | None:
    return late_answers.add(late, attempt_id="a1", learner_id=ADA)


def test_late_answers_come_back_as_they_were_in_the_order_they_came(app: Flask) -> None:
    first = a_late_answer(position=3, key="k1")
    second = a_late_answer(position=1, answer=("a", "c"), arrived_at=NOON, late_by=timedelta(milliseconds=5001))

    assert (add(first), add(second)) == (first, second)

    assert late_answers.list_of("a1") == (first, second)
    assert late_answers.list_of("a2") == ()


def test_what_is_there_under_a_key_stays_as_it_is(app: Flask) -> None:
    first = a_late_answer(key="k1")
    add(first)

    assert add(replace(first, answer=("another",))) == first

    assert late_answers.list_of("a1") == (first,)


def test_without_a_key_an_answer_is_known_by_its_number_place_and_words(app: Flask) -> None:
    one = a_late_answer(answer=("a/b", "c"))
    others = [replace(one, answer=("a", "b/c")), replace(one, seq=9), replace(one, position=9)]

    for late in (one, *others, one):
        add(late)

    assert late_answers.list_of("a1") == (one, *others)


def test_an_attempt_keeps_only_so_many(app: Flask) -> None:
    for number in range(MOST_LATE):
        add(a_late_answer(key=f"k{number}"))

    assert add(a_late_answer(key="one more")) is None

    assert len(late_answers.list_of("a1")) == MOST_LATE
    assert add(a_late_answer(key="k0")) == a_late_answer(key="k0")


def test_of_many_that_come_at_once_each_is_kept_once(app: Flask) -> None:
    barrier = Barrier(8)

    def send(number: int) -> LateAnswer | None:
        with app.app_context():
            barrier.wait(10)
            return add(a_late_answer(key=f"k{number % 4}"))

    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(send, range(8)))

    assert None not in kept
    assert sorted(late.key for late in late_answers.list_of("a1")) == ["k0", "k1", "k2", "k3"]
