"""Everything that both stores hold, for tests that nothing changed."""

from typing import Any

from sqlalchemy import select

from tracker.storage import documents, sql
from tracker.storage.personal_documents import PERSONAL_COLLECTIONS, SHARED_COLLECTIONS

COLLECTIONS = {kept.name for kept in PERSONAL_COLLECTIONS} | SHARED_COLLECTIONS.keys()
"""All that the document store has."""

COUNTS = {"misses", "counters", "windows"}
"""What every request may count."""

OF_PROCESSES = {"heartbeats", "leases"}
BY_CONTENT = {"item_sources"}
"""Where the id says what it is."""


def everything(*, but: str = "") -> dict[str, list[Any]]:
    """All rows and documents, by table and collection, without what requests count and processes say of themselves.

    but: a collection that may change.
    """
    with sql.db.engine.connect() as connection:
        tables = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in sql.Base.metadata.sorted_tables
            if table.name not in COUNTS
        }
    names = COLLECTIONS - COUNTS - OF_PROCESSES - {but}
    kept = {name: list(documents.collection(name).find({}, _fields(name)).sort("_id")) for name in names}
    return {**tables, **kept}


def grown(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, int]:
    """How many more rows or documents each table or collection has that is not as it was."""
    return {name: len(after[name]) - len(before[name]) for name in after if after[name] != before[name]}


def _fields(name: str) -> dict[str, int] | None:
    return {"_id": 1} if name in BY_CONTENT else None
