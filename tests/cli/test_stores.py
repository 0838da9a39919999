"""`flask stores …`"""

from flask import Flask

from tests.conftest import Cast
from tests.web.stored import everything


def test_preparing_again_says_so_and_loses_nothing(app: Flask, cast: Cast) -> None:
    before = everything()

    result = app.test_cli_runner().invoke(args=["stores", "prepare"])

    assert (result.exit_code, result.output) == (0, "Both stores are ready.\n")
    assert everything() == before
