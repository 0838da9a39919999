"""What tests of the API share: Ada's client, and the quiz that she has just started."""

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.web.api.client import Client


@pytest.fixture
def ada(app: Flask, cast: Cast) -> Client:
    """Ada's client, whose token has every scope."""
    return Client(app, cast.ada)


@pytest.fixture
def started(ada: Client) -> str:
    """The address of the language quiz that Ada has just started."""
    return ada.post("/assessments/language/attempts").location
