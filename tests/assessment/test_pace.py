"""How fast one attempt takes changes."""

from datetime import UTC, datetime, timedelta

from tracker.assessment.pace import BURST, Pace

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_first_changes_may_come_at_once() -> None:
    assert Pace(5).wait([NOON] * (BURST - 1), now=NOON) == timedelta()


def test_after_a_burst_one_waits_until_its_first_is_as_old_as_so_many_take() -> None:
    moments = [NOON + number * SECOND / 10 for number in range(BURST)]

    assert Pace(5).wait(moments, now=NOON + 2 * SECOND) == 2 * SECOND
    assert Pace(5).wait(moments, now=NOON + 4 * SECOND) == timedelta()


def test_who_changes_something_five_times_a_second_never_waits() -> None:
    moments = [NOON + number * SECOND / 5 for number in range(100)]

    assert Pace(5).wait(moments, now=NOON + 20 * SECOND) == timedelta()


def test_a_clock_that_was_set_back_keeps_nobody_waiting() -> None:
    assert Pace(5).wait([NOON + 3600 * SECOND] * BURST, now=NOON) == timedelta()
