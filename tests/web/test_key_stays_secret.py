"""While an attempt is open, nothing that tells the key leaves the server: in no page, header, refusal or log."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.builders import a_place, an_attempt, answer, item_at, right_answer, some_terms, wrong_answer
from tests.conftest import NOON, Cast
from tests.web.api.client import Client
from tests.web.canary_bank import CANARY, DIGITS, Table, write_canary_bank
from tests.web.forms import form, neutral
from tracker import clock
from tracker.app import create_app
from tracker.assessment.assembly import draw_form
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import REVIEW
from tracker.assessment.item import Item
from tracker.assessment.item_types import REGISTRY, Answer
from tracker.config import Config
from tracker.services import attempts, cohorts
from tracker.storage import attempts as stored_attempts
from tracker.storage.question_bank import get_bank, load_bank
from tracker.web.limits import limiter

Sent = dict[str, str | list[str]]
ADAPTIVE = ("placement-adaptive", "apis-adaptive", "topic-tools-git")
TELLING = re.compile(f"{CANARY}|{DIGITS}")


@dataclass
class Wiretap:
    """A browser whose every answer is kept: status line, headers and body."""

    browser: Browser
    heard: list[tuple[str, str]] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._keep(f"GET {path}", self.browser.get(path, **headers))

    def post(self, path: str, data: Sent, **headers: str) -> TestResponse:
        return self._keep(f"POST {path}", self.browser.post(path, data, **headers))

    def _keep(self, name: str, response: TestResponse) -> TestResponse:
        self.heard.append((name, f"{response.status}\n{response.headers}\n{response.text}"))
        return response


@pytest.fixture(scope="module")
def canary_app(config: Config, whole_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app on the marked bank, on the same stores."""
    folder = tmp_path_factory.mktemp("canaries") / "bank"
    write_canary_bank(config.bank, folder)
    return create_app(replace(config, bank=folder))


@pytest.fixture
def wiretap(canary_app: Flask, cast: Cast) -> Wiretap:
    """Ada's browser on the marked bank, listened to."""
    return Wiretap(Browser(canary_app, cast.ada))


def test_no_key_note_or_explanation_reaches_anybody_while_attempts_are_open(
    wiretap: Wiretap, canary_app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger=canary_app.name)
    with canary_app.app_context():
        slugs = [*get_bank().assessments, *ADAPTIVE]
        bank_pages = ["/bank", "/bank?state=cited", *(f"/bank/items/{item_id}" for item_id in get_bank().items)][:9]
        team = cohorts.create_cohort("Team", lead_id=cast.ada, now=clock.now())

    opened = [wiretap.post(f"/assessments/{slug}/attempts", {}).location for slug in slugs]
    for path in opened[: -len(ADAPTIVE)]:
        first = _answer_everything(wiretap, path)
        _stumble(wiretap, path, first)
    for path in opened[-len(ADAPTIVE) :]:
        _answer_one_way(wiretap, path)
    for path in (*_other_pages(slugs, team.public_id), *bank_pages):
        wiretap.get(path)
        wiretap.get(path, **{"HX-Request": "true"})

    told = [(name, found[0]) for name, text in wiretap.heard if (found := TELLING.search(text))]
    assert told == []
    assert TELLING.search(caplog.text) is None
    statuses = {text[:3] for _name, text in wiretap.heard}
    assert statuses == {"200", "204", "302", "400", "404", "405", "409", "413", "422"}


def test_no_key_note_or_explanation_reaches_a_program_while_attempts_are_open(
    canary_app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger=canary_app.name)
    heard: list[TestResponse] = []
    for slug in (*get_slugs(canary_app), *ADAPTIVE):
        limiter.reset()
        ada = Client(canary_app, cast.ada)
        path = ada.post(f"/assessments/{slug}/attempts").location
        heard += _answer_by_program(ada, path)
        heard += [ada.get(f"{path}{page}") for page in ("", "/result", "/item?position=1", "/item?position=199")]
    for page in ("/roadmap", "/assessments", "/attempts", "/me", "/me/skills", "/me/history", "/me/next-steps"):
        heard.append(ada.get(page))
    heard.append(ada.get("/openapi.json"))

    told = [found[0] for one in heard if (found := TELLING.search(f"{one.headers}\n{one.text}"))]
    assert told == []
    assert TELLING.search(caplog.text) is None
    assert {one.status_code for one in heard} == {200, 400, 404, 409, 422}


