"""Two at the same moment: one wins, the other is told what is documented, and the attempt shows one story.

Each race is run many times against the real server, both sides let go by a barrier.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from tests.builders import an_attempt, item_at, right_answer, wrong_answer
from tests.reliability.site import Client, Reply, Sent, Site
from tracker import clock
from tracker.assessment.attempt import Attempt
from tracker.assessment.item import Item
from tracker.scoring.profile import REVISION
from tracker.services import attempts
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, profiles

ROUNDS = 200

Learners = list[tuple[int, Client]]
Rounds = list[tuple[Client, Attempt]]


@pytest.fixture(scope="module")
def learners(site: Site) -> Learners:
    """One learner a round."""
    return [site.learner(f"learner{number}") for number in range(ROUNDS)]


@pytest.fixture
def fresh(site: Site) -> Iterator[None]:
    """No attempts, and an app context of the site's stores."""
    with site.stores.app_context():
        for name in ("attempts", "profiles"):
            documents.collection(name).delete_many({})
        yield


@pytest.fixture
def rounds(fresh: None, learners: Learners) -> Rounds:
    """One open attempt a round, nothing answered yet."""
    now = clock.now()
    times = {"started_at": now, "deadline": now + timedelta(minutes=15)}
    started = [
        (client, an_attempt(id=f"{learner_id:032}", learner_id=learner_id, **times)) for learner_id, client in learners
    ]
    for _client, attempt in started:
        assert stored_attempts.add(attempt)
    return started


def test_two_starts_give_one_attempt(fresh: None, learners: Learners) -> None:
    path = "/assessments/language/attempts"
    for learner_id, client in learners:
        replies = at_once(client, (path, {}), (path, {}))
        (attempt,) = attempts.list_attempts(learner_id, now=clock.now())
        assert [(reply.status, reply.location) for reply in replies] == [(302, f"/attempts/{attempt.id}")] * 2


def test_of_two_different_answers_one_is_saved_and_the_other_is_told_that_it_is_stale(rounds: Rounds) -> None:
    for client, attempt in rounds:
        path = f"/attempts/{attempt.id}"
        answers = [an_answer(attempt, right_answer), an_answer(attempt, wrong_answer)]
        replies = at_once(client, *((f"{path}/responses", answer) for answer in answers))
        assert sorted(reply.status for reply in replies) == [302, 409]
        saved, refused = sorted(range(2), key=lambda side: replies[side].status)
        assert replies[saved].location == path
        assert 'data-seq="2"' in replies[refused].text
        stored = now_stored(attempt)
        assert [event.type for event in stored.events] == ["started", "answered"]
        assert stored.answers[0] == item_at(attempt, 0).body.read(answers[saved]["answer"])


def test_the_same_answer_sent_twice_at_once_is_saved_once_and_acknowledged_twice(rounds: Rounds) -> None:
    for client, attempt in rounds:
        request = (f"/attempts/{attempt.id}/responses", an_answer(attempt, right_answer))
        replies = at_once(client, request, request)
        assert [(reply.status, reply.location) for reply in replies] == [(302, f"/attempts/{attempt.id}")] * 2
        assert [event.type for event in now_stored(attempt).events] == ["started", "answered"]


def test_two_finishes_finish_once_with_one_profile(rounds: Rounds) -> None:
    for client, attempt in rounds:
        path = f"/attempts/{attempt.id}"
        request = (f"{path}/finish", {"seq": "1"})
        replies = at_once(client, request, request)
        assert [(reply.status, reply.location) for reply in replies] == [(302, f"{path}/result")] * 2
        assert_finished_once(attempt, ["started", "finished"])


def test_of_an_answer_and_a_finish_one_wins_and_the_other_is_told_why_not(rounds: Rounds) -> None:
    for client, attempt in rounds:
        path = f"/attempts/{attempt.id}"
        answered, finished = at_once(
            client, (f"{path}/responses", an_answer(attempt, right_answer)), (f"{path}/finish", {"seq": "1"})
        )
        assert sorted([answered.status, finished.status]) == [302, 409]
        if finished.status == 302:
            assert f"{path}/result" in answered.text
            assert_finished_once(attempt, ["started", "finished"])
        else:
            assert 'data-seq="2"' in finished.text
            assert [event.type for event in now_stored(attempt).events] == ["started", "answered"]


def test_of_two_answers_to_one_adaptive_place_one_is_saved_with_what_follows(fresh: None, learners: Learners) -> None:
    for learner_id, client in learners[:50]:
        attempt = attempts.start_attempt("tools-adaptive", learner_id=learner_id, now=clock.now())
        path = f"/attempts/{attempt.id}"
        answers = [an_answer(attempt, choose) for choose in (right_answer, wrong_answer)]
        sides = [{name: value for name, value in answer.items() if name != "then"} for answer in answers]
        replies = at_once(client, *((f"{path}/responses", side) for side in sides))
        assert sorted(reply.status for reply in replies) == [302, 409]
        stored = now_stored(attempt)
        assert [event.type for event in stored.events] == ["started", "answered"]
        assert len(stored.form) == 2


def at_once(client: Client, *requests: tuple[str, Sent]) -> list[Reply]:
    """Send forms at the same moment. Gives the replies in the same order."""
    barrier = Barrier(len(requests))

    def send(request: tuple[str, Sent]) -> Reply:
        barrier.wait(10)
        return client.post(*request)

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))


def an_answer(attempt: Attempt, choose: Callable[[Item], list[str]]) -> dict[str, Any]:
    """What the first place's form sends."""
    version = attempt.form[0].item_version
    return {"seq": "1", "position": "0", "item": version, "answer": choose(item_at(attempt, 0)), "then": "1"}


def now_stored(attempt: Attempt) -> Attempt:
    """The attempt as it is stored now."""
    return stored_attempts.get(attempt.id, learner_id=attempt.learner_id)


def assert_finished_once(attempt: Attempt, events: list[str]) -> None:
    """The attempt has these events, and the profile rests on it alone."""
    stored = now_stored(attempt)
    assert [event.type for event in stored.events] == events
    assert stored.is_finished
    assert len(stored.responses) == len(stored.form)
    profile = profiles.find(attempt.learner_id, revision=REVISION)
    assert profile
    assert (profile.attempts, profile.last_finished_at) == (1, stored.finished_at)
