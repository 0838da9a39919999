"""The drill: a backup made while answers arrive, restored elsewhere, and looked through."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from pymongo import MongoClient

from tests.builders import item_at, right_answer, wrong_answer
from tests.conftest import NewDatabase
from tests.launcher import Launcher, a_launcher, eventually
from tests.reliability.site import Client, Site
from tracker.assessment.attempt import REVIEW
from tracker.config import ROOT
from tracker.storage import attempt_document, attempts
from tracker.storage.embedded import EmbeddedStore

LEARNERS = 2
ENOUGH = 40
FLASK = (sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"))

Answered = tuple[str, int, int, list[str]]
"""An attempt's id, the number of the event, its place, and what was sent."""


@dataclass
class Storm:
    """Learners who take one quiz after the other, and what was acknowledged of it, oldest first."""

    site: Site
    acknowledged: list[Answered] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    is_over: Event = field(default_factory=Event)

    def rage(self, learner_id: int, client: Client) -> None:
        """Answer until it is over."""
        with self.site.stores.app_context():
            while not self.is_over.is_set():
                self._take(learner_id, client)

    def _take(self, learner_id: int, client: Client) -> None:
        path = client.post("/assessments/language/attempts", {}).location
        attempt = attempts.get(path.rpartition("/")[2], learner_id=learner_id)
        last = len(attempt.form) - 1
        for place, served in enumerate(attempt.form):
            answer = (right_answer if place % 3 else wrong_answer)(item_at(attempt, place))
            then = REVIEW if place == last else place + 1
            at = {"seq": str(attempt.seq + place), "position": str(place), "then": str(then)}
            reply = client.post(f"{path}/responses", {**at, "item": served.item_version, "answer": answer})
            assert reply.status == 302, reply
            self.acknowledged.append((attempt.id, attempt.seq + place + 1, place, answer))
            if self.is_over.is_set():
                return
        assert client.post(f"{path}/finish", {"seq": str(attempt.seq + last + 1)}).status == 302
        self.finished.append(attempt.id)


@pytest.fixture
def elsewhere(tmp_path: Path, new_database: NewDatabase) -> Iterator[Launcher]:
    """A fresh instance on stores of its own."""
    launcher = a_launcher(tmp_path, **new_database())
    yield launcher
    launcher.clean_up()


def run(launcher: Launcher, *commands: str) -> str:
    """Run commands of ours with the stores of a launcher. Gives what they say."""
    line = " && ".join(f"{' '.join(FLASK)} {command}" for command in commands)
    result = launcher.run("exec", "--", "sh", "-c", line)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_a_backup_made_in_a_storm_of_answers_holds_all_that_was_acknowledged_before(
    site: Site, elsewhere: Launcher, tmp_path: Path
) -> None:
    storm = Storm(site)
    learners = [site.learner(f"learner{number}") for number in range(LEARNERS)]
    with ThreadPoolExecutor(LEARNERS) as pool:
        raging = [pool.submit(storm.rage, *learner) for learner in learners]
        try:
            assert eventually(lambda: len(storm.acknowledged) >= ENOUGH and bool(storm.finished))
            before, finished = [*storm.acknowledged], [*storm.finished]
            said = run(site.launcher, f"backup {tmp_path}", "doctor")
        finally:
            meanwhile = len(storm.acknowledged) - len(before)
            storm.is_over.set()
        for each in raging:
            each.result()
    (file,) = tmp_path.glob("*.zip")

    restored = run(elsewhere, f"restore {file}", f"doctor --against {file}")

    print(f"{len(before)} acknowledged before, {meanwhile} meanwhile.", said, restored)
    assert meanwhile > 0
    assert said.endswith("Nothing differs.\n")
    assert restored.endswith("Nothing differs.\n")
    with EmbeddedStore(elsewhere.instance / "store") as store, MongoClient[dict[str, object]](store.uri) as client:
        database = client.get_default_database()
        stored = {document["_id"]: document for document in database["attempts"].find()}
        profiles = {document["_id"]: document["attempts"] for document in database["profiles"].find()}
    with site.stores.app_context():
        for attempt_id, seq, place, answer in before:
            events = {event["seq"]: event for event in stored[attempt_id]["events"]}
            read = item_at(attempt_document.read(stored[attempt_id]), place).body.read(answer)
            assert (events[seq]["position"], tuple(events[seq]["answer"])) == (place, read)
    assert all(stored[attempt_id]["finished_at"] for attempt_id in finished)
    assert sum(profiles.values()) == sum(document["finished_at"] is not None for document in stored.values())