@pytest.mark.parametrize("release", [Release.AFTER_DEADLINE, Release.NEVER])
def test_no_key_reaches_anybody_after_an_assigned_attempt_until_it_is_released(
    wiretap: Wiretap, canary_app: Flask, cast: Cast, release: Release
) -> None:
    with canary_app.app_context():
        now = clock.now()
        team = cohorts.create_cohort("Team", lead_id=cast.lena, now=now)
        cohorts.join(cohorts.invite(team.public_id, lead_id=cast.lena, now=now), user_id=cast.ada, now=now)
        told = [_telling_answer(name) for name in REGISTRY]
        terms = some_terms(closes_at=now + timedelta(hours=1), release=release)
        attempt = replace(
            an_attempt(learner_id=cast.ada, started_at=now, assignment=terms),
            form=tuple(a_place(item) for item, _ in told),
        )
        stored_attempts.add(attempt)
        for item, slip in told:
            attempt = answer(attempt, item.body.send(slip))
        attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=attempt.seq, now=now)
        items = [item for item, _ in told]

    by_program = Client(canary_app, cast.ada)
    assert TELLING.search(by_program.get(f"/attempts/{attempt.id}/result").text) is None
    for path in (
        f"/attempts/{attempt.id}",
        f"/attempts/{attempt.id}/result",
        *(f"/practice/topic-{item.topic_id.replace('/', '-')}" for item in items),
        *(f"/practice/due/answers/{item.version}/1" for item in items),
        *(f"/radar/{item.topic_id}" for item in items),
        *_other_pages([*get_slugs(canary_app)], team.public_id),
    ):
        wiretap.get(path)
    wiretap.post("/assessments/language/attempts", {})

    assert [(name, found[0]) for name, text in wiretap.heard if (found := TELLING.search(text))] == []
    verdicts = re.compile(r"verdict-|right in this|of your \d+ answers|Your one answer|</a>:\s+(not )?right")
    assert [name for name, text in wiretap.heard if verdicts.search(text)] == []


def get_slugs(app: Flask) -> list[str]:
    """What can be taken as a fixed form."""
    with app.app_context():
        return list(get_bank().assessments)


def test_the_result_shows_what_was_held_back(wiretap: Wiretap, canary_app: Flask, cast: Cast) -> None:
    with canary_app.app_context():
        told = [_telling_answer(name) for name in REGISTRY]
        attempt = replace(an_attempt(learner_id=cast.ada), form=tuple(a_place(item) for item, _ in told))
        stored_attempts.add(attempt)
        for item, slip in told:
            attempt = answer(attempt, item.body.send(slip))
        attempts.finish_attempt(attempt.id, learner_id=cast.ada, seq=attempt.seq, now=NOON)

    page = wiretap.get(f"/attempts/{attempt.id}/result").text

    assert page.count(f"{CANARY}-explanation") == len(attempt.form)
    assert page.count(f"{CANARY}-title") == len(attempt.form)
    shown = set(re.findall(f"{CANARY}-(\\w+)", page)) | ({"number"} if DIGITS in page else set())
    assert shown >= {"note", "explanation", "title", "version", "source", "name", "description", "answer", "number"}


def _telling_answer(type_name: str) -> tuple[Item, Answer]:
    """An item of this type and a wrong answer to it, one that shows a misconception if there is any."""
    items = (item for item in get_bank().items.values() if item.body.name == type_name)
    wrong = ((item, slip) for item in items for slip in item.body.slips)
    return max(wrong, key=lambda told: len(told[0].find_misconceptions(told[1])))


