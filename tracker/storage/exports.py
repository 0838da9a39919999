"""Exports: who asked for what, how far it is, and its file.

Whoever begins to make one has its newest try: what an older try does later changes nothing. A file without its row is
nobody's: nothing leads to it, and `sweep` removes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Update, delete, insert, or_, select, update
from sqlalchemy.orm import joinedload

from tracker.assessment.export_format import ExportFormat
from tracker.errors import NotFound
from tracker.storage import export_files, sql
from tracker.storage.cohort_tables import Cohort, Export, Look


@dataclass(frozen=True, slots=True)
class Try:
    """One try at making an export: `number` says which, and who begins later has a higher one."""

    export_id: int
    public_id: str
    cohort: Cohort
    asked_by: int
    format: ExportFormat
    number: int


def add(*, cohort_id: int, asked_by: int, format: ExportFormat, now: datetime) -> Export:
    """Store that an export was asked for."""
    export = Export(
        public_id=uuid4().hex,
        cohort_id=cohort_id,
        asked_by=asked_by,
        format=format,
        asked_at=now,
        done=0,
        wanted=0,
        tries=0,
        seen_at=None,
        made_at=None,
        problem=None,
    )
    with sql.writing() as session:
        session.add(export)
    return export


def list_in(cohort_id: int) -> Sequence[Export]:
    """The exports of a cohort, each with who asked for it, newest first."""
    return (
        sql.session()
        .scalars(
            select(Export)
            .options(joinedload(Export.asker))
            .where(Export.cohort_id == cohort_id)
            .order_by(Export.asked_at.desc(), Export.id.desc())
        )
        .all()
    )


def get(public_id: str, *, cohort_id: int) -> Export:
    """An export of this cohort. Raises: NotFound."""
    found = sql.session().scalar(select(Export).where(Export.public_id == public_id, Export.cohort_id == cohort_id))
    if found is None:
        raise NotFound
    return found


def begin(export_id: int, *, now: datetime, silent_for: timedelta) -> Try | None:
    """Begin to make an export; None when it is gone, done with, or somebody is at it.

    Who was not heard of for so long is not at it any more.
    """
    with sql.writing() as session:
        begun = session.execute(
            update(Export)
            .where(Export.id == export_id, *_waits(now - silent_for))
            .values(tries=Export.tries + 1, seen_at=now, done=0, wanted=0)
            .returning(Export.id)
        )
        if begun.first() is None:
            return None
        export = session.scalars(
            select(Export)
            .options(joinedload(Export.cohort))
            .where(Export.id == export_id)
            .execution_options(populate_existing=True)
        ).one()
    return Try(export.id, export.public_id, export.cohort, export.asked_by, export.format, export.tries)


def find_waiting(*, now: datetime, silent_for: timedelta) -> int | None:
    """The export that waits longest and that nobody was at for so long; None when none waits."""
    return sql.session().scalar(
        select(Export.id).where(*_waits(now - silent_for)).order_by(Export.asked_at, Export.id).limit(1)
    )


def note_progress(begun: Try, *, done: int, wanted: int, now: datetime) -> None:
    """Store how far this try is, and that somebody is at it."""
    with sql.writing() as session:
        session.execute(_still(begun).values(done=done, wanted=wanted, seen_at=now))


def finish(begun: Try, file: bytes, *, member_ids: Sequence[int], now: datetime) -> bool:
    """Keep what this try has made, and log it as a look of its asker at everybody who is in it: both or neither.

    Says whether it is kept: not when the export was forgotten meanwhile, or begun anew.
    """
    with sql.writing() as session:
        if session.execute(_still(begun).values(made_at=now).returning(Export.id)).first() is None:
            return False
        look = {"cohort_id": begun.cohort.id, "looker_id": begun.asked_by, "what": begun.format.value, "at": now}
        if member_ids:
            session.execute(insert(Look), [{**look, "user_id": member_id} for member_id in member_ids])
        export_files.put(begun.public_id, begun.format, file)
    return True


def fail(begun: Try, problem: str) -> None:
    """Store why this try gave up for good."""
    with sql.writing() as session:
        session.execute(_still(begun).values(problem=problem))


def find_file(export: Export) -> bytes | None:
    """What is in an export's file; None while there is none."""
    return export_files.find(export.public_id, export.format) if export.made_at else None


def remove(export: Export) -> None:
    """Take an export away with its file."""
    with sql.writing() as session:
        session.execute(delete(Export).where(Export.id == export.id))
    export_files.remove(export.public_id, export.format)


def forget(cohort_id: int) -> None:
    """Take all exports of a cohort away, within the caller's writing transaction; their files are swept later."""
    sql.session().execute(delete(Export).where(Export.cohort_id == cohort_id))


def forget_older(than: datetime) -> None:
    """Take away what was asked for before this moment; the files are swept later."""
    is_older = Export.asked_at < than
    if sql.session().scalar(select(Export.id).where(is_older).limit(1)) is not None:
        with sql.writing() as session:
            session.execute(delete(Export).where(is_older))


def sweep() -> int:
    """Remove the files of exports that are gone. Gives of how many."""
    kept = export_files.list_ids()
    if not kept:
        return 0
    gone = kept.difference(sql.session().scalars(select(Export.public_id)))
    if gone:
        export_files.remove_all_of(gone)
    return len(gone)


def list_lost() -> list[str]:
    """The ids of the exports that were made and have no file."""
    made = sql.session().scalars(select(Export).where(Export.made_at.is_not(None)))
    return sorted(export.public_id for export in made if find_file(export) is None)


def _waits(silent_since: datetime) -> tuple[ColumnElement[bool], ...]:
    """That an export is neither made nor given up, and that nobody has been at it since."""
    return (
        Export.made_at.is_(None),
        Export.problem.is_(None),
        or_(Export.seen_at.is_(None), Export.seen_at < silent_since),
    )


def _still(begun: Try) -> Update:
    """A change on the condition that no later try has begun, and that this one has not ended."""
    return update(Export).where(
        Export.id == begun.export_id,
        Export.tries == begun.number,
        Export.made_at.is_(None),
        Export.problem.is_(None),
    )
