"""`flask accounts …`"""

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.cli.faults import told
from tracker.services import accommodations, accounts, second_factor

group = AppGroup("accounts", help="People with an account.")


@group.command("create-admin")
@click.argument("email")
@click.option("--name", default="Admin", show_default=True, help="The name that others see.")
@told()
def create_admin(email: str, name: str) -> None:
    """Make EMAIL an admin; asks for a password when there is no account yet, or anybody may have made it."""
    password = (
        "" if accounts.has_own_password(email) else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    person = accounts.create_admin(email=email, name=name, password=password, now=clock.now())
    click.echo(f"{person.email} is an admin.")


@group.command("make-author")
@click.argument("email")
@told()
def make_author(email: str) -> None:
    """Make EMAIL, who has an account, an author: they see the question bank with its keys."""
    person = accounts.make_author(email, now=clock.now())
    click.echo(f"{person.email} is an author.")
    if not person.is_verified:
        click.echo("Nobody has shown that this address is theirs: make sure that it is them who have the account.")


@group.command("extra-time")
@click.argument("email")
@click.argument("percent", type=click.Choice([str(percent) for percent in accommodations.PERCENTS]))
@click.option("--reason", required=True, help="Why, as the person should read it.")
@told()
def set_extra_time(email: str, percent: str, reason: str) -> None:
    """Give EMAIL PERCENT more time in every attempt they start from now on; 0 for none."""
    accommodations.set_by_command(email, percent=int(percent), reason=reason, now=clock.now())
    click.echo(f"{email} has {percent} % extra time from the next attempt on.")


@group.command("reset-second-factor")
@click.argument("email")
@told()
def reset_second_factor(email: str) -> None:
    """Ask EMAIL, who has lost their phone, for no code any more; they can set it up again."""
    removed = second_factor.remove_by_command(email, now=clock.now())
    click.echo(f"{email} signs in without a code now." if removed else f"{email} has no second factor.")