def test_the_order_of_items_and_options_does_not_depend_on_the_key(app: Flask, config: Config, tmp_path: Path) -> None:
    write_canary_bank(config.bank, tmp_path / "moved", change=_move_key)
    write_canary_bank(config.bank, tmp_path / "kept")
    moved, kept = load_bank(tmp_path / "moved"), load_bank(tmp_path / "kept")
    for seed in range(20):
        for slug in kept.assessments:
            orders = [
                [
                    (place.item_id, place.option_ids)
                    for place in draw_form(
                        bank.assessment(slug),
                        roadmap=bank.roadmap,
                        live_by_topic=bank.live_by_topic,
                        seen={},
                        seed=seed,
                    )
                ]
                for bank in (moved, kept)
            ]
            assert orders[0] == orders[1]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["as a page", "as a fragment"])
def test_a_right_and_a_wrong_answer_are_answered_alike(app: Flask, cast: Cast, headers: dict[str, str]) -> None:
    now = clock.now()
    started = an_attempt(started_at=now, learner_id=cast.ada)
    ada, omar = (
        replace(started, id=f"{learner_id:032}", learner_id=learner_id) for learner_id in (cast.ada, cast.omar)
    )
    assert stored_attempts.add(ada)
    assert stored_attempts.add(omar)
    browsers = {ada: Browser(app, cast.ada), omar: Browser(app, cast.omar)}
    for position, place in enumerate(started.form):
        item = item_at(started, position)
        fields = {
            "seq": str(position + 1),
            "position": str(position),
            "item": place.item_version,
            "then": str(position + 1 if position + 1 < len(started.form) else REVIEW),
        }
        right = browsers[ada].post(f"/attempts/{ada.id}/responses", {**fields, "answer": right_answer(item)}, **headers)
        wrong = browsers[omar].post(
            f"/attempts/{omar.id}/responses", {**fields, "answer": wrong_answer(item)}, **headers
        )
        assert _shape(right, ada.id) == _shape(wrong, omar.id)
        following = [browser.get(f"/attempts/{attempt.id}") for attempt, browser in browsers.items()]
        assert _shape(following[0], ada.id) == _shape(following[1], omar.id)


def _shape(response: TestResponse, attempt_id: str) -> tuple[str, list[tuple[str, str]], str]:
    """An answer without what differs between any two: the attempt, the cookie, the request's id, the running clock."""
    headers = sorted(
        (name, value.replace(attempt_id, ""))
        for name, value in response.headers
        if name not in {"Set-Cookie", "X-Request-ID"}
    )
    body = neutral(response.text).replace(attempt_id, "")
    return response.status, headers, re.sub(r'data-remaining-seconds="\d+"', "", body)


def _answer_by_program(client: Client, path: str) -> Iterator[TestResponse]:
    """See and answer the first places, each answer refused in every way before it is taken."""
    for number in range(3):
        shown = client.get(f"{path}/item")
        yield shown
        place = shown.get_json()
        sent = {name: place[name] for name in ("seq", "position", "item_version", "then")} | {"answer": []}
        for wrong in ("item_version", "unknown"), ("then", 200), ("answer", ["unknown"]), ("answer", ["5"] * 9):
            yield client.post(f"{path}/answers", sent | dict([wrong]))
        yield client.post(f"{path}/answers", sent | {"seq": 1000})
        yield client.post(f"{path}/answers", sent, key=f"key-{number}")
        yield client.post(f"{path}/answers", sent | {"position": 9}, key=f"key-{number}")


def _answer_everything(wiretap: Wiretap, path: str) -> Sent:
    """Answer every item, every other time as htmx does, and look at each page again. Gives what was sent first."""
    page = wiretap.get(path).text
    answered: list[Sent] = []
    while f"{path}/finish" not in page:
        place = form(page, f"{path}/responses")
        sent = place.sent(place.buttons[0], answer=place.some_answer())
        as_htmx = {"HX-Request": "true"} if len(answered) % 2 else {}
        answered.append(sent)
        assert len(answered) <= 25
        page = wiretap.post(f"{path}/responses", sent, **as_htmx).text
        if not as_htmx:
            page = wiretap.get(path).text
    return answered[0]


