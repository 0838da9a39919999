"""`flask attempts …`"""

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.services import attempts

group = AppGroup("attempts", help="Attempts at assessments.")


@group.command("sweep")
def sweep() -> None:
    """Finish attempts whose time is over and repair profiles that lag behind."""
    click.echo(f"Attempts finished: {attempts.sweep(clock.now())}")
