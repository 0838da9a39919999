"""`flask jobs …`"""

import signal
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Thread

import click
from flask import current_app
from flask.cli import AppGroup
from flask.ctx import AppContext

from tracker import clock
from tracker.cli.durations import Duration
from tracker.services.jobs import JOBS, JobRunner

LEAVE_SECONDS = 5
"""What is begun when a signal comes has so long to end; after that it is left, as a crash would leave it."""

group = AppGroup("jobs", help="What is done beside the web server: mails, reminders, exports, group figures.")


@group.command("run")
@click.option("--every", type=Duration(), help="Go on until stopped, with a round this often, as 2s.")
def run(every: timedelta | None) -> None:
    """Send mails that are due and do whatever else waits."""
    runners = [JobRunner(line, jobs, clock.now) for line, jobs in JOBS.items()]
    if every:
        _keep_running(runners, every)
    else:
        click.echo(f"Things done: {sum(runner.run() for runner in runners)}")
    for runner in runners:
        runner.stop()


def _keep_running(runners: Sequence[JobRunner], every: timedelta) -> None:
    """Let all runners go round beside each other, until a signal says to stop or one of them fails."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    context = current_app.app_context
    threads = [Thread(target=_go_round, args=(context, runner, every, stop), daemon=True) for runner in runners]
    for thread in threads:
        thread.start()
    stop.wait()
    deadline = time.monotonic() + LEAVE_SECONDS
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))


def _go_round(context: Callable[[], AppContext], runner: JobRunner, every: timedelta, stop: Event) -> None:
    """One round after the other; while there is work, without a pause."""
    try:
        while not stop.is_set():
            with context():  # of its own, so that no round leaves a database transaction open
                done = runner.run()
            stop.wait(0 if done else every.total_seconds())
    finally:
        stop.set()
