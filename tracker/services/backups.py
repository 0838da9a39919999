"""Backups of both stores in one file, made while people work, and taken back into empty stores.

Whoever refers to something is read before what they refer to: first the documents, then the tables at one moment, then
what the tables alone refer to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker import VERSION
from tracker.errors import Conflict, TrackerError
from tracker.services import audit, erasing, stores
from tracker.storage import backup_documents, backup_file, backup_tables, sql
from tracker.storage.backup_file import Backup, Kind, OnRow
from tracker.storage.checksum import Sum

LEFT_BEHIND_AFTER = timedelta(days=1)
"""A draft that is this old was left behind by a command that was killed."""

NOT_EMPTY = (
    "There are {} here already. A backup is restored into empty stores only: a new instance folder, or two new"
    " databases. If an earlier restore was interrupted, take away what it left and begin again. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a backup. revision: the migration of its tables. rows: how much of what."""

    made_at: str
    app: str
    revision: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made. hash: the SHA-256 that says all of it. removed: older ones that went for it."""

    file: Path
    hash: str
    contents: Contents
    removed: tuple[Path, ...]


def count() -> int:
    """How many rows and documents a backup would have, more or less."""
    return backup_documents.count() + backup_tables.count()


def make(folder: Path, *, keep: int | None = None, now: datetime, on_row: OnRow = lambda: None) -> Made:
    """Back up both stores into a new file in this folder. keep: how many of them then stay there, the newest.

    Raises: Conflict when it cannot be written; then nothing is left of it.
    """
    if not folder.is_dir():
        raise Conflict(f"There is no folder {folder}. Make it first, for yourself only.")
    backup_file.remove_drafts(folder, before=now - LEFT_BEHIND_AFTER)
    file = folder / backup_file.NAME.format(now.astimezone(UTC))
    with backup_file.drafted(file) as draft:
        attempt_ids = backup_documents.write(draft, on_row)
        with backup_tables.snapshot() as snapshot:
            newest_ids = backup_tables.write(draft, snapshot, on_row)
            reported_since = backup_tables.list_reported(snapshot) - attempt_ids
        backup_documents.write_rest(draft, sorted(reported_since), on_row)
        draft.close(made_at=now, app=VERSION, revision=sql.get_revision(), newest_ids=newest_ids)
    with backup_file.opened(file) as backup:
        audit.record("backup.made", actor_id=None, subject=f"backup:{backup.hash}", now=now)
        removed = backup_file.remove_older(folder, keep=keep) if keep else []
        return Made(file, backup.hash, _contents(backup), tuple(removed))


def read_contents(file: Path) -> Contents:
    """What is in a backup, every byte of which was looked at. Raises: Conflict when it is not whole."""
    with backup_file.opened(file) as backup:
        return _contents(backup)


def restore(file: Path, *, now: datetime, on_row: OnRow = lambda: None) -> int:
    """Take a backup into stores that are empty, then erase anew whom it says were erased. Returns: how many that were.

    The profiles are still to be folded; whoever opens theirs before that waits for it.
    Raises: Conflict when the backup is not whole or too new, when there is something already, or when a store took
    something else than it was given; then nothing is kept.
    """
    with backup_file.opened(file) as backup:
        _check_fitting(backup)
        stores.prepare_stores()
        _check_empty()
        _put(backup, on_row)
        audit.record("backup.restored", actor_id=None, subject=f"backup:{backup.hash}", now=now)
    return _erase_again(now)


def compare(file: Path) -> list[str]:
    """How the stores differ from a backup, a sentence a table or collection. Raises: Conflict when it is not whole.

    The audit trail may have gone on.
    """
    with backup_file.opened(file) as backup:
        manifest = backup.manifest
    if manifest.revision != sql.get_revision():
        return [f"The tables are at migration {sql.get_revision()}, the backup's at {manifest.revision}."]
    wanted = manifest.sums()
    rows = {name: total for (kind, name), total in wanted.items() if kind is Kind.TABLES}
    found = {(Kind.TABLES, name): total for name, total in backup_tables.sums(rows).items()}
    names = {*backup_documents.list_names(), *(name for kind, name in wanted if kind is Kind.DOCUMENTS)}
    found |= {(Kind.DOCUMENTS, name): backup_documents.sum_of(name) for name in names}
    return [
        _told(kind, name, wanted.get((kind, name), Sum()), total)
        for (kind, name), total in sorted(found.items())
        if total != wanted.get((kind, name), Sum())
    ]


def _erase_again(now: datetime) -> int:
    try:
        return erasing.erase_again(successor=None, now=now)
    except TrackerError as error:
        raise Conflict(
            f"Everything was restored, but people who were erased are here again: {error} Then run"
            " `flask people erase --again`, with --successor EMAIL where somebody is to lead for them."
        ) from None


def _check_fitting(backup: Backup) -> None:
    if not sql.is_known(backup.manifest.revision):
        raise Conflict(
            f"The backup is of a newer version ({backup.manifest.app}, migration {backup.manifest.revision})."
            " Restore it with that version. Nothing was changed."
        )


def _check_empty() -> None:
    found = backup_tables.find_any() or backup_documents.find_any()
    if found:
        raise Conflict(NOT_EMPTY.format(found))


def _put(backup: Backup, on_row: OnRow) -> None:
    """Documents first: nobody can sign in before the tables are there, all in one transaction."""
    try:
        backup_documents.put(backup, on_row)
        if sql.get_revision() != backup.manifest.revision:
            sql.downgrade(backup.manifest.revision)
        backup_tables.put(backup, on_row)
    except BaseException:
        backup_documents.remove_all()
        raise
    finally:
        stores.prepare_stores()


def _contents(backup: Backup) -> Contents:
    manifest = backup.manifest
    rows = {f"{kind} {name}": total.rows for (kind, name), total in manifest.sums().items()}
    return Contents(manifest.made_at, manifest.app, manifest.revision, rows)


def _told(kind: Kind, name: str, wanted: Sum, found: Sum) -> str:
    what = "rows" if kind is Kind.TABLES else "documents"
    if found.rows == wanted.rows:
        return f"{name}: {found.rows} {what} as in the backup, but not all the same."
    return f"{name}: {found.rows} {what}, {wanted.rows} in the backup."
