"""Exports: a cohort's results as files. Leads ask for them, find them in a list, download and delete them.

What is small is made at once; what is large, and every PDF, waits for `flask jobs run`, which makes one after another.
Making one is logged as a look of its asker at every member in it; a lead who downloads what another asked for is logged
then.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tracker.assessment.export_format import ExportFormat
from tracker.errors import Conflict, NotFound, PdfUnavailable
from tracker.formats.csv_file import to_csv
from tracker.formats.json_file import to_document, to_json
from tracker.formats.report import to_pdf
from tracker.formats.results import Results
from tracker.formats.xlsx_file import to_xlsx
from tracker.services import audit, cohorts
from tracker.services.export_results import gather_results, list_exported
from tracker.services.looks import SAME_LOOK
from tracker.storage import cohorts as stored_cohorts
from tracker.storage import exports, looks
from tracker.storage.cohort_tables import Cohort, Export
from tracker.storage.exports import Try

LIFE = timedelta(days=7)
SILENCE = timedelta(minutes=2)
"""After so long without a sign, whoever made an export is thought to have died."""

MOST_TRIES = 3
MOST_KEPT = 20
MOST_IN_PDF = 500
MOST_AT_ONCE = 100
NOBODY = "Nobody is in this cohort yet, so there is nothing to export. Invite its members first."

WRITERS: dict[ExportFormat, Callable[[Results], bytes]] = {
    ExportFormat.CSV: to_csv,
    ExportFormat.XLSX: to_xlsx,
    ExportFormat.PDF: to_pdf,
    ExportFormat.JSON: to_json,
}
MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.PDF: "application/pdf",
    ExportFormat.JSON: "application/json",
}


class State(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    BEING_MADE = "being made"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Listed:
    """An export in the list."""

    export: Export
    state: State
    gone_at: datetime

    @property
    def is_to_come(self) -> bool:
        """Whether it is not made yet, but may be."""
        return self.state in {State.WAITING, State.BEING_MADE}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A cohort's exports for its leads, newest first. members: how many there are to export."""

    cohort: Cohort
    members: int
    exports: tuple[Listed, ...]

    @property
    def is_anything_to_come(self) -> bool:
        """Whether looking again may show more."""
        return any(one.is_to_come for one in self.exports)


@dataclass(frozen=True, slots=True)
class File:
    """An export to send."""

    content: bytes
    name: str
    media_type: str


def open_exports(public_id: str, *, lead_id: int) -> Shelf:
    """A cohort's exports, for its leads. Raises: NotFound, also to everybody else."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    listed = tuple(_listed(export) for export in exports.list_in(cohort.id))
    return Shelf(cohort, _count_members(cohort), listed)


def ask_for(public_id: str, format: ExportFormat, *, lead_id: int, now: datetime) -> Listed:
    """Ask for a cohort's results as a file; a small one is made at once, but no PDF: that takes seconds of a core.

    Raises: NotFound, also to all but its leads; Conflict when the cohort is too large for it, or too many are kept.
    """
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    members = _count_members(cohort)
    _check(cohort, format, members)
    asked = exports.add(cohort_id=cohort.id, asked_by=lead_id, format=format, now=now)
    _record("export.asked", format, cohort, actor_id=lead_id, now=now)
    if format is not ExportFormat.PDF and members <= MOST_AT_ONCE:
        _make(asked.id, now)
    return _listed(exports.get(asked.public_id, cohort_id=cohort.id))


def ask_for_document(public_id: str, *, lead_id: int, now: datetime) -> tuple[Listed, bool]:
    """The JSON export that this lead waits for or, when there is none, a new one; and whether it is new.

    Raises: NotFound, also to all but its leads; Conflict as `ask_for`.
    """
    for one in open_exports(public_id, lead_id=lead_id).exports:
        if one.is_to_come and one.export.asked_by == lead_id and one.export.format is ExportFormat.JSON:
            return one, False
    return ask_for(public_id, ExportFormat.JSON, lead_id=lead_id, now=now), True


def get_document(public_id: str, export_id: str, *, lead_id: int) -> Listed:
    """A JSON export, as far as it is. Raises: NotFound, also to all but the cohort's leads, and for other formats."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    export = exports.get(export_id, cohort_id=cohort.id)
    if export.format is not ExportFormat.JSON:
        raise NotFound
    return _listed(export)


