"""Two at the same moment: one wins, the other is told what is documented, and the attempt shows one story.

Each race is run many times against the real server, both sides let go by a barrier; `make races` runs each 1,000 times.
Any other status than the two that are named, a 5xx too, fails its test.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from tests.builders import an_attempt, item_at, right_answer, wrong_answer
from tests.launcher import eventually
from tests.reliability.site import Client, Reply, Sent, Site
from tests.thorough import IS_THOROUGH
from tracker import clock
from tracker.assessment.attempt import GRACE, Attempt
from tracker.assessment.item import Item
from tracker.assessment.time_ledger import TimeLedger
from tracker.scoring.profile import REVISION
from tracker.services import attempts, cohorts
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, late_answers, profiles

ROUNDS = 1000 if IS_THOROUGH else 60
LIMIT = timedelta(minutes=15)

Learners = list[tuple[int, Client]]
Rounds = list[tuple[Client, Attempt]]


@pytest.fixture(scope="module")
def learners(site: Site) -> Learners:
    """One learner a round."""
    return [site.learner(f"learner{number}") for number in range(ROUNDS)]


@dataclass(frozen=True)
class Lead:
    """Whoever may give the learners time, and where."""

    client: Client
    cohort_id: str

    def giving_time(self, attempt: Attempt) -> Callable[[], Reply]:
        """What gives an attempt five minutes."""
        path = f"/cohorts/{self.cohort_id}/members/{attempt.learner_id}/attempts/{attempt.id}/credits"
        return partial(self.client.post, path, {"minutes": "5", "reason": "An outage.", "credit": attempt.id})


@pytest.fixture(scope="module")
def lena(site: Site, learners: Learners) -> Lead:
    """Lena, whose cohort all the learners are in."""
    lena_id, _ = site.learner("lena")
    with site.stores.app_context():
        cohort = cohorts.create_cohort("Cohort", lead_id=lena_id, now=clock.now())
        token = cohorts.invite(cohort.public_id, lead_id=lena_id, now=clock.now())
        for learner_id, _client in learners:
            cohorts.join(token, user_id=learner_id, now=clock.now())
        return Lead(site.sign_in(lena_id), cohort.public_id)


@pytest.fixture
def fresh(site: Site) -> Iterator[None]:
    """No attempts, and an app context of the site's stores."""
    with site.stores.app_context():
        for name in ("attempts", "late_answers", "profiles"):
            documents.collection(name).delete_many({})
        yield


@pytest.fixture
def rounds(fresh: None, learners: Learners) -> Rounds:
    """One open attempt a round, nothing answered yet."""
    return [(client, an_open_attempt(learner_id, ends_at=clock.now() + LIMIT)) for learner_id, client in learners]


def test_two_starts_give_one_attempt(fresh: None, learners: Learners) -> None:
    path = "/assessments/language/attempts"
    for learner_id, client in learners:
        replies = at_once(client, (path, {}), (path, {}))
        (attempt,) = attempts.list_attempts(learner_id, now=clock.now())
        assert [(reply.status, reply.location) for reply in replies] == [(302, f"/attempts/{attempt.id}")] * 2
    tell("start", Counter({"both got the one attempt": len(learners)}))


def test_of_two_different_answers_one_is_saved_and_the_other_is_told_that_it_is_stale(rounds: Rounds) -> None:
    won: Counter[str] = Counter()
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
        won[["the first was saved", "the second was saved"][saved]] += 1
    tell("submit", won)


def test_the_same_answer_sent_twice_at_once_is_saved_once_and_acknowledged_twice(rounds: Rounds) -> None:
    for client, attempt in rounds:
        request = (f"/attempts/{attempt.id}/responses", an_answer(attempt, right_answer))
        replies = at_once(client, request, request)
        assert [(reply.status, reply.location) for reply in replies] == [(302, f"/attempts/{attempt.id}")] * 2
        assert [event.type for event in now_stored(attempt).events] == ["started", "answered"]
    tell("submit the same", Counter({"both were acknowledged, one was saved": len(rounds)}))


def test_two_finishes_finish_once_with_one_profile(rounds: Rounds) -> None:
    for client, attempt in rounds:
        path = f"/attempts/{attempt.id}"
        request = (f"{path}/finish", {"seq": "1"})
        replies = at_once(client, request, request)
        assert [(reply.status, reply.location) for reply in replies] == [(302, f"{path}/result")] * 2
        assert_finished_once(attempt, ["started", "finished"])
    tell("finish", Counter({"both got the one score": len(rounds)}))


def test_of_an_answer_and_a_finish_one_wins_and_the_other_is_told_why_not(rounds: Rounds) -> None:
    won: Counter[str] = Counter()
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
        won["the finish won" if finished.status == 302 else "the answer won"] += 1
    tell("submit or finish", won)


