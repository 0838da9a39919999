"""What a process keeps of the attempts it changed last."""

from tests.builders import an_attempt_at
from tracker.storage.latest_attempts import MOST_LATEST, LatestAttempts


def test_what_was_kept_is_given_once() -> None:
    latest, attempt = LatestAttempts(), an_attempt_at(id="a")
    latest.keep(an_attempt_at(id="a", learner_id=2))
    latest.keep(attempt)

    assert [latest.take("a"), latest.take("a"), latest.take("b")] == [attempt, None, None]


def test_only_the_latest_are_kept() -> None:
    latest = LatestAttempts()
    for number in range(MOST_LATEST + 1):
        latest.keep(an_attempt_at(id=str(number)))
    latest.keep(an_attempt_at(id="1"))
    latest.keep(an_attempt_at(id="newest"))

    gone = [number for number in range(MOST_LATEST + 1) if latest.take(str(number)) is None]
    assert gone == [0, 2]
