"""What tests over HTTP share: Ada's browser, and the quiz that she has just started."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests.browser import Browser
from tests.conftest import Cast
from tracker import clock
from tracker.app import create_app
from tracker.assessment.attempt import Attempt
from tracker.config import Config
from tracker.services import attempts

NOBODY = "mongodb://127.0.0.1:9/nothing"
"""Port 9 is "discard": nothing of ours ever listens there."""


@pytest.fixture
def ada(cast: Cast, browser: Callable[[int | None], Browser]) -> Browser:
    """Ada's browser."""
    return browser(cast.ada)


@pytest.fixture
def without_documents(app: Flask, config: Config) -> Flask:
    """The app on the same people and on a document store that is not there."""
    return create_app(replace(config, mongodb_uri=NOBODY))


@pytest.fixture
def path(ada: Browser) -> str:
    """Where the language quiz is that Ada has just started."""
    return ada.post("/assessments/language/attempts").location or ""


@pytest.fixture
def stored(path: str, cast: Cast) -> Callable[[], Attempt]:
    """Ada's attempt as it is stored now."""
    return lambda: attempts.get_attempt(path.rpartition("/")[2], learner_id=cast.ada, now=clock.now())
