"""Leases: of several processes one does a work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask

from tests.conftest import NOON
from tracker.storage import leases

LENGTH = timedelta(seconds=6)
MILLISECOND = timedelta(milliseconds=1)


def take(holder: str, after: timedelta = timedelta()) -> bool:
    return leases.take("sweep", holder=holder, now=NOON + after, length=LENGTH)


def test_who_comes_first_holds_it_and_goes_on_holding_it(app: Flask) -> None:
    assert take("a")
    assert not take("b")
    assert take("a", LENGTH)
    assert not take("b", 2 * LENGTH)


def test_when_its_holder_is_silent_it_is_taken_as_soon_as_it_has_ended(app: Flask) -> None:
    take("a")

    assert not take("b", LENGTH)
    assert take("b", LENGTH + MILLISECOND)
    assert not take("a", LENGTH + MILLISECOND)


def test_given_up_it_is_free_at_once_but_nobody_gives_up_anothers(app: Flask) -> None:
    take("a")
    leases.give_up("sweep", holder="b")
    assert not take("b")

    leases.give_up("sweep", holder="a")

    assert take("b")


def test_a_clock_that_is_set_back_does_not_keep_it_with_the_dead(app: Flask) -> None:
    take("a")

    assert take("b", -timedelta(hours=1))


def test_of_many_at_once_one_gets_it(app: Flask) -> None:
    barrier = Barrier(6)

    def run(holder: str) -> bool:
        with app.app_context():
            barrier.wait(timeout=10)
            return take(holder)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(run, "abcdef")) == 1
