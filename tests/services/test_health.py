"""How the service is, asked of real stores; and that asking is bounded."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import NOON
from tracker.services import health
from tracker.services.health import CHECKS, Check, State, Watch
from tracker.services.jobs import JOBS
from tracker.storage import disk, heartbeats, leases, mails, sql
from tracker.storage.mails import Letter

WELL: tuple[State, str] = ("well", "It is well.")
DOWN: tuple[State, str] = ("down", "It does not answer.")


def states(app: Flask) -> dict[str, State]:
    return {fact.name: fact.state for fact in Watch(CHECKS).ask(NOON).facts}


@pytest.fixture
def running(app: Flask) -> Flask:
    """The app, with what runs beside it."""
    heartbeats.beat(NOON)
    for line in JOBS:
        leases.take(line, holder="somebody", now=NOON, length=timedelta(minutes=1))
    return app


def test_all_is_well_while_everything_runs(running: Flask) -> None:
    assert set(states(running).values()) == {"well"}


def test_without_what_runs_beside_it_people_are_served_but_somebody_should_look(app: Flask) -> None:
    found = Watch(CHECKS).ask(NOON)

    assert found.is_ready
    assert {fact.name for fact in found.facts if fact.state == "poor"} == {"sweep", "jobs"}


def test_a_sweep_that_fell_silent_is_noticed(running: Flask) -> None:
    found = Watch(CHECKS).ask(NOON + health.SILENT_AFTER + timedelta(seconds=1))

    assert [fact.name for fact in found.facts if fact.state != "well"] == ["sweep"]


def test_mails_that_wait_too_long_are_noticed(running: Flask) -> None:
    letter = Letter(key="a", address="ada@example.org", subject="a", text="a", due_at=NOON - timedelta(minutes=16))
    with sql.writing():
        mails.add([letter], now=NOON - timedelta(minutes=16))

    assert states(running)["mails"] == "poor"


def test_tables_behind_the_newest_migration_are_down(running: Flask) -> None:
    with sql.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        assert states(running)["sql"] == "down"
    finally:
        with sql.writing() as session:
            session.execute(text(f"UPDATE alembic_version SET version_num = '{sql._newest()[0]}'"))


def test_a_full_disk_is_down(running: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", disk.get_free_bytes() * 2)

    assert states(running)["disk"] == "down"


def test_what_fails_is_as_bad_as_it_is_said_to_be() -> None:
    def fail(_now: datetime) -> tuple[State, str]:
        raise ConnectionError("with a secret")

    (fact,) = Watch([Check("store", fail, DOWN)]).ask(NOON).facts

    assert (fact.state, fact.says) == DOWN


@pytest.fixture
def stuck() -> Iterator[tuple[list[datetime], Check]]:
    """A look that does not come back, and when it was begun."""
    began: list[datetime] = []
    release = Event()

    def hang(now: datetime) -> tuple[State, str]:
        began.append(now)
        release.wait()
        return WELL

    yield began, Check("store", hang, DOWN)
    release.set()


def test_what_hangs_keeps_nobody_waiting_and_is_begun_once(
    stuck: tuple[list[datetime], Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(health, "HOLDS_SECONDS", 0)
    began, look = stuck
    watch = Watch([look, Check("bank", lambda _now: WELL, DOWN)])

    found = [watch.ask(NOON) for _ in range(3)]

    assert [[fact.state for fact in one.facts] for one in found] == [["down", "well"]] * 3
    assert len(began) == 1


def test_however_many_ask_each_thing_is_looked_at_once_a_second() -> None:
    looks: list[float] = []

    def look(_now: datetime) -> tuple[State, str]:
        looks.append(time.monotonic())
        return WELL

    watch = Watch([Check("store", look, DOWN)])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: watch.ask(NOON), range(500)))

    assert all(one.is_ready for one in found)
    assert all(later - earlier >= health.HOLDS_SECONDS for earlier, later in pairwise(looks))
