"""How many questions a page asks of its stores: few, and no more for many people or many attempts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pymongo import monitoring
from sqlalchemy import event

from tests.browser import Browser
from tests.builders import a_proof_result, take
from tests.conftest import NOON, Cast, add_person
from tests.web.forms import form
from tracker import clock
from tracker.config import Config
from tracker.services import cohorts
from tracker.storage import documents, sql
from tracker.storage.proofs import save_proofs
from tracker.storage.question_bank import get_bank

HTMX = {"HX-Request": "true"}
CONTENT = (".toml", ".json")

_opened: list[list[str]] = []


class Questions(monitoring.CommandListener):
    """Every statement and command sent to the stores."""

    def __init__(self) -> None:
        self.sql: list[str] = []
        self.mongodb: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.mongodb.append(event.command_name)

    def succeeded(self, _event: monitoring.CommandSucceededEvent) -> None:
        """Counted when it started."""

    def failed(self, _event: monitoring.CommandFailedEvent) -> None:
        """Counted when it started."""

    @property
    def counts(self) -> tuple[int, int]:
        """How many went to SQL and to MongoDB."""
        return len(self.sql), len(self.mongodb)


@pytest.fixture
def counting(app: Flask, config: Config) -> Iterator[Callable[[], Any]]:
    """Count what is asked of both stores inside a `with`."""
    questions = Questions()
    monitoring.register(questions)
    documents.connect(app, config.mongodb_uri)  # a client made from now on tells its listeners
    documents.ping()

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            questions.sql.append(statement)

    @contextmanager
    def count() -> Iterator[Questions]:
        questions.sql.clear()
        questions.mongodb.clear()
        yield questions

    event.listen(sql.db.engine, "before_cursor_execute", listen)
    yield count
    event.remove(sql.db.engine, "before_cursor_execute", listen)


Counting = Callable[[], Any]


@contextmanager
def opening() -> Iterator[list[str]]:
    """Note which files of content are opened inside a `with`."""
    opened: list[str] = []
    _opened.append(opened)
    try:
        yield opened
    finally:
        _opened.remove(opened)


def _note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and str(arguments[0]).endswith(CONTENT):
        for opened in _opened:
            opened.append(str(arguments[0]))


sys.addaudithook(_note_opened)


def test_an_answer_sent_by_htmx_costs_an_update_a_read_and_one_look_at_who_it_is(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)
    path = ada.post("/assessments/language/attempts").location
    page = ada.get(path).text
    for _ in range(3):
        place = form(page, f"{path}/responses")
        with counting() as asked:
            page = ada.post_bare(place.action, place.sent(place.buttons[0]), **HTMX).text
        assert asked.mongodb == ["update", "find"]
        assert len(asked.sql) <= 2


def test_a_cohorts_page_costs_the_same_for_one_member_and_for_many(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    lena = browser(cast.lena)
    cohort = lena.post("/cohorts", {"name": "Team"}).location
    token = cohorts.invite(cohort.rpartition("/")[2], lead_id=cast.lena, now=clock.now())
    costs = []
    for size in (1, 12):
        for number in range(size):
            learner_id = add_person(f"learner{size}-{number}@example.org", f"Learner {size}-{number}")
            take("language", learner_id=learner_id, now=NOON)
            cohorts.join(token, user_id=learner_id, now=clock.now())
        for page in (cohort, f"{cohort}/results.csv"):
            with counting() as asked:
                assert f"Learner {size}-0" in lena.get(page).text
            costs.append(asked.counts)
    assert costs[:2] == costs[2:]
    assert all(in_sql <= 4 and in_mongodb == 1 for in_sql, in_mongodb in costs)


@pytest.mark.parametrize("page", ["/", "/radar", "/radar/language", "/assessments", "/assessments/language"])
def test_a_learners_pages_cost_the_same_after_one_attempt_and_after_many(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser], page: str
) -> None:
    ada = browser(cast.ada)
    costs = []
    for attempts in (1, 3):
        for _ in range(attempts):
            take("language", learner_id=cast.ada, now=NOON)
        with counting() as asked:
            assert ada.get(page).status_code == 200
        costs.append(asked.counts)
    assert costs[0] == costs[1]
    assert costs[0][0] <= 1
    assert costs[0][1] <= 3


def test_starting_and_finishing_cost_no_more_with_a_longer_past(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)
    costs = []
    for _ in range(3):
        with counting() as asked:
            path = ada.post("/assessments/language/attempts").location
            ada.post(f"{path}/finish", {"seq": "1"})
        costs.append(asked.counts)
    assert max(costs) == costs[0]  # a later form may hold nothing that has not been kept before: one insert less
    assert costs[0] <= (2, 13)


@pytest.mark.parametrize("page", ["/bank", "/bank?status=live", "/bank?page=3", "/bank/items/{item_id}"])
def test_an_authors_page_costs_one_look_at_who_it_is_and_reads_no_file_of_the_bank(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser], page: str
) -> None:
    vera = browser(cast.vera)
    path = page.format(item_id=next(iter(get_bank().items)))
    vera.get(path)

    with counting() as asked, opening() as opened:
        assert vera.get(path).status_code == 200

    assert asked.counts == (1, 0)
    assert opened == []


def test_a_result_looks_once_at_the_file_of_proofs_however_long_it_is(
    cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    attempt = take("placement", learner_id=cast.ada, now=NOON)
    save_proofs([a_proof_result(place.item_version) for place in attempt.form])
    ada = browser(cast.ada)
    path = f"/attempts/{attempt.id}/result"
    with opening() as opened:
        ada.get(path)
        assert "Key proved by running it" in ada.get(path).text
    assert [Path(name).name for name in opened] == ["proofs.json"]
