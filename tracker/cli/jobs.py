"""`flask jobs …`"""

import signal
from datetime import timedelta
from threading import Event

import click
from flask import current_app
from flask.cli import AppGroup

from tracker import clock
from tracker.cli.durations import Duration
from tracker.services.jobs import JobRunner

group = AppGroup("jobs", help="What is done beside the web server: mails, reminders, exports, group figures.")


@group.command("run")
@click.option("--every", type=Duration(), help="Go on until stopped, with a round this often, as 2s.")
def run(every: timedelta | None) -> None:
    """Send mails that are due and do whatever else waits."""
    runner = JobRunner(clock.now)
    if every:
        _keep_running(runner, every)
    else:
        click.echo(f"Things done: {runner.run()}")
    runner.stop()


def _keep_running(runner: JobRunner, every: timedelta) -> None:
    """One round after the other, until a signal says to stop; while there is work, without a pause."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        with current_app.app_context():  # of its own, so that no round leaves a database transaction open
            done = runner.run()
        stop.wait(0 if done else every.total_seconds())
