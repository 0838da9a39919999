"""`flask attempts …`"""

import re
from datetime import timedelta

import pytest
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


@pytest.mark.parametrize("every", ["2", "0s", "-1s", "2h", "soon", "1.5s"])
def test_an_interval_that_is_none_is_refused(app: Flask, every: str) -> None:
    ended = app.test_cli_runner().invoke(args=["attempts", "sweep", "--every", every])

    assert ended.exit_code == 2
    assert "write one as 2s" in ended.output


def test_a_credit_by_command_moves_the_end_and_says_where_to(app: Flask, cast: Cast) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=clock.now())

    args = ["attempts", "credit", attempt.id, "5", "--reason", "The alarm rang."]
    ended = app.test_cli_runner().invoke(args=args)

    assert ended.exit_code == 0
    known = attempts.get_attempt(attempt.id, learner_id=cast.ada, now=clock.now())
    assert known.deadline == attempt.deadline + timedelta(minutes=5)
    assert f"{known.deadline:%H:%M:%S} UTC" in ended.output


@pytest.mark.parametrize(
    ("minutes", "reason", "said"),
    [("0", "x", "0 is not in the range"), ("121", "x", "121 is not in the range"), ("5", " ", "Say why")],
)
def test_a_credit_that_does_not_fit_is_refused_and_changes_nothing(
    app: Flask, cast: Cast, minutes: str, reason: str, said: str
) -> None:
    attempt = attempts.start_attempt("language", learner_id=cast.ada, now=clock.now())

    ended = app.test_cli_runner().invoke(args=["attempts", "credit", attempt.id, minutes, "--reason", reason])

    assert ended.exit_code != 0
    assert re.search(said, ended.output)
    assert attempts.get_attempt(attempt.id, learner_id=cast.ada, now=clock.now()) == attempt
