"""Moving an instance's people from SQLite to PostgreSQL."""

from collections.abc import Iterator

from tracker.storage import sql_copy
from tracker.storage.sql_copy import Copied


def copy_database(to: str) -> Iterator[Copied]:
    """Copy all SQL data to an empty PostgreSQL, one table a step; kept there once all are taken and none differs.

    Raises: Conflict, saying why it cannot be; then nothing is kept there.
    """
    return sql_copy.copy_to(to)
