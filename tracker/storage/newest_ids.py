"""The highest id that a table ever gave: no id is given again, whichever database the rows move to."""

from sqlalchemy import Connection, Table, func, select, text

_KEPT_IN_MIND = text("SELECT seq FROM sqlite_sequence WHERE name = :table")


def find(table: Table, connection: Connection) -> int:
    """The highest id that a table ever gave, of rows that are gone too as far as the database keeps it in mind."""
    column = table.autoincrement_column
    if column is None:
        return 0
    newest = connection.scalar(select(func.max(column)))
    if connection.dialect.name == "postgresql":
        given = connection.scalar(
            text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column)::regclass)"),
            {"table": table.name, "column": column.name},
        )
    else:
        given = connection.scalar(_KEPT_IN_MIND, {"table": table.name}) if _keeps_in_mind(table, connection) else 0
    return max(newest or 0, given or 0)


def give_none_again(table: Table, newest: int, connection: Connection) -> None:
    """Let a table give no id up to the newest one any more; 0 is none."""
    if not newest:
        return
    if connection.dialect.name == "postgresql":
        column = table.autoincrement_column
        sequence = column is not None and connection.scalar(func.pg_get_serial_sequence(table.name, column.name))
        if sequence:
            connection.execute(select(func.setval(sequence, newest)))
    elif _keeps_in_mind(table, connection):
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
        added = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :newest)")
        connection.execute(added, {"table": table.name, "newest": newest})


def _keeps_in_mind(table: Table, connection: Connection) -> bool:
    """Whether SQLite gives no id of this table a second time."""
    made_by = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table.name})
    return "AUTOINCREMENT" in str(made_by).upper()
