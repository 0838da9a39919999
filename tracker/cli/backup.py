"""`flask backup` and `flask restore`"""

import sys
from functools import partial
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.faults import told
from tracker.services import backups, profiles
from tracker.services.backups import Contents

KEY = "The secret key is not in it, and without it no second factor works: keep TRACKER_SECRET_KEY or secret_key apart."


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Remove all but so many of the newest backups there.")
@with_appcontext
@told()
def make(folder: Path, keep: int | None) -> None:
    """Back up both stores into one new file in FOLDER, while people work."""
    with click.progressbar(length=backups.count(), label="Backing up", file=sys.stderr) as bar:
        made = backups.make(folder, keep=keep, now=clock.now(), on_row=partial(bar.update, 1))
    _tell(made.contents)
    for file in made.removed:
        click.echo(f"Removed {file}.")
    click.echo(KEY)
    click.echo(f"Made {made.file}, SHA-256 {made.hash}.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only look whether it is whole; restore nothing.")
@with_appcontext
@told()
def restore(file: Path, *, check: bool) -> None:
    """Take the backup FILE into stores that are empty; the service must not run."""
    contents = backups.read_contents(file)
    _tell(contents)
    click.echo(f"It is whole: made at {contents.made_at} by version {contents.app}, tables at {contents.revision}.")
    if not check:
        _restore(file, contents)


def _restore(file: Path, contents: Contents) -> None:
    with click.progressbar(length=sum(contents.rows.values()), label="Restoring", file=sys.stderr) as bar:
        erased = backups.restore(file, now=clock.now(), on_row=partial(bar.update, 1))
    learner_ids = profiles.list_lagging_ids()
    with click.progressbar(learner_ids, label="Folding profiles", file=sys.stderr) as lagging:
        for learner_id in lagging:
            profiles.update_profile(learner_id)
    click.echo(f"Profiles folded: {len(learner_ids)}. People erased again: {erased}.")
    click.echo("Who was erased after it was made is here again: `flask people erase NUMBER`, as was noted then.")
    click.echo("Restored. Everybody signs in again. Run `flask doctor`, then start the service.")


def _tell(contents: Contents) -> None:
    for name, rows in contents.rows.items():
        click.echo(f"{name}: {rows}")
