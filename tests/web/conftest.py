"""What tests over HTTP share: Ada's browser, and the quiz that she has just started."""

from collections.abc import Callable

import pytest

from tests.browser import Browser
from tests.conftest import Cast
from tracker import clock
from tracker.assessment.attempt import Attempt
from tracker.services import attempts


@pytest.fixture
def ada(cast: Cast, browser: Callable[[int | None], Browser]) -> Browser:
    """Ada's browser."""
    return browser(cast.ada)


@pytest.fixture
def path(ada: Browser) -> str:
    """Where the language quiz is that Ada has just started."""
    return ada.post("/assessments/language/attempts").location or ""


@pytest.fixture
def stored(path: str, cast: Cast) -> Callable[[], Attempt]:
    """Ada's attempt as it is stored now."""
    return lambda: attempts.get_attempt(path.rpartition("/")[2], learner_id=cast.ada, now=clock.now())
