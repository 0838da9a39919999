"""`flask jobs …`"""

import os
import subprocess
import sys

from flask import Flask

from tests.launcher import eventually
from tests.storage.test_mails import a_letter, queue_letters
from tracker import clock
from tracker.config import ROOT, Config
from tracker.storage import documents, mails, sql


def test_running_once_does_what_waits_and_says_how_much(app: Flask) -> None:
    queue_letters([a_letter("a"), a_letter("b")])

    first, second = (app.test_cli_runner().invoke(args=["jobs", "run"]) for _ in range(2))

    assert (first.exit_code, first.output) == (0, "Things done: 2\n")
    assert (second.exit_code, second.output) == (0, "Things done: 0\n")


def test_an_interval_that_is_none_is_refused(app: Flask) -> None:
    ended = app.test_cli_runner().invoke(args=["jobs", "run", "--every", "soon"])

    assert ended.exit_code == 2
    assert "write one as 2s" in ended.output


def test_going_on_it_sends_what_comes_and_a_signal_ends_it_with_nothing_left_held(app: Flask, config: Config) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "TRACKER_INSTANCE": str(config.instance),
        "TRACKER_SECRET_KEY": config.secret_key,
        "TRACKER_DATABASE_URL": config.database_url,
        "TRACKER_MONGODB_URI": config.mongodb_uri,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", "--every", "1s"]
    queue_letters([a_letter(due_at=clock.now())])

    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        is_done = eventually(lambda: holders() == {"mails", "long work"} and not waits(), seconds=60)
        process.terminate()

    assert is_done
    assert process.returncode == 0
    assert holders() == set()


def holders() -> set[str]:
    """The leases that are held."""
    return {lease["_id"] for lease in documents.collection("leases").find()}


def waits() -> bool:
    """Whether a mail waits."""
    sql.session().rollback()  # to see what others wrote
    return bool(mails.list_due(now=clock.now(), most_tries=1, most=1))
