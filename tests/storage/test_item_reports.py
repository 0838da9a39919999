"""Reports in SQL: the same one once, no more than allowed, however many requests come at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask

from tests.conftest import NOON, Cast
from tracker.storage import item_reports
from tracker.storage.tables import ItemReport

HOUR = timedelta(hours=1)


def a_report(number: int, *, user_id: int, text: str = "The second option is right too.") -> ItemReport:
    """A report from practice, made so many hours after noon."""
    return ItemReport(
        public_id=f"{number:032}",
        user_id=user_id,
        item_id="language/syntax/slices",
        item_version="0123abcd",
        answer=["a"],
        kind="key",
        text=text,
        at=NOON + number * HOUR,
    )


def at_once(app: Flask, number: int, add: Callable[[int], bool]) -> list[bool]:
    """What became of so many reports that were sent at once."""

    def in_context(index: int) -> bool:
        with app.app_context():
            return add(index)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(in_context, range(number)))


def test_of_many_different_reports_at_once_no_more_than_allowed_are_stored(app: Flask, cast: Cast) -> None:
    def add(number: int) -> bool:
        report = a_report(number, user_id=cast.ada, text=f"Problem number {number}.")
        return item_reports.add(report, since=NOON - HOUR, most=3)

    stored = at_once(app, 8, add)

    assert sum(stored) == 3
    with app.app_context():
        assert item_reports.count_open() == 3


def test_the_same_report_sent_many_times_at_once_is_stored_once(app: Flask, cast: Cast) -> None:
    stored = at_once(app, 8, lambda _number: item_reports.add(a_report(1, user_id=cast.ada), since=NOON - HOUR, most=1))

    assert all(stored)
    with app.app_context():
        assert item_reports.count_open() == 1


def test_reports_from_before_the_day_do_not_count_against_it(app: Flask, cast: Cast) -> None:
    for number in range(3):
        assert item_reports.add(
            a_report(number, user_id=cast.ada, text=f"Problem number {number}."), since=NOON - HOUR, most=3
        )

    assert not item_reports.add(a_report(25, user_id=cast.ada), since=NOON - HOUR, most=3)
    assert item_reports.add(a_report(25, user_id=cast.ada), since=NOON + HOUR, most=3)
    assert item_reports.add(a_report(26, user_id=cast.omar), since=NOON - HOUR, most=3)


def test_of_many_replies_at_once_one_is_kept(app: Flask, cast: Cast) -> None:
    item_reports.add(a_report(1, user_id=cast.ada), since=NOON, most=3)

    kept = at_once(
        app,
        6,
        lambda number: item_reports.set_reply(f"{1:032}", reply=f"Reply {number}.", by="Vera", at=NOON + 2 * HOUR),
    )

    assert sum(kept) == 1
    with app.app_context():
        assert item_reports.get(f"{1:032}").reply == f"Reply {kept.index(True)}."
        assert item_reports.count_open() == 0
