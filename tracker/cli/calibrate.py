"""`flask calibrate …`

SciPy, which only these commands need, is imported by them: no start of the app has to wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.assessment.parameters import Estimate, ParameterSet
from tracker.cli.faults import told
from tracker.services import profiles

if TYPE_CHECKING:
    from tracker.services.calibration import Change, Move

INTERRUPTED = 130
MOST_SHOWN = 20
SIZES = (0, 10, 25, 50, 100)

group = AppGroup("calibrate", help="What the answers say of the items.")


@group.command("run")
@click.option("--dry-run", is_flag=True, help="Store nothing; show whose scores would change by how much.")
@told()
def run(*, dry_run: bool) -> None:
    """Estimate all items anew from all answers, store this as a revision, and fold every profile by it."""
    from tracker.services import calibration

    now = clock.now()
    calibrated = calibration.try_out if dry_run else calibration.run
    try:
        learners = calibration.count_learners()
        with click.progressbar(length=learners, label="Reading answers") as bar:
            found = calibrated(learners=learners, now=now, on_read=bar.update, on_area=_say_area)
        _say_found(found, calibration.list_moves(found), calibration.name_items())
        if dry_run:
            _say_changes(found, now)
        else:
            _fold_anew()
    except calibration.NothingNew as error:
        click.echo(str(error))
        if not dry_run:
            _fold_anew()
    except KeyboardInterrupt:
        click.echo("Stopped. The next run goes on from here." if not dry_run else "Stopped.", err=True)
        raise SystemExit(INTERRUPTED) from None


@group.command("show")
def show() -> None:
    """Print what the revision that counts was made from."""
    from tracker.services import calibration

    _say_revision(calibration.get_current())


@group.command("history")
@click.argument("item")
@told()
def history(item: str) -> None:
    """Print an ITEM's parameters by revision, with standard errors."""
    from tracker.services import calibration

    known = calibration.list_history(item)
    for parameters, estimate in known:
        said = _estimate(estimate) if estimate else "as its author judged it"
        click.echo(f"revision {parameters.revision}, {_day(parameters.made_at)}: {said}")
    if not known:
        click.echo("There is no revision yet: as its author judged it.")


@group.command("revert")
@click.argument("revision", type=click.IntRange(min=0))
@told()
def revert(revision: int) -> None:
    """Store a revision that says what an older REVISION said, and fold every profile by it; 0 is the authors' word."""
    from tracker.services import calibration

    found = calibration.revert(revision, now=clock.now())
    click.echo(f"Revision {found.revision} says what revision {revision} said.")
    _fold_anew()


def _fold_anew() -> None:
    lagging = profiles.list_lagging_ids()
    with click.progressbar(lagging, label="Folding profiles") as bar:
        for learner_id in bar:
            profiles.update_profile(learner_id)
    click.echo(f"{len(lagging)} profiles were folded anew.")


def _say_area(slug: str) -> None:
    click.echo(f"Fitted: {slug}")


def _say_found(found: ParameterSet, moves: Sequence[Move], names: dict[str, str]) -> None:
    _say_revision(found)
    moved = [move for move in moves if move.before]
    click.echo(f"{len(moves) - len(moved)} items are known from answers for the first time.")
    for move in moved[:MOST_SHOWN]:
        if move.before and move.errors > 1:
            name = names.get(move.version, f"an older version, {move.version[:12]}")
            click.echo(f"moved by more than its error: {name}: b {move.before.b:.2f} to {move.after.b:.2f}")


def _say_changes(found: ParameterSet, now: datetime) -> None:
    from tracker.services import calibration

    learner_ids = profiles.list_learner_ids()
    changes: list[Change] = []
    with click.progressbar(
        calibration.list_changes(learner_ids, found, now=now), length=len(learner_ids), label="Comparing scores"
    ) as bar:
        for of_learner in bar:
            changes += of_learner
    changes.sort(key=lambda change: (-change.size, change.learner_id, change.area_slug))
    for change in changes[:MOST_SHOWN]:
        if change.size:
            click.echo(f"learner {change.learner_id}, {change.area_slug}: {change.before} to {change.after}")
    for low, high in zip((-1, *SIZES), (*SIZES, 800), strict=True):
        count = sum(low < change.size <= high for change in changes)
        click.echo(f"{count:7} scores change by {f'{low + 1} to {high}' if high else 'nothing'}")
    click.echo("Nothing was stored. What was reported stays as it is either way.")


def _say_revision(parameters: ParameterSet) -> None:
    if not parameters.revision:
        click.echo("Revision 0: the authors' word alone.")
        return
    click.echo(
        f"Revision {parameters.revision}, {_day(parameters.made_at)}: {len(parameters.estimates)} items from "
        f"{parameters.responses:,} responses."
    )
    click.echo(f"Abilities walk by {parameters.area_walk:.2f} a month, topics by {parameters.topic_walk:.2f} more.")
    for slug, population in parameters.populations.items():
        click.echo(f"{slug}: {population.people} people with enough answers for a percentile")


def _estimate(estimate: Estimate) -> str:
    return (
        f"a {estimate.a:.2f} (error {estimate.a_error:.2f}), b {estimate.b:.2f} (error {estimate.b_error:.2f}), "
        f"{estimate.responses} responses"
    )


def _day(moment: datetime | None) -> str:
    return f"{moment:%-d %B %Y %H:%M} UTC" if moment else "never made"
