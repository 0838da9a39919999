"""`flask tokens …`"""

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.cli.faults import told
from tracker.services import tokens
from tracker.services.tokens import LIVES, USUAL_LIFE, Scope

group = AppGroup("tokens", help="What lets programs ask in a person's name.")


@group.command("make")
@click.argument("email")
@click.option("--name", required=True, help="What it is for, as its owner reads it.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    help="What it may do; give it several times for several.",
)
@click.option(
    "--days",
    default=str(USUAL_LIFE),
    show_default=True,
    type=click.Choice([str(days) for days in LIVES]),
    help="How long it works.",
)
@told()
def make(email: str, name: str, scopes: tuple[str, ...], days: str) -> None:
    """Make a token for EMAIL and show it, this once."""
    made = tokens.make_token_by_command(
        email, name=name, scopes=[Scope(scope) for scope in scopes], days=int(days), now=clock.now()
    )
    click.echo(made.secret)


@group.command("list")
@click.argument("email")
@told()
def list_all(email: str) -> None:
    """Show the tokens of EMAIL, the newest first, each by its id, how it begins, and what it may do."""
    listed = tokens.list_tokens_of(email, now=clock.now())
    for one in listed:
        token = one.token
        used = f"last used {token.used_at:%Y-%m-%d %H:%M} UTC" if token.used_at else "never used"
        works = "stopped working" if one.is_over else "works until"
        click.echo(
            f"{token.public_id} {token.hint}… {token.name}: {token.scopes}; {works} {token.expires_at:%Y-%m-%d}, {used}"
        )


@group.command("revoke")
@click.argument("token_id")
@told()
def revoke(token_id: str) -> None:
    """Make the token with TOKEN_ID, as `flask tokens list` shows it, work no more."""
    revoked = tokens.revoke_by_command(token_id, now=clock.now())
    click.echo(f"The token {revoked.name} does not work any more.")
