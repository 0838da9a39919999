"""The rounds of the sweep: one process at a time, nothing that is broken stops the rest."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from tests.builders import a_report, marked
from tests.conftest import NOON, Cast
from tests.paused import paused
from tests.web.stored import everything
from tracker.assessment.attempt import GRACE, Attempt
from tracker.services import attempts
from tracker.services.sweeping import LEASE, WORK, Sweeper
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, heartbeats, leases, sql
from tracker.storage.embedded import EmbeddedStore

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)
BROKEN = {"$rename": {"seed": "broken"}}
MENDED = {"$rename": {"broken": "seed"}}


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's attempt of 15 minutes at the language quiz, started at noon."""
    return attempts.start_attempt("language", learner_id=cast.ada, now=NOON)


@pytest.fixture
def clock(attempt: Attempt) -> Clock:
    """A clock at the moment when Ada's attempt is overdue."""
    return Clock(attempt.deadline + GRACE + MILLISECOND)


@contextmanager
def without_people() -> Iterator[None]:
    """Every look at who there is fails."""
    with sql.db.engine.connect() as connection:
        connection.execute(text("ALTER TABLE users RENAME TO users_away"))
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("ALTER TABLE users_away RENAME TO users"))
            connection.commit()


def is_finished(attempt: Attempt) -> bool:
    return stored_attempts.get_of_anybody(attempt.id).is_finished


def test_a_round_finishes_what_is_overdue_at_its_deadline_and_says_how_many(attempt: Attempt, clock: Clock) -> None:
    clock.now = attempt.deadline + GRACE
    sweeper = Sweeper(clock)
    assert sweeper.sweep() == 0
    clock.now += MILLISECOND

    assert sweeper.sweep() == 1
    assert sweeper.sweep() == 0

    assert stored_attempts.get_of_anybody(attempt.id).finished_at == attempt.deadline


def test_a_round_says_that_the_service_is_up(attempt: Attempt, clock: Clock) -> None:
    Sweeper(clock).sweep()

    assert heartbeats.find_last() == clock.now


def test_of_two_sweepers_one_sweeps_until_it_is_silent(attempt: Attempt, clock: Clock) -> None:
    first, second = Sweeper(clock), Sweeper(clock)
    clock.now = NOON
    first.sweep()
    clock.now = attempt.deadline + GRACE + MILLISECOND
    first.sweep()

    later = attempts.start_attempt("tools", learner_id=attempt.learner_id, now=NOON)
    clock.now += 6 * SECOND
    assert second.sweep() == 0
    assert not is_finished(later)
    clock.now += 7 * MINUTE
    assert second.sweep() == 1
    assert first.sweep() == 0


def test_one_that_stops_lets_the_next_sweep_at_once(attempt: Attempt, clock: Clock) -> None:
    first, second = Sweeper(clock), Sweeper(clock)
    clock.now = NOON
    first.sweep()
    first.stop()

    clock.now = attempt.deadline + GRACE + MILLISECOND
    heartbeats.beat(clock.now)
    assert second.sweep() == 1


def test_an_outage_is_made_good_before_anything_is_closed(attempt: Attempt, clock: Clock) -> None:
    heartbeats.beat(NOON + 14 * MINUTE)

    assert Sweeper(clock).sweep() == 0

    assert not is_finished(attempt)
    assert heartbeats.find_last() == clock.now


