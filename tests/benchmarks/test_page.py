"""The bench reads the app's own pages: if they change so that it cannot, this says so."""

from collections.abc import Callable
from random import Random

from benchmarks.page import read_page
from tests.browser import Browser
from tests.conftest import Cast
from tracker import clock
from tracker.services import attempts


def test_the_bench_can_answer_every_page_of_the_placement_and_finish(
    browser: Callable[[int | None], Browser], cast: Cast
) -> None:
    attempt = attempts.start_attempt("placement", learner_id=cast.ada, now=clock.now())
    ada = browser(cast.ada)
    page = read_page(ada.get(f"/attempts/{attempt.id}").text)
    for _ in attempt.form:
        assert not page.is_review
        answered = ada.post(page.action, page.fill(Random(1)), HX_Request="true")
        assert answered.status_code == 200
        page = read_page(answered.text)
    assert page.is_review
    assert ada.post(page.action, page.hidden).status_code == 302
