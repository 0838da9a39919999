"""`flask audit …`"""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from tests.conftest import NOON
from tests.open_trail import open_trail
from tracker.services import audit, audit_trail
from tracker.storage.audit_tables import AuditEvent


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *args])


@pytest.fixture
def head(app: Flask) -> str:
    """The newest hash of two events."""
    for number in (1, 2):
        audit.record("cohort.made", actor_id=1, subject=f"cohort:{number}", now=NOON)
    return audit_trail.get_head()


def test_a_sound_trail_is_told_in_a_line(app: Flask, head: str) -> None:
    result = run(app, "verify", "--expect", head)

    assert result.stdout == f"2 events, 2026-11-02T12:00:00Z to 2026-11-02T12:00:00Z, newest hash {head}\n"
    assert result.exit_code == 0


def test_the_newest_hash_is_told_to_be_noted(app: Flask, head: str) -> None:
    assert run(app, "head").stdout == f"{head}\n"


def test_the_first_event_that_was_changed_is_named_and_the_command_fails(app: Flask, head: str) -> None:
    with open_trail() as session:
        session.execute(update(AuditEvent).values(action="cohort.archived"))

    result = run(app, "verify")

    assert result.exit_code == 1
    assert "Error: Event 1 was changed." in result.stderr
    assert result.stdout == ""


def test_a_noted_hash_that_is_gone_fails_the_command(app: Flask, head: str) -> None:
    result = run(app, "verify", "--expect", "f" * 64)

    assert result.exit_code == 1
    assert f"No event has the hash {'f' * 64} any more." in result.stderr


def test_an_empty_trail_is_sound(app: Flask) -> None:
    result = run(app, "verify")
    assert (result.exit_code, result.stdout) == (0, "No event was recorded yet.\n")
