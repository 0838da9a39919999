"""The bench reads the app's own pages: if they change so that it cannot, this says so."""

from collections.abc import Callable
from random import Random

from flask import Flask, render_template
from werkzeug.datastructures import MultiDict

from benchmarks.page import read_page
from tests.browser import Browser
from tests.builders import a_place
from tests.conftest import Cast
from tracker import clock
from tracker.assessment.served import serve
from tracker.services import attempts
from tracker.storage.question_bank import get_bank


def test_the_bench_can_answer_every_page_of_the_placement_and_finish(
    browser: Callable[[int | None], Browser], cast: Cast
) -> None:
    attempt = attempts.start_attempt("placement", learner_id=cast.ada, now=clock.now())
    ada = browser(cast.ada)
    page = read_page(ada.get(f"/attempts/{attempt.id}").text)
    for _ in attempt.form:
        assert not page.is_review
        answered = ada.post(page.action, MultiDict(page.fill(Random(1))).to_dict(flat=False), HX_Request="true")
        assert answered.status_code == 200
        page = read_page(answered.text)
    assert page.is_review
    assert ada.post(page.action, page.hidden).status_code == 302


def test_what_the_bench_fills_in_is_an_answer_to_every_item_of_the_bank(app: Flask) -> None:
    with app.test_request_context():
        bank = get_bank()
        for item in (*bank.items.values(), *(family.sample for family in bank.families.values())):
            form = render_template("items/_answer.html", item=serve(item, a_place(item), answer=()))
            filled = read_page(f'<form action="/attempts/a/responses">{form}</form>').fill(Random(1))
            assert item.body.read([value for name, value in filled if name == "answer"]), item.id
