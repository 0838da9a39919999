"""The rounds of the job runner: one process at a time, nothing that fails stops the rest."""

import logging
from datetime import datetime, timedelta

import pytest
from flask import Flask
from pymongo.errors import NetworkTimeout

from tests.conftest import NOON
from tests.paused import paused
from tests.storage.test_mails import a_letter, queue_letters
from tracker.services.jobs import JOBS, LEASE, Job, JobRunner
from tracker.storage import mails, sql
from tracker.storage.embedded import EmbeddedStore

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Work:
    """A job that can be broken; `done_at` is when it was done."""

    def __init__(self) -> None:
        self.done_at: list[datetime] = []
        self.error: Exception | None = None

    def __call__(self, now: datetime) -> int:
        self.done_at.append(now)
        if self.error:
            sql.session().connection()  # and whatever it began stays open
            raise self.error
        return 2


def a_runner(clock: Clock, *works: Work, line: str = "work") -> JobRunner:
    """A runner whose jobs these are."""
    return JobRunner(line, [Job(work) for work in works], clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def works() -> tuple[Work, Work]:
    return Work(), Work()


def test_a_round_does_every_job_and_says_how_much_was_done(app: Flask, clock: Clock, works: tuple[Work, Work]) -> None:
    runner = a_runner(clock, *works)

    assert runner.run() == 4
    clock.now += SECOND
    assert runner.run() == 4

    assert [work.done_at for work in works] == [[NOON, NOON + SECOND]] * 2


@pytest.mark.parametrize("error", [RuntimeError("broken on purpose"), NetworkTimeout("broken on purpose")])
def test_one_that_fails_stops_no_other_is_logged_and_rests_a_minute(
    app: Flask, clock: Clock, works: tuple[Work, Work], caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    runner = a_runner(clock, *works)
    works[0].error = error

    with caplog.at_level(logging.ERROR):
        assert runner.run() == 2
    works[0].error = None
    clock.now += MINUTE - SECOND
    assert runner.run() == 2
    clock.now += SECOND
    assert runner.run() == 4

    assert "broken on purpose" in caplog.text
    assert not sql.session()().in_transaction()


def test_a_job_that_has_time_is_not_done_in_every_round(app: Flask, clock: Clock, works: tuple[Work, Work]) -> None:
    runner = JobRunner("work", [Job(works[0], every=MINUTE)], clock)
    for _ in range(4):
        runner.run()
        clock.now += 30 * SECOND
    assert works[0].done_at == [NOON, NOON + MINUTE]

    clock.now -= 90 * MINUTE
    runner.run()

    assert len(works[0].done_at) == 3  # a clock that was set back keeps nothing from being done


def test_of_two_runners_one_works_until_it_stops_or_is_silent(
    app: Flask, clock: Clock, works: tuple[Work, Work]
) -> None:
    first, second = (a_runner(clock, work) for work in works)
    assert [first.run(), second.run()] == [2, 0]

    first.stop()
    assert [second.run(), first.run()] == [2, 0]
    clock.now += LEASE + SECOND
    assert [first.run(), second.run()] == [2, 0]


def test_lines_with_names_of_their_own_do_not_wait_for_each_other(
    app: Flask, clock: Clock, works: tuple[Work, Work]
) -> None:
    first, second = (a_runner(clock, work, line=line) for line, work in zip(("one", "two"), works, strict=True))

    assert [first.run(), second.run()] == [2, 2]


def test_while_the_store_is_away_the_jobs_wait_say_so_once_and_go_on_after(
    app: Flask, clock: Clock, works: tuple[Work, Work], store: EmbeddedStore, caplog: pytest.LogCaptureFixture
) -> None:
    runner = a_runner(clock, *works)
    with paused(store):
        assert [runner.run(), runner.run()] == [0, 0]

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert eventually_runs(runner) == 4


def eventually_runs(runner: JobRunner) -> int:
    """What a round does, once the store is asked again."""
    done = 0
    while not done:
        done = runner.run()
    return done


def test_mails_are_among_the_jobs(app: Flask, clock: Clock) -> None:
    queue_letters([a_letter()])

    assert JobRunner("mails", JOBS["mails"], clock).run() == 1

    assert mails.list_due(now=NOON, most_tries=1, most=1) == []
