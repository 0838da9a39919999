"""Processes killed in mid-quiz, as by a crash: what was acknowledged is there exactly once, and all comes up again."""

import contextlib
import http.client
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil
import pytest

from tests.builders import item_at
from tests.launcher import eventually
from tests.reliability.site import Client, Reply, Sent, Site
from tests.web.forms import Form, form, forms
from tracker.assessment.attempt import REVIEW, Attempt
from tracker.assessment.item_types import Answer
from tracker.scoring.profile import REVISION
from tracker.storage import attempts, documents, profiles

ITEMS = 25
"""How many the placement has, says question_bank/assessments.toml."""
PATIENCE_SECONDS = 40
SETTLED_SECONDS = 8
"""Granian gives up for good when a worker dies within 5.5 seconds of its start; psutil knows a start to the second."""
EVE = {"email": "eve@example.org", "name": "Eve", "zone": "UTC", "password": "four words make one"}


@dataclass
class Patient:
    """Somebody who sends everything again until it is answered, and remembers what was acknowledged."""

    client: Client
    failures: int = 0
    acknowledged: list[tuple[int, int, list[str]]] = field(default_factory=list)
    """Of each answer: the attempt's number before it, its place, and what was sent."""

    def get(self, path: str) -> Reply:
        """Ask for a page until it comes."""
        return self._insist(lambda: self.client.get(path))

    def post(self, path: str, sent: Sent) -> Reply:
        """Send a form until it is taken."""
        return self._insist(lambda: self.client.post(path, sent))

    def answer(self, place: Form, chance: random.Random) -> None:
        """Answer an item somehow; into a box goes a number that is nowhere right."""
        answer = some_answer(place, chance)
        reply = self.post(place.action, place.sent(("then", str(REVIEW)), answer=answer))
        assert reply.status == 302, reply
        seq, position = (int(place.values[name][0]) for name in ("seq", "position"))
        self.acknowledged.append((seq, position, answer))

    def _insist(self, ask: Callable[[], Reply]) -> Reply:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                reply = ask()
                if reply.status != 503:
                    assert reply.status < 500, reply
                    return reply
            except (OSError, http.client.HTTPException):
                pass
            self.failures += 1
            time.sleep(0.02)
        raise AssertionError("the site did not come up again")


@pytest.fixture
def taking(site: Site) -> tuple[Patient, str]:
    """Eve, who has signed up and started the placement, and where her attempt is."""
    eve = Patient(site.visitor())
    sign_up = form(eve.get("/sign-up").text, "/sign-up")
    assert eve.post(sign_up.action, {**sign_up.sent(), **EVE}).location == "/sign-in"
    sign_in = form(eve.get("/sign-in").text, "/sign-in")
    assert eve.post(sign_in.action, {**sign_in.sent(), **EVE}).location == "/"
    start = form(eve.get("/assessments/placement").text, "/attempts")
    return eve, eve.post(start.action, start.sent()).location


def test_nothing_acknowledged_is_lost_or_doubled_when_workers_and_the_store_are_killed(
    site: Site, taking: tuple[Patient, str]
) -> None:
    eve, path = taking
    chance = random.Random(2026)
    strikes = iter([kill_all_workers, kill_store, kill_store, kill_a_worker, kill_store, kill_a_worker])
    with ThreadPoolExecutor(1) as killer:
        for position in range(ITEMS):
            eve.answer(place_of(eve, path, position), chance)
            if position % 4 == 2:
                strike = killer.submit(next(strikes), site, chance.uniform(0, 0.05))
                while not strike.done():  # many change their mind at that moment
                    eve.answer(place_of(eve, path, chance.randrange(ITEMS)), chance)
                strike.result()

    assert next(strikes, None) is None
    assert eventually(lambda: len(workers(site)) == 2 and len(stores(site)) == 1)
    assert eve.failures > 0
    answers = {position: answer for _seq, position, answer in eve.acknowledged}
    places = {position: place_of(eve, path, position) for position in range(ITEMS)}
    typed = {position for position, place in places.items() if place.boxes.get("answer") == [[]]}
    result = finish(eve, path).text
    assert {answer[0] for _seq, position, answer in eve.acknowledged if position in typed and answer[0] in result} == {
        answers[position][0] for position in typed
    }
    with site.stores.app_context():
        attempt = stored(path)
        shown = {position: place.values.get("answer", []) for position, place in places.items()}
        assert {position: read(attempt, position, answer) for position, answer in shown.items()} == {
            position: read(attempt, position, answer) for position, answer in answers.items()
        }
        saved = [(event.seq - 1, event.position, event.answer) for event in attempt.events if event.type == "answered"]
        assert saved == [(seq, position, read(attempt, position, answer)) for seq, position, answer in eve.acknowledged]
        assert [event.seq for event in attempt.events] == list(range(1, attempt.seq + 1))
        assert [event.type for event in attempt.events].count("finished") == 1
        assert {response.item_id: response.answer for response in attempt.responses} == {
            attempt.form[position].item_id: read(attempt, position, answer) for position, answer in answers.items()
        }
        profile = profiles.find(attempt.learner_id, revision=REVISION)
        assert profile
        assert profile.attempts == 1


