"""Moving everything in the SQL database to another one, all or nothing, and comparing both."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Row, Table, create_engine, func, insert, select
from sqlalchemy.exc import DBAPIError

from tracker.errors import Conflict
from tracker.storage import newest_ids, sql
from tracker.storage.checksum import Sum
from tracker.storage.sql import POSTGRESQL_RULES, TAKE_TURN, Base

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Copied:
    """What a table holds here, and what there after copying."""

    table: str
    here: Sum
    there: Sum

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return self.here == self.there


def copy_to(database_url: str) -> Iterator[Copied]:
    """Copy every table, one a step. What is copied is kept once all steps are taken and nothing differs.

    Until then nobody else writes here. Raises: Conflict, saying why; then nothing is kept there.
    """
    with sql.writing() as session, _writing_to(database_url) as there:
        here = session.connection()
        _check(here, there)
        differing = []
        for table in Base.metadata.sorted_tables:
            copied = _copy(table, here, there)
            yield copied
            if not copied.is_same:
                differing.append(copied.table)
        if differing:
            raise Conflict(f"The copy differs in {', '.join(differing)}, so nothing was kept there.")


@contextmanager
def _writing_to(database_url: str) -> Iterator[Connection]:
    """A transaction in another database, that takes the turn to write; its errors are told in a sentence."""
    url = sql.url_of(database_url)
    if url.get_backend_name() != "postgresql":
        raise Conflict("Copies go from SQLite to PostgreSQL: name one, as in postgresql://user@host/database.")
    engine = create_engine(url, hide_parameters=True, **POSTGRESQL_RULES)
    try:
        with engine.begin() as there:
            there.exec_driver_sql("SET LOCAL statement_timeout = 0")
            there.exec_driver_sql(TAKE_TURN)
            yield there
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise Conflict(f"PostgreSQL did not take it, so nothing was kept there: {reason}") from None
    finally:
        engine.dispose()


def _check(here: Connection, there: Connection) -> None:
    if here.dialect.name != "sqlite":
        raise Conflict("Copies go from SQLite to PostgreSQL, and this is not on SQLite any more.")
    revisions = [MigrationContext.configure(each).get_current_revision() for each in (here, there)]
    if revisions[0] != revisions[1]:
        raise Conflict(
            f"The tables there are not as here (migration {revisions[1] or 'none'}, here {revisions[0]})."
            " Run `flask db upgrade` on both first."
        )
    for table in Base.metadata.sorted_tables:
        if there.scalar(select(func.count()).select_from(table)):
            raise Conflict(f"There are {table.name} there already. Copy into an empty database; nothing was changed.")


def _copy(table: Table, here: Connection, there: Connection) -> Copied:
    read = Sum()
    for rows in here.execute(select(table), execution_options={"yield_per": BATCH}).partitions():
        there.execute(insert(table), [dict(row._mapping) for row in rows])
        read = read.plus(map(_canonical, rows))
    newest_ids.give_none_again(table, newest_ids.find(table, here), there)
    there_now = there.execute(select(table), execution_options={"yield_per": BATCH})
    return Copied(table.name, read, Sum().plus(map(_canonical, there_now)))


def _canonical(row: Row[Any]) -> bytes:
    return json.dumps([plain(value) for value in row], ensure_ascii=False).encode()


def plain(value: object) -> object:
    """A value as JSON has it, the same from either database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, StrEnum) else value