def _answer_one_way(wiretap: Wiretap, path: str) -> None:
    """Answer less of an adaptive attempt than it can stop after, each refused once, every other time as htmx does."""
    page = wiretap.get(path).text
    for number in range(3):
        place = form(page, f"{path}/responses")
        sent = place.sent(answer=place.some_answer())
        headers = {"HX-Request": "true"} if number % 2 else {}
        for wrong in ({"item": "unknown"}, {"then": "0"}, {"answer": ["unknown"]}):
            wiretap.post(f"{path}/responses", {**sent, **wrong}, **headers)
        wiretap.post(f"{path}/responses", sent, **headers)
        page = wiretap.get(path).text
    wiretap.get(f"{path}/result")


def _stumble(wiretap: Wiretap, path: str, first: Sent) -> None:
    """Send all that is refused, and look where nothing is."""
    seq = form(wiretap.get(path).text, f"{path}/finish").values["seq"]
    for wrong in (
        {"seq": "1", "then": "2"},
        {"seq": "none"},
        {"position": "199"},
        {"item": "unknown"},
        {"then": "-2"},
        {"answer": ["unknown"]},
        {"answer": ["5", "6", "7"]},
        {"answer": "5" * 201},
        {"answer": "5" * 2_000_000},
    ):
        for headers in ({}, {"HX-Request": "true"}):
            wiretap.post(f"{path}/responses", {**first, "seq": seq, **wrong}, **headers)
    wiretap.post(f"{path}/finish", {"seq": "1"})
    wiretap.post(f"{path}/finish", {})
    wiretap.get(f"{path}/responses")
    wiretap.get(f"{path}/result")
    _run_the_script(wiretap, path, {**first, "key": "a-key", "then": first["position"]})


def _run_the_script(wiretap: Wiretap, path: str, choice: Sent) -> None:
    """Ask for all that the script of the page asks for, also what is refused."""
    data = {"Accept": "application/json"}
    seq = wiretap.post(f"{path}/opened", {}, **data).json["seq"]  # type: ignore[index]
    for sent in (
        {**choice, "seq": str(seq)},
        {**choice, "seq": "1", "key": "another"},
        {**choice, "answer": ["unknown"]},
        {**choice, "answer": []},
    ):
        wiretap.post(f"{path}/responses", sent, **data)
    wiretap.post(
        f"{path}/flags", {"seq": str(seq + 1), "position": "1", "is_on": "y"}, **data, **{"HX-Request": "true"}
    )
    wiretap.post(f"{path}/signals", {"type": "left", "position": "0", "seconds": "3"})
    wiretap.get(f"{path}/clock", **data)


def _other_pages(slugs: list[str], cohort_id: str) -> list[str]:
    """Every other page that somebody signed in can open, and some that are not there."""
    nobodys = "0" * 32
    return [
        "/",
        "/account",
        "/sign-in",
        "/assessments",
        *(f"/assessments/{slug}" for slug in (*slugs, "unknown")),
        "/practice",
        "/practice/due",
        *(f"/practice/{slug}" for slug in (*slugs, "unknown")),
        "/radar",
        *(f"/radar/{slug}" for slug in (*slugs, "unknown")),
        "/radar/language/syntax",
        "/cohorts",
        *(f"/cohorts/{found}{page}" for found in (cohort_id, nobodys) for page in ("", "/exports")),
        f"/attempts/{nobodys}",
        f"/attempts/{nobodys}/result",
        "/invitations/unknown",
        "/nowhere",
    ]


def _move_key(item: Table) -> None:
    """Give each key to the next; what was wrong with an option is wrong with another now. Lines stay as they are."""
    for options in (item.get("options", []), *(gap.get("options", []) for gap in item.get("gaps", []))):
        _move(options, "key", "misconception")
    _move(item.get("prompts", []), "key", "note")


def _move(tables: list[Table], *names: str) -> None:
    """Move these fields of each table to the next."""
    told = [{name: table.pop(name) for name in names if name in table} for table in tables]
    for table, fields in zip(tables, [*told[-1:], *told[:-1]], strict=True):
        table.update(fields)
