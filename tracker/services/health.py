"""How the service is: its stores, its tables, its bank, its disk, and what runs beside it.

Asking is bounded: one thread at a time looks at each thing, nobody waits longer than `PATIENCE_SECONDS`, and what was
found holds for a second, so that asking often costs no more than asking once.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

from tracker.services.jobs import JOBS
from tracker.services.mails import MOST_TRIES
from tracker.storage import disk, documents, heartbeats, leases, mails, shapes, sql
from tracker.storage.question_bank import get_bank

PATIENCE_SECONDS = 2.0
HOLDS_SECONDS = 1.0
LEAST_FREE_BYTES = 256 * 2**20
SILENT_AFTER = timedelta(seconds=15)
MAILS_LATE_AFTER = timedelta(minutes=15)

State = Literal["well", "poor", "down"]
"""poor: somebody should check, but people are served."""


@dataclass(frozen=True, slots=True)
class Fact:
    """How one thing is, and that in a sentence."""

    name: str
    state: State
    says: str


@dataclass(frozen=True, slots=True)
class Health:
    """How everything is."""

    facts: Sequence[Fact]

    @property
    def is_ready(self) -> bool:
        """Whether people can be served."""
        return all(fact.state != "down" for fact in self.facts)


@dataclass(frozen=True, slots=True)
class Check:
    """How to look at one thing: `find` says how it is. otherwise: how it is when that fails or takes too long."""

    name: str
    find: Callable[[datetime], tuple[State, str]]
    otherwise: tuple[State, str]

    def fact(self, now: datetime) -> Fact:
        """How it is."""
        return Fact(self.name, *self.find(now))

    def unknown(self) -> Fact:
        """How it is when nobody can tell."""
        return Fact(self.name, *self.otherwise)


class Watch:
    """Looks at everything when asked, for all who ask in one process."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._threads = ThreadPoolExecutor(len(checks), thread_name_prefix="health")
        self._running: dict[str, Future[Fact]] = {}
        self._turn = Lock()
        self._last: Health | None = None
        self._until = 0.0

    def ask(self, now: datetime) -> Health:
        """How everything is; as it was the last time, when that is new or somebody is looking already."""
        last = self._last
        is_ours = self._turn.acquire(blocking=last is None)
        if last and not is_ours:
            return last
        try:
            if self._last is None or time.monotonic() > self._until:
                self._last = self._look(now)
                self._until = time.monotonic() + HOLDS_SECONDS
            return self._last
        finally:
            self._turn.release()

    def _look(self, now: datetime) -> Health:
        for check in self._checks:
            if check.name not in self._running:
                self._running[check.name] = self._threads.submit(copy_context().run, check.fact, now)
        wait(self._running.values(), PATIENCE_SECONDS)
        return Health([self._found(check) for check in self._checks])

    def _found(self, check: Check) -> Fact:
        """What a look found; one that still runs is left to itself, and asked for the next time."""
        if not self._running[check.name].done():
            return check.unknown()
        found = self._running.pop(check.name)
        return check.unknown() if found.exception() else found.result()


def _sql(_now: datetime) -> tuple[State, str]:
    if not sql.is_newest():
        return "down", "The SQL tables are not at the newest migration: run `flask stores prepare`."
    return "well", "The SQL database answers, and its tables are up to date."


def _documents(_now: datetime) -> tuple[State, str]:
    documents.ping()
    return "well", "The document store answers."


def _shapes(_now: datetime) -> tuple[State, str]:
    undeclared = shapes.list_undeclared()
    if undeclared:
        names = ", ".join(undeclared)
        return "poor", f"The document store does not check what is written to {names}: run `flask stores prepare`."
    return "well", "The document store checks what is written to it."


def _bank(_now: datetime) -> tuple[State, str]:
    return "well", f"The question bank is loaded: {len(get_bank().items_by_version)} items."


def _disk(_now: datetime) -> tuple[State, str]:
    free = disk.get_free_bytes()
    says = f"{free / 2**30:.1f} GiB are free in the instance folder"
    return ("well", f"{says}.") if free >= LEAST_FREE_BYTES else ("down", f"Only {says}: make room.")


def _sweep(now: datetime) -> tuple[State, str]:
    last = heartbeats.find_last()
    if last is None or now - last > SILENT_AFTER:
        return "poor", "The sweep is silent: attempts whose time is over are not closed. Run `flask attempts sweep`."
    return "well", "The sweep runs."


def _jobs(now: datetime) -> tuple[State, str]:
    if leases.list_held(now) >= JOBS.keys():
        return "well", "The job runner runs."
    return "poor", "The job runner is silent: mails and exports wait. Run `flask jobs run`."


def _mails(now: datetime) -> tuple[State, str]:
    waiting, since = mails.get_backlog(now=now, most_tries=MOST_TRIES)
    due = "1 mail is due" if waiting == 1 else f"{waiting} mails are due"
    if since and now - since > MAILS_LATE_AFTER:
        return "poor", f"{due}, the first for more than a quarter of an hour."
    return "well", f"{due}."


CHECKS: Sequence[Check] = (
    Check("sql", _sql, ("down", "The SQL database does not answer.")),
    Check("documents", _documents, ("down", "The document store does not answer.")),
    Check("bank", _bank, ("down", "The question bank is not loaded.")),
    Check("disk", _disk, ("down", "How much of the disk is free cannot be told.")),
    Check("shapes", _shapes, ("poor", "Whether the document store checks what is written to it cannot be told.")),
    Check("sweep", _sweep, ("poor", "Whether the sweep runs cannot be told.")),
    Check("jobs", _jobs, ("poor", "Whether the job runner runs cannot be told.")),
    Check("mails", _mails, ("poor", "Whether mails wait cannot be told.")),
)
