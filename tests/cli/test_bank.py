"""`flask bank …`"""

from flask import Flask

from tests.web.stored import everything
from tracker.storage.question_bank import get_bank


def test_checking_counts_the_items_of_every_area_and_says_the_bank_is_sound(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["bank", "check"])

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert [line.split(":")[0] for line in lines[:-1]] == [area.name for area in get_bank().roadmap.areas]
    assert lines[-1] == f"The bank is sound: {len(get_bank().items)} items on 29 topics."


def test_checking_changes_nothing(app: Flask) -> None:
    before = everything()

    app.test_cli_runner().invoke(args=["bank", "check"])

    assert everything() == before