class SlowCredits:
    """A clock on which every attempt that is given time takes eleven seconds."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now + documents.collection("attempts").count_documents({"time.credits": {"$ne": []}}) * 11 * SECOND


def test_while_much_is_given_back_that_takes_long_the_sweep_stays_ours_and_nobody_gets_it_twice(
    attempt: Attempt, cast: Cast
) -> None:
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)
    heartbeats.beat(NOON + MINUTE)
    clock = SlowCredits(NOON + 4 * MINUTE)
    sweeper = Sweeper(clock)

    sweeper.sweep()
    assert not leases.take(WORK, holder="another", now=clock(), length=LEASE)
    sweeper.sweep()

    known = [stored_attempts.get_of_anybody(one.id).time.credits for one in (attempt, omars)]
    assert [[credit.length for credit in credits] for credits in known] == [[3 * MINUTE], [3 * MINUTE]]
    assert heartbeats.find_last() == clock()


def test_an_attempt_that_cannot_be_closed_is_logged_and_stops_no_other(
    attempt: Attempt, clock: Clock, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)
    adas_other = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON)
    documents.collection("attempts").update_one({"_id": attempt.id}, BROKEN)
    clock.now = adas_other.deadline + GRACE + MILLISECOND
    sweeper = Sweeper(clock)

    with caplog.at_level(logging.ERROR):
        assert sweeper.sweep() == 2

    assert [is_finished(one) for one in (omars, adas_other)] == [True, True]
    assert attempt.id in caplog.text


def test_an_attempt_that_cannot_be_read_keeps_no_other_of_its_learner_open(
    attempt: Attempt, clock: Clock, cast: Cast
) -> None:
    documents.collection("attempts").update_one({"_id": attempt.id}, BROKEN)
    clock.now += MINUTE
    adas_later = attempts.start_attempt("tools", learner_id=cast.ada, now=clock.now)
    clock.now = adas_later.deadline + GRACE + MILLISECOND

    assert Sweeper(clock).sweep() == 1

    assert is_finished(adas_later)


def test_what_could_not_be_closed_is_tried_again_every_minute_not_every_round(
    attempt: Attempt, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    documents.collection("attempts").update_one({"_id": attempt.id}, BROKEN)
    sweeper = Sweeper(clock)
    sweeper.sweep()
    caplog.clear()

    for _ in range(25):
        clock.now += 2 * SECOND
        sweeper.sweep()
    assert caplog.text == ""
    documents.collection("attempts").update_one({"_id": attempt.id}, MENDED)
    clock.now += 10 * SECOND

    assert sweeper.sweep() == 1


def test_profiles_that_lag_behind_are_repaired_in_the_first_round_and_then_every_minute(
    attempt: Attempt, clock: Clock, cast: Cast
) -> None:
    clock.now = NOON
    sweeper = Sweeper(clock)
    stored_attempts.finish(attempt, finished_at=NOON, responses=marked(attempt), report=a_report())
    sweeper.sweep()
    assert [profile["_id"] for profile in everything()["profiles"]] == [cast.ada]

    documents.collection("profiles").delete_many({})
    for _ in range(29):
        clock.now += 2 * SECOND
        sweeper.sweep()
    assert everything()["profiles"] == []
    clock.now += 2 * SECOND
    sweeper.sweep()

    assert [profile["_id"] for profile in everything()["profiles"]] == [cast.ada]


def test_while_the_store_is_away_the_sweep_waits_says_so_once_and_goes_on_after(
    attempt: Attempt, clock: Clock, store: EmbeddedStore, caplog: pytest.LogCaptureFixture
) -> None:
    sweeper = Sweeper(clock)
    with paused(store):
        assert [sweeper.sweep(), sweeper.sweep()] == [0, 0]

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert sweeper.sweep() == 1


def test_while_people_cannot_be_read_what_is_over_is_closed_all_the_same_and_profiles_wait(
    app: Flask, attempt: Attempt, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    sweeper = Sweeper(clock)
    with without_people(), app.app_context():
        assert sweeper.sweep() == 1
        assert sweeper.sweep() == 0
    assert is_finished(attempt)
    [said] = caplog.records
    assert said.message == "Whose profile to check is not known now; tried again later"

    documents.collection("profiles").delete_many({})
    clock.now += MINUTE
    sweeper.sweep()

    assert [profile["_id"] for profile in everything()["profiles"]] == [attempt.learner_id]


def test_a_profile_that_cannot_be_repaired_is_logged_and_stops_no_other(
    attempt: Attempt, clock: Clock, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    clock.now = NOON
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)
    for one in (attempt, omars):
        stored_attempts.finish(one, finished_at=NOON, responses=marked(one), report=a_report())
    gone = {"$rename": {"responses": "broken"}}
    documents.collection("attempts").update_one({"_id": attempt.id}, gone, bypass_document_validation=True)

    Sweeper(clock).sweep()

    assert [profile["_id"] for profile in everything()["profiles"]] == [cast.omar]
    assert f"The profile of learner {cast.ada} could not be repaired" in caplog.text
