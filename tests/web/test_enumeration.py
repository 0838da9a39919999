"""Nobody learns here who has an account: known and unknown addresses get the same answer, after the same time.

A rank test says whether times tell them apart: its AUC is the chance that of one known and one unknown address the
known one takes longer, 0.5 when time says nothing. By chance alone 200 pairs lie outside the band one time in twelve:
then three times as many are looked at, which are outside one time in 370, and decide. `make enumeration` looks at 200
pairs, `make test` at fewer.
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest
from flask import Flask
from scipy.stats import mannwhitneyu
from sqlalchemy import insert
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.conftest import NOON, Cast, add_person
from tests.thorough import IS_THOROUGH
from tests.web.forms import neutral
from tests.web.mailing import mailing
from tracker import clock
from tracker.config import Config
from tracker.services import cohorts, passwords
from tracker.storage import documents, sql
from tracker.storage.tables import User

PAIRS, BAND = (200, 0.05) if IS_THOROUGH else (25, 0.2)
CLOSER = 3
"""How many times as many pairs decide, where the first ones lie outside the band."""
PASSWORD = "four words make one"
DIFFERENT = {"X-Request-ID", "Set-Cookie"}
"""Headers whose values differ from one request to the next anyway."""

OWN = re.compile("[0-9a-f]{32}|<time.*?</time>")
"""What each cohort and invitation has of its own: its id, and when it was made."""

Ask = Callable[[str], TestResponse]

_hosts = count(1)


@pytest.fixture(params=["to a file", "by mail"])
def way(request: pytest.FixtureRequest, app: Flask, config: Config) -> Iterator[None]:
    """Both ways of mails: they leave the machine, or not."""
    if request.param == "to a file":
        yield
        return
    with mailing(app, config):
        yield


def sign_in(app: Flask) -> Ask:
    """Try to sign in with a wrong password."""
    return lambda email: visitor(app).post("/sign-in", {"email": email, "password": "not the password"})


def sign_up(app: Flask) -> Ask:
    """Ask for an account."""
    sent = {"name": "Eve", "zone": "UTC", "password": PASSWORD}
    return lambda email: visitor(app).post("/sign-up", {"email": email, **sent})


def reset(app: Flask) -> Ask:
    """Ask for a new password."""
    return lambda email: visitor(app).post("/password/forgotten", {"email": email})


def invite(app: Flask) -> Ask:
    """Invite somebody to a cohort by mail, as its lead, who has invited nobody for an hour."""
    lead_id = add_person("lead@example.org", "Lead")
    cohort = cohorts.create_cohort("Team", lead_id=lead_id, now=clock.now())

    def ask(email: str) -> TestResponse:
        documents.collection("counters").delete_many({})
        return Browser(app, lead_id).post(f"/cohorts/{cohort.public_id}/invitations/mailed", {"pasted": email})

    return ask


def visitor(app: Flask) -> Browser:
    """Somebody at a place where nobody was before, so that no limit is met."""
    number = next(_hosts)
    return Browser(app, None, address=f"10.0.{number // 256}.{number % 256}")


# what is answered


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("way_in", [sign_in, sign_up, reset])
def test_known_and_unknown_addresses_get_the_same_answer(
    cast: Cast, app: Flask, way_in: Callable[[Flask], Ask]
) -> None:
    ask = way_in(app)
    known, unknown = (comparable(ask(email), email) for email in ("ada@example.org", "eve@example.org"))
    assert known == unknown


@pytest.mark.usefixtures("way")
def test_the_page_after_signing_up_is_the_same_for_both(cast: Cast, app: Flask) -> None:
    pages = []
    for email in ("ada@example.org", "eve@example.org"):
        person = visitor(app)
        asked = person.post("/sign-up", {"email": email, "name": "Eve", "zone": "UTC", "password": PASSWORD})
        pages.append(comparable(person.get(asked.location or ""), email))
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("way")
def test_whoever_is_invited_by_mail_the_lead_sees_the_same(cast: Cast, app: Flask) -> None:
    lena = Browser(app, cast.lena)
    answers = []
    for email in ("omar@example.org", "nemo@example.org"):
        cohort = lena.post("/cohorts", {"name": "Team"}).location or ""
        sent = lena.post(f"{cohort}/invitations/mailed", {"pasted": email})
        page = lena.get(f"{cohort}/people")
        answers.append([OWN.sub("", part) for answer in (sent, page) for part in comparable(answer, email)])
    assert answers[0] == answers[1]


def test_a_pause_after_wrong_passwords_is_the_same_for_both(cast: Cast, app: Flask) -> None:
    answers = []
    for email in ("ada@example.org", "eve@example.org"):
        ask = sign_in(app)
        answers.append([comparable(ask(email), email) for _ in range(7)])
    assert answers[0] == answers[1]
    assert answers[0][-1][0] == "429 TOO MANY REQUESTS"


# how long it takes


def test_the_time_of_signing_in_does_not_tell_known_from_unknown_addresses(app: Flask) -> None:
    """Whichever way mails go: it writes none."""
    assert not is_told_apart(sign_in(app))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("way_in", [sign_up, reset, invite])
def test_time_does_not_tell_known_from_unknown_addresses(app: Flask, way_in: Callable[[Flask], Ask]) -> None:
    assert not is_told_apart(way_in(app))


def test_a_sign_in_that_checks_no_password_of_nobody_would_be_told_apart(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = passwords.is_right
    monkeypatch.setattr(passwords, "is_right", lambda known, typed: bool(known) and check(known, typed))
    assert is_outside(sign_in(app), PAIRS)


def is_told_apart(ask: Ask) -> bool:
    """Whether time tells known from unknown, also when looked at more closely; what was measured is printed."""
    return is_outside(ask, PAIRS) and is_outside(ask, CLOSER * PAIRS)


def is_outside(ask: Ask, pairs: int) -> bool:
    """Whether the times of so many pairs lie outside the band."""
    known, unknown = ([f"{kind}{pairs}-{number:03}@example.org" for number in range(pairs)] for kind in "ku")
    with sql.writing() as session:
        same = {"name": "Kay", "zone": "UTC", "password_hash": passwords.hash_of(PASSWORD), "created_at": NOON}
        people = [{"email": email, "is_admin": False, "is_author": False, **same} for email in known]
        session.execute(insert(User), people)
    area = auc(*measure(ask, known, unknown))
    print(f"AUC {area:.3f} ({pairs} pairs)")
    return abs(area - 0.5) > BAND


def measure(ask: Ask, known: Sequence[str], unknown: Sequence[str]) -> tuple[list[float], list[float]]:
    """How long each address takes, pair by pair, either of the two first."""
    times: tuple[list[float], list[float]] = ([], [])
    chance = random.Random(2026)
    ask("warm-up@example.org")
    for pair in zip(known, unknown, strict=True):
        for which in chance.sample((0, 1), 2):
            began = time.perf_counter()
            assert ask(pair[which]).status_code in {302, 401}
            times[which].append(time.perf_counter() - began)
    return times


def auc(known: Sequence[float], unknown: Sequence[float]) -> float:
    """The share of pairs of any known and any unknown address of which the known one took longer."""
    return float(mannwhitneyu(known, unknown).statistic / (len(known) * len(unknown)))


def comparable(answer: TestResponse, email: str) -> list[str]:
    """Status, headers and body, without what differs anyway."""
    headers = [f"{name}: {'' if name in DIFFERENT else value}" for name, value in sorted(answer.headers)]
    return [answer.status, *headers, neutral(answer.text).replace(email, "")]
