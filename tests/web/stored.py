"""Everything that both stores hold, for tests that nothing changed."""

from typing import Any

from sqlalchemy import select

from tracker.storage import documents, sql

COUNTS = {"misses"}


def everything() -> dict[str, list[Any]]:
    """All rows and documents, by table and collection; the counts of the rate limits and of wrong tries left out."""
    with sql.db.engine.connect() as connection:
        tables = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in sql.Base.metadata.sorted_tables
            if table.name not in COUNTS
        }
    kept = {
        name: list(documents.collection(name).find().sort("_id"))
        for name in ("attempts", "profiles", "standings", "item_sources", "practice", "item_reviews")
    }
    return {**tables, **kept}
