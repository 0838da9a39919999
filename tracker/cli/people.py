"""`flask people …`"""

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.cli.faults import told
from tracker.services import erasing

group = AppGroup("people", help="People and what is kept of them.")


@group.command("erase")
@click.argument("who", required=False, metavar="[EMAIL]")
@click.option("--successor", metavar="EMAIL", help="Who leads the cohorts then that nobody else leads.")
@click.option("--yes", is_flag=True, help="Do not ask: for scripts.")
@click.option("--again", is_flag=True, help="Erase everybody who was ever erased: after a backup was restored.")
@told()
def erase(who: str | None, successor: str | None, *, yes: bool, again: bool) -> None:
    """Erase who has this EMAIL, or id, from both stores, once you typed their address; it cannot be undone."""
    if bool(who) == again:
        raise click.UsageError("Name somebody, or say --again.")
    if again or who is None:
        click.echo(f"Erased again: {erasing.erase_again(successor=successor, now=clock.now())}")
        return
    if not yes:
        _ask(erasing.find_named(who))
    person_id = erasing.erase_by_command(who, successor=successor, now=clock.now())
    click.echo(f"Person {person_id} is erased. Note the number: an older backup holds them again.")
    click.echo("What was under way goes with the job runner's round in a quarter of an hour.")
    click.echo("The embedded store's files hold their bytes until its next start after that: restart the service then.")
    click.echo("PostgreSQL, MongoDB and backups keep theirs longer: see *Erasing somebody* in docs/operations.md.")


def _ask(named: erasing.Named) -> None:
    """Show who would be erased, and go on only when their address is typed."""
    click.echo(f"{named.name}, {named.address}, attempts: {named.attempts}")
    typed = click.prompt("Type their address to erase them")
    if typed.strip().casefold() != named.address:
        raise click.ClickException("This is not their address. Nothing was erased.")
