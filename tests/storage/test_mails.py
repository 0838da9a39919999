"""Mails in SQL: one a key, whoever queues it and however often."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOON
from tracker.storage import mails, sql
from tracker.storage.mails import Letter

SECOND = timedelta(seconds=1)


def a_letter(key: str = "invitation/1", **fields: Any) -> Letter:
    """A mail to Ada, due at noon."""
    told = {"address": "ada@example.org", "subject": "You are invited", "text": "Come.", "due_at": NOON, **fields}
    return Letter(key=key, **told)


def queue_letters(letters: Sequence[Letter]) -> int:
    """Queue mails at noon. Returns: how many are new."""
    with sql.writing():
        return mails.add(letters, now=NOON)


def due(**fields: Any) -> list[str]:
    """The keys of what is due at noon."""
    return [mail.key for mail in mails.list_due(**{"now": NOON, "most_tries": 3, "most": 10, **fields})]


def queue_and_fail() -> None:
    """Queue a mail within a change that comes to nothing."""
    with sql.writing():
        mails.add([a_letter()], now=NOON)
        raise RuntimeError


def test_the_same_key_again_changes_nothing(app: Flask) -> None:
    assert queue_letters([a_letter()]) == 1

    assert queue_letters([a_letter(text="Come again."), a_letter("b"), a_letter("b")]) == 1

    assert [mail.text for mail in mails.list_due(now=NOON, most_tries=3, most=10)] == ["Come.", "Come."]


def test_a_key_queued_by_many_at_once_is_queued_once(app: Flask) -> None:
    barrier = Barrier(6)

    def queue(_number: int) -> int:
        with app.app_context():
            barrier.wait(timeout=10)
            return queue_letters([a_letter()])

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(queue, range(6))) == 1

    assert due() == ["invitation/1"]


def test_within_a_change_that_fails_nothing_is_queued(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        queue_and_fail()

    assert due() == []


def test_many_are_queued_at_once(app: Flask) -> None:
    letters = [a_letter(f"reminder/{number}") for number in range(1_200)]

    assert queue_letters(letters) == 1_200
    assert queue_letters(letters) == 0


def test_what_waits_longest_comes_first_and_nothing_before_its_time(app: Flask) -> None:
    times = {"later": SECOND, "now": 0 * SECOND, "before": -SECOND}
    queue_letters([a_letter(key, due_at=NOON + shift) for key, shift in times.items()])

    assert due() == ["before", "now"]
    assert due(most=1) == ["before"]
    assert due(now=NOON + SECOND) == ["before", "now", "later"]


def test_what_was_sent_given_up_or_put_off_is_not_due(app: Flask) -> None:
    queue_letters([a_letter(key) for key in ("sent", "given up", "put off", "due")])
    sent, given_up, put_off, _ = (mail.id for mail in mails.list_due(now=NOON, most_tries=3, most=10))
    mails.note_sent(sent, now=NOON, keeps_text=False)
    for _ in range(3):
        mails.note_unsent([(given_up, NOON)], problem="No such mailbox")
    mails.note_unsent([(put_off, NOON + SECOND)], problem="Later, please")

    assert due() == ["due"]
