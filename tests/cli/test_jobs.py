"""`flask jobs …`"""

from flask import Flask

from tests.conftest import NOON
from tests.storage.test_mails import a_letter
from tracker.storage import mails


def test_running_once_does_what_waits_and_says_how_much(app: Flask) -> None:
    mails.queue([a_letter("a"), a_letter("b")], now=NOON)

    first, second = (app.test_cli_runner().invoke(args=["jobs", "run"]) for _ in range(2))

    assert (first.exit_code, first.output) == (0, "Things done: 2\n")
    assert (second.exit_code, second.output) == (0, "Things done: 0\n")


def test_an_interval_that_is_none_is_refused(app: Flask) -> None:
    ended = app.test_cli_runner().invoke(args=["jobs", "run", "--every", "soon"])

    assert ended.exit_code == 2
    assert "write one as 2s" in ended.output
