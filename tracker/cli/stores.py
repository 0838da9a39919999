"""`flask stores …`"""

import click
from flask.cli import AppGroup

from tracker.services import stores

group = AppGroup("stores", help="The two stores.")


@group.command("prepare")
def prepare() -> None:
    """Migrate the SQL database and build the document store's indexes."""
    stores.prepare_stores()
    click.echo("Both stores are ready.")
