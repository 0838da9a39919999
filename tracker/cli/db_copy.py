"""`flask db-copy`"""

import click
from flask.cli import with_appcontext

from tracker.cli.faults import told
from tracker.services.db_copy import copy_database

SHOWN = 16


@click.command("db-copy")
@click.option("--to", required=True, metavar="URL", help="An empty PostgreSQL, as postgresql://user@host/database.")
@with_appcontext
@told()
def command(to: str) -> None:
    """Copy everything in the SQLite database to an empty PostgreSQL, and compare both."""
    for copied in copy_database(to):
        said = "the same there" if copied.is_same else f"but {copied.there.rows} there, or others"
        click.echo(f"{copied.table}: {copied.here.rows} rows, checksum {copied.here.checksum:064x}, {said}")
    click.echo("Everything was copied. Set TRACKER_DATABASE_URL to the new address before you start again.")
