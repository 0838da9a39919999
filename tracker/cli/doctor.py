"""`flask doctor`"""

import sys
from functools import partial
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.faults import told
from tracker.services import backups, doctor


@click.command("doctor")
@click.option("--against", type=click.Path(path_type=Path), metavar="FILE", help="Also compare all with a backup.")
@click.option("--sample", type=click.IntRange(min=0), help="Fold only so many profiles anew, not all.")
@with_appcontext
@told()
def command(against: Path | None, sample: int | None) -> None:
    """Compare both stores, and what is derived with what it rests on; fail when anything differs."""
    learner_ids = doctor.list_learners(sample=sample)
    with click.progressbar(length=len(learner_ids), label="Looking", file=sys.stderr) as bar:
        on_learner = partial(bar.update, 1)
        found = list(doctor.examine(learner_ids=learner_ids, now=clock.now(), on_learner=on_learner))
    found += backups.compare(against) if against else []
    for fault in found:
        click.echo(fault)
    if found:
        raise click.ClickException(f"Differences: {len(found)}.")
    click.echo("Nothing differs.")
