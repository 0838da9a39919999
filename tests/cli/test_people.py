"""`flask people …`"""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import Cast, add_admin
from tests.web.stored import everything
from tracker import clock
from tracker.services import cohorts
from tracker.storage import accounts, erasures, sql
from tracker.storage.tables import User

NO_ID = "9" * 20
"""More digits than any id has."""


def run(app: Flask, *args: str, typed: str = "") -> tuple[int, str]:
    """What a command says when this is typed, and its exit status."""
    result = FlaskCliRunner(app).invoke(args=["people", *args], input=typed)
    sql.session().expire_all()
    return result.exit_code, result.output


def test_who_asked_in_a_letter_is_erased_by_their_address(app: Flask, cast: Cast) -> None:
    status, said = run(app, "erase", " Ada@Example.org", typed="Ada@example.org\n")

    assert status == 0
    assert "Ada, ada@example.org, attempts: 0" in said
    assert f"Person {cast.ada} is erased." in said
    assert "until its next start after that" in said
    assert sql.session().get(User, cast.ada) is None
    assert sql.session().get(User, cast.omar)


def test_who_is_in_an_older_backup_is_erased_by_their_number(app: Flask, cast: Cast) -> None:
    assert run(app, "erase", str(cast.ada), "--yes")[0] == 0

    assert sql.session().get(User, cast.ada) is None


def test_a_successor_leads_what_nobody_else_led(app: Flask, cast: Cast) -> None:
    now = clock.now()
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=now)
    cohorts.join(cohorts.invite(cohort.public_id, lead_id=cast.lena, now=now), user_id=cast.ada, now=now)

    status, said = run(app, "erase", "lena@example.org", "--yes")
    assert (status, "Nobody else leads Guild." in said) == (1, True)

    assert run(app, "erase", "lena@example.org", "--successor", "omar@example.org", "--yes")[0] == 0
    assert cohorts.get_led(cohort.public_id, lead_id=cast.omar)


@pytest.mark.parametrize("typed", ["", "y\n", "omar@example.org\n"])
def test_without_their_address_typed_nobody_is_erased(app: Flask, cast: Cast, typed: str) -> None:
    status, said = run(app, "erase", "ada@example.org", typed=typed)

    assert (status, "is erased" in said) == (1, False)
    assert sql.session().get(User, cast.ada)


def test_again_erases_who_was_erased(app: Flask, cast: Cast) -> None:
    run(app, "erase", "ada@example.org", "--yes")

    assert run(app, "erase", "--again") == (0, "Erased again: 1\n")
    assert [one.done_at is not None for one in erasures.list_all()] == [True]


def test_what_cannot_be_done_says_why_and_changes_nothing(app: Flask, cast: Cast) -> None:
    add_admin("adam@example.org", "Adam")
    before = everything()

    assert "There is no account nobody@example.org." in run(app, "erase", "nobody@example.org")[1]
    assert f"There is no account {NO_ID}. Nothing was erased." in run(app, "erase", NO_ID)[1]
    assert "The only admin cannot be erased." in run(app, "erase", "adam@example.org", "--yes")[1]
    assert run(app, "erase")[0] == 2
    assert run(app, "erase", "ada@example.org", "--again")[0] == 2

    assert everything() == before
    assert accounts.find_user_by_email("ada@example.org")
