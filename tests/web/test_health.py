"""Whether it is there and can serve: for programs in a word, for admins in words."""

from collections.abc import Callable

from flask import Flask

from tests.browser import Browser
from tests.conftest import Cast, add_admin


def test_it_is_ready_while_people_can_be_served(app: Flask) -> None:
    answer = app.test_client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json
    assert answer.json["ready"] is True
    assert {name for name, state in answer.json["checks"].items() if state == "down"} == set()


def test_without_a_store_it_is_alive_but_not_ready_and_says_only_what_is_down(without_documents: Flask) -> None:
    client = without_documents.test_client()

    answer = client.get("/readyz")

    assert client.get("/livez").status_code == 200
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json
    assert answer.json["ready"] is False
    assert answer.json["checks"]["documents"] == "down"
    assert answer.json["checks"]["sql"] == "well"
    assert set(answer.json["checks"].values()) <= {"well", "poor", "down"}


def test_an_admin_reads_the_same_in_words(cast: Cast, browser: Callable[[int | None], Browser]) -> None:
    page = browser(add_admin("adam@example.org", "Adam")).get("/admin/health").text

    assert "People are served, but something below needs a look." in page
    assert "The sweep is silent" in page
    assert "The SQL database answers" in page


def test_nobody_else_finds_that_page(cast: Cast, browser: Callable[[int | None], Browser]) -> None:
    for person in (cast.ada, cast.lena, cast.vera, cast.omar):
        assert browser(person).get("/admin/health").status_code == 404