def test_of_time_given_and_a_close_one_wins_and_the_other_sees_what_it_did(
    fresh: None, learners: Learners, lena: Lead
) -> None:
    won: Counter[str] = Counter()
    for number, (learner_id, client) in enumerate(learners):
        attempt = an_open_attempt(learner_id, ends_at=about_to_close(number))
        path = f"/attempts/{attempt.id}"
        given, shown = let_go(lena.giving_time(attempt), partial(client.get, path))
        stored = now_stored(attempt)
        if given.status == 302:
            assert shown.status == 200
            assert_extended(attempt, ["started"])
        else:
            assert (given.status, shown.status in {200, 302}) == (409, True)
            assert (stored.finished_at, stored.time) == (attempt.deadline, attempt.time)
            assert_finished_once(attempt, ["started", "finished"])
        won["the credit won" if given.status == 302 else "the close won"] += 1
    tell("extend or close", won)


def test_of_time_given_and_a_last_answer_none_undoes_the_other(fresh: None, learners: Learners, lena: Lead) -> None:
    won: Counter[str] = Counter()
    for number, (learner_id, client) in enumerate(learners):
        attempt = an_open_attempt(learner_id, ends_at=about_to_close(number))
        request = partial(client.post, f"/attempts/{attempt.id}/responses", an_answer(attempt, right_answer))
        given, answered = let_go(lena.giving_time(attempt), request)
        events = ["started", "answered"] if answered.status == 302 else ["started"]
        if given.status == 302:
            assert answered.status == 302
            assert_extended(attempt, events)
        else:
            assert (given.status, answered.status in {302, 409}) == (409, True)
            assert_finished_once(attempt, [*events, "finished"])
            assert len(late_answers.list_of(attempt.id)) == (answered.status == 409)
        won[f"credit {given.status}, answer {answered.status}"] += 1
    tell("extend or submit", won)


def test_of_two_answers_to_one_adaptive_place_one_is_saved_with_what_follows(fresh: None, learners: Learners) -> None:
    for learner_id, client in learners:
        attempt = attempts.start_attempt("tools-adaptive", learner_id=learner_id, now=clock.now())
        path = f"/attempts/{attempt.id}"
        answers = [an_answer(attempt, choose) for choose in (right_answer, wrong_answer)]
        sides = [{name: value for name, value in answer.items() if name != "then"} for answer in answers]
        replies = at_once(client, *((f"{path}/responses", side) for side in sides))
        assert sorted(reply.status for reply in replies) == [302, 409]
        stored = now_stored(attempt)
        assert [event.type for event in stored.events] == ["started", "answered"]
        assert len(stored.form) == 2
    tell("submit, adaptive", Counter({"one was saved, with one more place": len(learners)}))


def at_once(client: Client, *requests: tuple[str, Sent]) -> list[Reply]:
    """Send forms at the same moment. Gives the replies in the same order."""
    return let_go(*(partial(client.post, path, sent) for path, sent in requests))


def let_go(*acts: Callable[[], Any]) -> list[Any]:
    """Do these at the same moment. Gives what came of each."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def about_to_close(number: int) -> datetime:
    """A deadline whose grace ends within a few milliseconds, in each round at another moment of a request's way."""
    return clock.now() - GRACE + timedelta(milliseconds=number % 32)


def tell(race: str, won: Mapping[str, int]) -> None:
    """Say who won how often; pytest shows it with -s."""
    outcomes = ", ".join(f"{count} times {outcome}" for outcome, count in won.items())
    print(f"{race}: {sum(won.values())} rounds, {outcomes}")


def an_open_attempt(learner_id: int, *, ends_at: datetime) -> Attempt:
    """A stored attempt, nothing answered yet, whose time is over then."""
    attempt = an_attempt(
        id=f"{learner_id:032}", learner_id=learner_id, started_at=ends_at - LIMIT, time=TimeLedger(LIMIT)
    )
    assert stored_attempts.add(attempt)
    return now_stored(attempt)


def an_answer(attempt: Attempt, choose: Callable[[Item], list[str]]) -> dict[str, Any]:
    """What the first place's form sends."""
    version = attempt.form[0].item_version
    return {"seq": "1", "position": "0", "item": version, "answer": choose(item_at(attempt, 0)), "then": "1"}


def now_stored(attempt: Attempt) -> Attempt:
    """The attempt as it is stored now."""
    return stored_attempts.get(attempt.id, learner_id=attempt.learner_id)


def assert_extended(attempt: Attempt, events: list[str]) -> None:
    """The attempt has these events, is open, and has five minutes more, once."""
    stored = now_stored(attempt)
    assert [event.type for event in stored.events] == events
    assert [credit.length for credit in stored.time.credits] == [timedelta(minutes=5)]
    assert (stored.finished_at, stored.deadline) == (None, attempt.deadline + timedelta(minutes=5))


def assert_finished_once(attempt: Attempt, events: list[str]) -> None:
    """The attempt has these events, and the profile rests on it alone, as soon as whoever closed it has kept that."""
    stored = now_stored(attempt)
    assert [event.type for event in stored.events] == events
    assert stored.is_finished
    assert len(stored.responses) == (1 if stored.ran_out else len(stored.form))  # the others were not reached
    assert eventually(lambda: profiles.find(attempt.learner_id, revision=REVISION) is not None)
    profile = profiles.find(attempt.learner_id, revision=REVISION)
    assert profile
    assert (profile.attempts, profile.last_finished_at) == (1, stored.finished_at)