def gather_document(public_id: str, *, lead_id: int, now: datetime) -> dict[str, Any]:
    """A cohort's results as the JSON export holds them, made now and kept nowhere, for one of its leads.

    Noted first as a look at every member in it. Raises: NotFound, also to all but its leads; Conflict when it is empty,
    or too large to be made at once.
    """
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    members = list_exported(cohort)
    if not members:
        raise Conflict(NOBODY)
    if len(members) > MOST_AT_ONCE:
        raise Conflict(
            f"At once only {MOST_AT_ONCE} members can be exported, and this cohort has more. Ask for one of its"
            " `exports` instead: it is made in the background."
        )
    looks.add_for_each(
        cohort.id,
        user_ids=[member.user_id for member in members],
        looker_id=lead_id,
        what=ExportFormat.JSON,
        after=now - SAME_LOOK,
        now=now,
    )
    document = to_document(gather_results(cohort, members, lead_id=lead_id, now=now, on_progress=lambda *_: None))
    _record("export.downloaded", ExportFormat.JSON, cohort, actor_id=lead_id, now=now)
    return document


def open_file(public_id: str, export_id: str, *, lead_id: int, now: datetime) -> File:
    """An export to download, for any lead of its cohort. Raises: NotFound, also while it is not made."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    export = exports.get(export_id, cohort_id=cohort.id)
    content = exports.find_file(export)
    if content is None or export.made_at is None:
        raise NotFound
    if export.asked_by != lead_id:
        looks.add_for_file(
            cohort.id,
            export.format,
            made_by=export.asked_by,
            made_at=export.made_at,
            looker_id=lead_id,
            after=now - SAME_LOOK,
            now=now,
        )
    _record("export.downloaded", export.format, cohort, actor_id=lead_id, now=now)
    return File(content, f"cohort-{export.made_at:%Y-%m-%d}.{export.format}", MEDIA_TYPES[export.format])


def delete(public_id: str, export_id: str, *, lead_id: int, now: datetime) -> None:
    """Take an export away with its file. Raises: NotFound, also to all but the cohort's leads."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    export = exports.get(export_id, cohort_id=cohort.id)
    exports.remove(export)
    _record("export.deleted", export.format, cohort, actor_id=lead_id, now=now)


def make_waiting(now: datetime) -> int:
    """Make the export that waits longest; take away what is old. Returns: how many were made, 0 or 1."""
    exports.forget_older(now - LIFE)
    exports.sweep()
    waiting = exports.find_waiting(now=now, silent_for=SILENCE)
    return int(waiting is not None and _make(waiting, now))


def _record(action: str, format: ExportFormat, cohort: Cohort, *, actor_id: int, now: datetime) -> None:
    audit.record(action, actor_id=actor_id, subject=f"cohort:{cohort.public_id}", now=now, format=format)


def _count_members(cohort: Cohort) -> int:
    return sum(stored_cohorts.count_agreed(cohort.id).values())


def _check(cohort: Cohort, format: ExportFormat, members: int) -> None:
    if not members:
        raise Conflict(NOBODY)
    if format is ExportFormat.PDF and members > MOST_IN_PDF:
        raise Conflict(f"A PDF holds at most {MOST_IN_PDF} members. Nothing was made; choose another format.")
    if len(exports.list_in(cohort.id)) >= MOST_KEPT:
        raise Conflict(f"This cohort has {MOST_KEPT} exports, which is all it can keep. Delete one, then ask again.")


def _make(export_id: int, now: datetime) -> bool:
    """Make an export unless somebody else does. Says whether it is there now; if not for good, it says why."""
    begun = exports.begin(export_id, now=now, silent_for=SILENCE)
    if begun is None:
        return False
    if begun.number > MOST_TRIES:
        exports.fail(
            begun, f"It was begun {MOST_TRIES} times and never finished. Ask for it again, or in another format."
        )
        return False
    passing = _passing_since(now)
    try:
        members = list_exported(begun.cohort)
        results = gather_results(
            begun.cohort, members, lead_id=begun.asked_by, now=now, on_progress=_noting(begun, passing)
        )
        file = WRITERS[begun.format](results)
    except NotFound:
        exports.fail(begun, "Who asked for it does not lead this cohort any more.")
        return False
    except PdfUnavailable as error:
        exports.fail(begun, str(error))
        return False
    return exports.finish(begun, file, member_ids=[member.user_id for member in members], now=passing())


def _noting(begun: Try, passing: Callable[[], datetime]) -> Callable[[int, int], None]:
    def note(done: int, wanted: int) -> None:
        exports.note_progress(begun, done=done, wanted=wanted, now=passing())

    return note


def _passing_since(now: datetime) -> Callable[[], datetime]:
    """The time that it is later on, told from when it was `now`."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _listed(export: Export) -> Listed:
    return Listed(export, _state(export), gone_at=export.asked_at + LIFE)


def _state(export: Export) -> State:
    if export.problem:
        return State.FAILED
    if export.made_at:
        return State.READY
    return State.BEING_MADE if export.seen_at else State.WAITING
