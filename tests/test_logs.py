"""What is logged: lines that a program can read, of every request one, and nothing of what people send."""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import pytest
from flask import Flask

from tests.conftest import NOON
from tests.launcher import a_free_port, eventually
from tests.reliability.site import Client
from tracker import logs, processes
from tracker.config import ROOT, Config
from tracker.services import accounts
from tracker.storage import sql

TOKEN = "a-token-that-scrapers-show-0123456789"
PASSWORD = "canary password of four words"
CANARIES = {
    "password": PASSWORD,
    "address": "canary.person@example.org",
    "name": "Canary Name",
    "answer": "canary-answer-73",
    "link": "canary-link-in-a-path-73",
    "query": "canary-in-a-query-73",
    "metrics": TOKEN,
}
LINK = re.compile(r"/password/new/(\S+)")


@dataclass
class Served:
    """The app as it is served in production, and the file that takes everything its processes say."""

    port: int
    instance: Path
    output: Path

    def said(self) -> list[str]:
        return self.output.read_text().splitlines()

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.said()]

    def requests(self) -> list[dict[str, object]]:
        return [line for line in self.lines() if line["event"] == "request"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    port = a_free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    settings = {
        "TRACKER_INSTANCE": str(folder / "instance"),
        "TRACKER_LOG": "json",
        "TRACKER_METRICS_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "tracker.launch", "serve", "--port", str(port)]
    with (folder / "output").open("wb") as output:
        launcher = processes.start(command, folder=ROOT, environment=own | settings, output=output)
        try:
            found = Served(port, folder / "instance", folder / "output")
            assert eventually(lambda: "Skillmark serves" in found.output.read_text(), seconds=120)
            yield found
        finally:
            processes.stop(launcher)


@pytest.fixture(scope="module")
def secrets(served: Served) -> dict[str, str]:
    """What somebody sent who has met what a person can meet, errors included, by what it is."""
    with stores_of(served).app_context():
        accounts.sign_up(email=CANARIES["address"], name=CANARIES["name"], zone="UTC", password=PASSWORD, now=NOON)
    client = Client(served.port)
    client.token = token_of(client.get("/sign-in").text)
    client.post("/sign-in", {"email": CANARIES["address"], "password": "canary-wrong-password"})
    assert client.post("/sign-in", {"email": CANARIES["address"], "password": PASSWORD}).status == 302
    client.token = token_of(client.get("/account").text)
    place = client.post("/assessments/language/attempts", {}).location
    answer = {"seq": "1", "position": "0", "item": "unknown", "then": "1", "answer": CANARIES["answer"]}
    assert client.post(f"{place}/responses", answer).status == 404
    assert client.get(f"/password/new/{CANARIES['link']}?q={CANARIES['query']}").status == 404
    assert client.get(f"/{CANARIES['link']}?q={CANARIES['query']}").status == 404
    assert client.post("/password/forgotten", {"email": CANARIES["address"]}).status < 400
    with paused_store(served):
        assert client.post(f"{place}/responses", answer).status == 503
    assert eventually(lambda: any(LINK.search(mail) for mail in outbox(served)), seconds=60)
    links = {f"mail {number}": link for number, mail in enumerate(outbox(served)) for link in LINK.findall(mail)}
    assert links
    for link in links.values():
        assert client.get(f"/password/new/{link}").status == 200
    return {**CANARIES, **links, **{f"cookie {name}": value for name, value in client.cookies.items()}}


def test_no_line_of_any_process_holds_what_people_sent(served: Served, secrets: dict[str, str]) -> None:
    said = served.output.read_text()

    assert [name for name, value in secrets.items() if value in said] == []


def test_every_line_is_an_object_that_says_when_how_grave_and_what(served: Served, secrets: dict[str, str]) -> None:
    for line in served.lines():
        assert {"time", "level", "event", "logger"} <= line.keys()


def test_every_request_has_one_line_with_its_rule_and_who_sent_it(served: Served, secrets: dict[str, str]) -> None:
    answered = [line for line in served.requests() if line["rule"] == "/attempts/<attempt_id>/responses"]

    assert [(line["method"], line["status"], line["person"]) for line in answered] == [
        ("POST", 404, 1),
        ("POST", 503, None),
    ]
    assert all(isinstance(line["ms"], float) and line["request"] for line in answered)


def test_what_went_wrong_has_the_id_of_its_request(served: Served, secrets: dict[str, str]) -> None:
    (warning,) = [line for line in served.lines() if str(line["event"]).startswith("A store did not answer")]
    (refused,) = [line for line in served.requests() if line["status"] == 503]

    assert warning["request"] == refused["request"]


def test_the_counts_of_all_processes_are_told_together(served: Served, secrets: dict[str, str]) -> None:
    asked = Request(f"http://127.0.0.1:{served.port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    told = [urlopen(asked).read().decode() for _ in range(4)]  # by whichever worker

    for text in told:
        assert 'skillmark_requests_total{method="POST",rule="/assessments/<slug>/attempts",status="302"} 1.0' in text
        assert "skillmark_attempts_started_total 1.0" in text
        assert 'skillmark_store_errors_total{store="documents"} 1.0' in text
        assert 'skillmark_job_runs_total{job="mails",outcome="done"}' in text
        assert not [name for name, value in secrets.items() if value in text]


def test_an_exception_is_told_without_its_message_and_with_what_it_came_from() -> None:
    try:
        try:
            {}["canary"]
        except KeyError as cause:
            raise ValueError("canary") from cause
    except ValueError as error:
        told = logs.told(error)

    assert [cause["type"] for cause in told] == ["ValueError", "KeyError"]
    assert "test_logs.py" in told[0]["frames"][-1]
    assert "canary" not in json.dumps(told)


def stores_of(served: Served) -> Flask:
    config = Config.from_environment({"TRACKER_INSTANCE": str(served.instance)})
    stores = Flask("stores")
    sql.connect(stores, config.database_url)
    return stores


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found
    return found[1]


def outbox(served: Served) -> list[str]:
    return [mail.read_text() for mail in (served.instance / "outbox").glob("*") if mail.is_file()]


@contextmanager
def paused_store(served: Served) -> Iterator[None]:
    """The document store, standing still."""
    store = psutil.Process(int((served.instance / "store" / "server.pid").read_text()))
    store.suspend()
    try:
        yield
    finally:
        store.resume()
