"""SQL tables in backups and back: a JSON object a row, the same from either database.

Tables are taken as the database has them, not as this version knows them: a backup of an older migration goes into
tables of that migration, which are then brought up to date.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, MetaData, Row, Select, Table, func, insert, select, text

from tracker.errors import Conflict
from tracker.storage import newest_ids, sql
from tracker.storage.audit_tables import AuditEvent
from tracker.storage.backup_file import Backup, Draft, Kind, OnRow
from tracker.storage.batches import batched
from tracker.storage.checksum import Sum
from tracker.storage.sql_copy import plain

LEFT_OUT = {
    "alembic_version": "in the manifest",
    "sessions": "who signed out since, or changed their password, would be signed in again",
    "tickets": "links that work once would work again",
    "pending_sign_ups": "gone within a day",
    "misses": "how often somebody tried something",
    "exports": "their files are in neither store; they can be asked for again",
}
"""Tables that are in no backup, and why."""

BATCH = 500


@contextmanager
def snapshot() -> Iterator[Connection]:
    """All tables as they are at one moment; nobody waits for whoever reads them."""
    with sql.db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        yield connection


def count() -> int:
    """How many rows a backup has."""
    with snapshot() as connection:
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in _tables(connection))


def write(draft: Draft, connection: Connection, on_row: OnRow) -> dict[str, int]:
    """Add all rows. Gives the highest id that each table ever gave."""
    found = {}
    for table in _tables(connection):
        draft.write(Kind.TABLES, table.name, _lines(connection, select(table)), on_row)
        newest = newest_ids.find(table, connection)
        if newest:
            found[table.name] = newest
    return found


def list_reported(connection: Connection) -> set[str]:
    """The ids of the attempts that people reported an item of."""
    return set(connection.scalars(text("SELECT attempt_id FROM item_reports WHERE attempt_id IS NOT NULL")))


def find_any() -> str:
    """The name of a table that has rows; empty when none has."""
    with snapshot() as connection:
        one_of = ((table.name, connection.execute(select(table).limit(1)).first()) for table in _tables(connection))
        return next((name for name, row in one_of if row), "")


def put(backup: Backup, on_row: OnRow) -> None:
    """Store all rows of a backup, all or none. Raises: Conflict, when something else is there than was read."""
    with sql.writing() as session:
        connection = session.connection()
        tables = {table.name: table for table in _tables(connection)}
        by_name = {part.name: part for part in backup.list_parts(Kind.TABLES)}
        if by_name.keys() != tables.keys():
            raise Conflict("The tables here are not those of the backup.")
        for name, table in tables.items():
            for some in batched(backup.read_rows(by_name[name]), BATCH):
                connection.execute(insert(table), [_values(row, table) for row in some])
                for _row in some:
                    on_row()
            newest_ids.give_none_again(table, backup.manifest.newest_ids.get(name, 0), connection)
            if Sum().plus(_lines(connection, select(table))) != by_name[name].sum:
                raise Conflict(f"What the SQL database took as {name} is not what the backup holds.")


def sums(wanted: Mapping[str, Sum]) -> dict[str, Sum]:
    """What the rows of each table add up to now; of the audit trail, as many events from the first as are wanted."""
    with snapshot() as connection:
        return {
            table.name: Sum().plus(_lines(connection, _up_to(table, wanted.get(table.name, Sum()).rows)))
            for table in _tables(connection)
        }


def _up_to(table: Table, rows: int) -> Select[Any]:
    """All of a table; of the trail of what is done, which grows by a restore itself, its beginning."""
    is_trail = table.name == AuditEvent.__tablename__
    return select(table).where(table.c.seq <= rows) if is_trail else select(table)


def _tables(connection: Connection) -> list[Table]:
    """The tables that a backup has, each after those it refers to."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
    return [table for table in found.sorted_tables if table.name not in LEFT_OUT]


def _lines(connection: Connection, rows: Select[Any]) -> Iterator[bytes]:
    for row in connection.execute(rows, execution_options={"yield_per": BATCH}):
        yield _line(row)


def _line(row: Row[Any]) -> bytes:
    values = {name: plain(_aware(value)) for name, value in row._mapping.items()}
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _aware(value: object) -> object:
    """A moment of a database that has no zones is in UTC."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _values(row: Mapping[str, Any], table: Table) -> dict[str, Any]:
    moments = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    return {
        name: datetime.fromisoformat(value) if name in moments and value is not None else value
        for name, value in row.items()
    }
