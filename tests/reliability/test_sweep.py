"""The sweep of a served group: it closes what nobody comes back to, dies and is replaced, and makes outages good."""

import secrets
from datetime import datetime, timedelta

import psutil

from tests.builders import an_attempt
from tests.launcher import eventually
from tests.reliability.site import Site
from tracker import clock
from tracker.assessment.attempt import GRACE, Attempt
from tracker.services import items
from tracker.storage import attempts, heartbeats

LIMIT = timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def test_an_attempt_that_nobody_comes_back_to_is_closed_at_its_deadline(site: Site) -> None:
    attempt = a_lonely_attempt(site, "closed", ends_at=clock.now() - GRACE + SECOND)

    assert eventually(lambda: stored(site, attempt).is_finished)

    assert stored(site, attempt).finished_at == attempt.deadline


def test_a_killed_sweep_is_replaced_and_closes_what_its_forerunner_did_not(site: Site) -> None:
    assert eventually(lambda: is_swept(site))
    first = sweeper(site)
    first.kill()
    attempt = a_lonely_attempt(site, "replaced", ends_at=clock.now() - GRACE + SECOND)

    assert eventually(lambda: stored(site, attempt).is_finished, seconds=40)

    assert stored(site, attempt).finished_at == stored(site, attempt).deadline
    assert sweeper(site).pid != first.pid


def test_a_silence_of_the_service_is_given_back_before_anything_is_closed(site: Site) -> None:
    assert eventually(lambda: is_swept(site))
    attempt = a_lonely_attempt(site, "silence", ends_at=clock.now() + timedelta(minutes=5))
    sweeping = sweeper(site)
    sweeping.suspend()
    with site.stores.app_context():
        heartbeats.beat(clock.now() - timedelta(minutes=3))
    sweeping.resume()

    assert eventually(lambda: bool(stored(site, attempt).time.credits))

    assert stored(site, attempt).deadline > attempt.deadline + timedelta(minutes=3)


def a_lonely_attempt(site: Site, name: str, *, ends_at: datetime) -> Attempt:
    """A new learner's open attempt, whose time is over then."""
    learner_id, _ = site.learner(name)
    with site.stores.app_context():
        attempt = an_attempt(id=secrets.token_hex(16), learner_id=learner_id, started_at=ends_at - LIMIT)
        items.keep_served(attempt.form)
        assert attempts.add(attempt)
        return attempt


def stored(site: Site, attempt: Attempt) -> Attempt:
    with site.stores.app_context():
        return attempts.get_of_anybody(attempt.id)


def is_swept(site: Site) -> bool:
    """Whether the service said within the last seconds that it is up."""
    with site.stores.app_context():
        last = heartbeats.find_last()
        return last is not None and clock.now() - last < 4 * SECOND


def sweeper(site: Site) -> psutil.Process:
    site.launcher.look_around()
    return site.launcher.member("sweep")
