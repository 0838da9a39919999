"""When PostgreSQL is away or takes something it cannot keep: a calm page, in time, and nothing changed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask, request
from sqlalchemy import text

from tests.browser import Browser
from tests.conftest import NOON, PASSWORD, PASSWORD_HASH
from tests.postgresql import PostgreSQL
from tracker.app import create_app
from tracker.config import Config
from tracker.services import stores
from tracker.storage import accounts, sql

SECONDS = 10
ADA = {"email": "ada@example.org", "password": PASSWORD}


@dataclass(frozen=True)
class Site:
    """The app, and the PostgreSQL that it alone uses."""

    app: Flask
    server: PostgreSQL
    ada: int


@pytest.fixture
def site(app: Flask, config: Config) -> Iterator[Site]:
    """The app on Ada's account in a PostgreSQL of its own."""
    with PostgreSQL() as server:
        served = create_app(replace(config, database_url=server.new_database()))
        served.add_url_rule("/faulty", view_func=_ask_for)
        with served.app_context():
            stores.prepare_stores()
            ada = accounts.add_user(
                email=ADA["email"], name="Ada", zone="UTC", password_hash=PASSWORD_HASH, is_admin=False, now=NOON
            )
            yield Site(served, server, ada.id)
            sql.db.session.remove()
            sql.db.engine.dispose()


def test_without_postgresql_everything_is_a_503_in_time_and_when_it_is_back_all_goes_on(site: Site) -> None:
    ada, visitor = Browser(site.app, site.ada), Browser(site.app, None)
    assert ada.get("/account").status_code == 200
    site.server.stop()

    started = time.monotonic()
    answers = [ada.get("/account"), ada.get("/cohorts"), ada.post("/cohorts", {"name": "Guild"})]
    answers.append(visitor.post("/sign-in", ADA))
    assert time.monotonic() - started < SECONDS
    assert [answer.status_code for answer in answers] == [503] * 4
    assert all(answer.headers["Retry-After"] == "2" for answer in answers)

    site.server.start()
    assert ada.get("/account").status_code == 200
    assert "Guild" not in ada.get("/cohorts").text
    assert visitor.post("/sign-in", ADA).status_code == 302


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("SELECT 99999999999 :: integer", 400),
        ("INSERT INTO memberships (cohort_id) VALUES (1)", 503),
        ("SELECT * FROM nowhere", 503),
    ],
)
def test_what_postgresql_refuses_is_explained_on_a_page_and_the_next_one_is_whole(
    site: Site, statement: str, status: int
) -> None:
    ada = Browser(site.app, site.ada)

    answer = ada.get(f"/faulty?statement={statement}")

    assert answer.status_code == status
    assert "<h1" in answer.text
    assert ada.get("/account").status_code == 200


def test_what_postgresql_cannot_keep_is_refused_in_a_sentence_and_changes_nothing(site: Site) -> None:
    answer = Browser(site.app, None).post("/sign-in", {"email": "ada\0@example.org", "password": PASSWORD})

    assert answer.status_code == 400
    assert "cannot be kept. Nothing was changed" in answer.text
    assert Browser(site.app, site.ada).get("/account").status_code == 200


def _ask_for() -> str:
    return str(sql.session().execute(text(request.args["statement"])))