def some_answer(place: Form, chance: random.Random) -> list[str]:
    """What a form can send: one choice, lines in the places they are shown in, or something in every box."""
    if place.choices:
        return [chance.choice(place.choices["answer"])]
    boxes = place.boxes["answer"]
    if any(":" in value for offered in boxes for value in offered):
        return [offered[number] for number, offered in enumerate(boxes, start=1)]
    return [chance.choice(offered[1:]) if offered else str(chance.randrange(10**8, 10**9)) for offered in boxes]


def place_of(eve: Patient, path: str, position: int) -> Form:
    """The form of one place, after going there."""
    page = eve.get(path).text
    shown = next(each for each in forms(page) if each.action.startswith(path)).values
    if shown.get("position") != [str(position)]:
        move: Sent = {"csrf_token": shown["csrf_token"], "seq": shown["seq"], "then": str(position)}
        assert eve.post(f"{path}/moves", move).location == path
        page = eve.get(path).text
    return form(page, f"{path}/responses")


def finish(eve: Patient, path: str) -> Reply:
    """Finish the attempt. Gives the result page."""
    shown = place_of(eve, path, 0).values
    sent: Sent = {"csrf_token": shown["csrf_token"], "seq": shown["seq"]}
    return eve.get(eve.post(f"{path}/finish", sent).location)


def stored(path: str) -> Attempt:
    """The attempt as its document says."""
    attempt_id = path.rpartition("/")[2]
    (document,) = documents.collection("attempts").find({}, {"learner_id": 1})
    assert document["_id"] == attempt_id
    return attempts.get(attempt_id, learner_id=document["learner_id"])


def read(attempt: Attempt, position: int, answer: list[str]) -> Answer:
    """What is stored when this is sent."""
    return item_at(attempt, position).body.read(answer)


def kill_store(site: Site, after: float) -> None:
    """End the document store as a crash would, once it runs."""
    assert eventually(lambda: bool(stores(site)))
    time.sleep(after)
    stores(site)[0].kill()


def kill_a_worker(site: Site, after: float) -> None:
    """End the older worker as a crash would, once both run and it has settled."""
    assert eventually(lambda: len(settled(workers(site))) >= 1 and len(workers(site)) == 2)
    time.sleep(after)
    settled(workers(site))[0].kill()


def kill_all_workers(site: Site, after: float) -> None:
    """End both workers as a crash would, once both run and have settled."""
    assert eventually(lambda: len(settled(workers(site))) == 2)
    time.sleep(after)
    for worker in workers(site):
        worker.kill()


def settled(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have run for a while, oldest first."""
    old = [process for process in processes if time.time() - process.create_time() > SETTLED_SECONDS]
    return sorted(old, key=psutil.Process.create_time)


def stores(site: Site) -> list[psutil.Process]:
    """The document store, when it runs."""
    return children(psutil.Process(site.launcher.processes[-1].pid), "secantusd-py")


def workers(site: Site) -> list[psutil.Process]:
    """The web server's workers that run."""
    (server,) = children(psutil.Process(site.launcher.processes[-1].pid), "granian")
    return children(server, "granian")


def children(parent: psutil.Process, word: str) -> list[psutil.Process]:
    """The live children of a process with this word on their command line."""
    found = []
    for child in parent.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in " ".join(child.cmdline()):
                found.append(child)
    return found
