"""Making the stores ready."""

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.services.stores import prepare_stores


def test_preparing_stores_that_are_in_use_loses_nothing(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    before = everything()

    prepare_stores()

    assert everything() == before
