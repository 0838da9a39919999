"""`flask attempts …`"""

import signal
from datetime import timedelta
from threading import Event
from uuid import uuid4

import click
from flask import current_app
from flask.cli import AppGroup

from tracker import clock
from tracker.cli.durations import Duration
from tracker.cli.faults import told
from tracker.services import attempts, credits
from tracker.services.sweeping import Sweeper

group = AppGroup("attempts", help="Attempts at assessments.")


@group.command("sweep")
@click.option("--every", type=Duration(), help="Go on until stopped, with a round this often, as 2s.")
def sweep(every: timedelta | None) -> None:
    """Finish attempts whose time is over and repair profiles that lag behind."""
    if every:
        _keep_sweeping(every)
    else:
        click.echo(f"Attempts finished: {attempts.sweep(clock.now())}")


@group.command("credit")
@click.argument("attempt_id", metavar="ATTEMPT")
@click.argument("minutes", type=click.IntRange(credits.LEAST_MINUTES, credits.MOST_MINUTES))
@click.option("--reason", required=True, help="Why, as the learner should read it.")
@told()
def credit(attempt_id: str, minutes: int, reason: str) -> None:
    """Give an open ATTEMPT some MINUTES more."""
    credited = credits.give_credit(
        attempt_id,
        giver_id=None,
        length=timedelta(minutes=minutes),
        reason=reason,
        credit_id=uuid4().hex,
        now=clock.now(),
    )
    click.echo(f"The attempt now ends at {credited.deadline:%Y-%m-%d %H:%M:%S} UTC.")


def _keep_sweeping(every: timedelta) -> None:
    """One round after the other, until a signal says to stop."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    sweeper = Sweeper(clock.now)
    while not stop.is_set():
        with current_app.app_context():  # of its own, so that no round leaves a database transaction open
            sweeper.sweep()
        stop.wait(every.total_seconds())
    sweeper.stop()
