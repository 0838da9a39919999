"""`flask demo …`"""

from flask import Flask

from tests.conftest import add_person
from tests.web.stored import everything
from tracker.services.demo import LEAD_EMAIL


def test_a_demonstration_that_is_there_is_left_alone(app: Flask) -> None:
    add_person(LEAD_EMAIL, "Lena Lead")
    before = everything()

    result = app.test_cli_runner().invoke(args=["demo", "fill"])

    assert result.exit_code == 1
    assert result.output == f"Error: The demonstration is there already; its lead is {LEAD_EMAIL}.\n"
    assert everything() == before
