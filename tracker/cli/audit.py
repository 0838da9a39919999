"""`flask audit …`"""

import sys
from functools import partial

import click
from flask.cli import AppGroup

from tracker.services import audit_trail

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
@click.option("--expect", "expected", multiple=True, metavar="HASH", help="A hash that was noted; may be repeated.")
def verify(expected: tuple[str, ...]) -> None:
    """Follow the chain of all events; fail at the first one that was changed, moved or taken out."""
    with click.progressbar(length=audit_trail.count_events(), label="Following the chain", file=sys.stderr) as bar:
        checked = audit_trail.verify(expected=expected, on_event=partial(bar.update, 1))
    if checked.fault:
        raise click.ClickException(checked.fault)
    if not checked.first_at or not checked.last_at:
        click.echo("No event was recorded yet.")
        return
    click.echo(
        f"{checked.count} events, {checked.first_at:%Y-%m-%dT%H:%M:%SZ} to {checked.last_at:%Y-%m-%dT%H:%M:%SZ}, "
        f"newest hash {checked.head}"
    )


@group.command("head")
def head() -> None:
    """Print the newest hash, to be noted where nobody who can write to the database can."""
    click.echo(audit_trail.get_head())
