"""`flask attempts …`"""

from datetime import timedelta

from flask import Flask

from tests.conftest import Cast
from tracker import clock
from tracker.services import attempts


def test_sweeping_finishes_what_is_overdue_and_says_how_many(app: Flask, cast: Cast) -> None:
    now = clock.now()
    overdue = attempts.start_attempt("language", learner_id=cast.ada, now=now - timedelta(hours=1))
    running = attempts.start_attempt("tools", learner_id=cast.ada, now=now)

    first, second = (app.test_cli_runner().invoke(args=["attempts", "sweep"]) for _ in range(2))

    assert (first.exit_code, first.output) == (0, "Attempts finished: 1\n")
    assert second.output == "Attempts finished: 0\n"
    known = {attempt.id: attempt for attempt in attempts.list_attempts(cast.ada, now=now)}
    assert known[overdue.id].finished_at == overdue.deadline
    assert not known[running.id].is_finished
