"""The sessions page: where one is signed in, and signing out there; how long each kind of person stays signed in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import travel

from tests.browser import Browser
from tests.conftest import NOON, Cast, add_admin
from tracker import clock
from tracker.services import accounts, cohorts

Browsers = Callable[[int | None], Browser]

PAGE = "/account/sessions"


def test_my_sessions_are_listed_this_browser_first_and_nobody_elses(cast: Cast, browser: Browsers) -> None:
    with travel(NOON, tick=False) as time:
        ada = browser(cast.ada)
        phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
        time.shift(timedelta(minutes=10))
        accounts.open_session(cast.ada, now=clock.now(), address="192.0.2.7", browser=phone)
        accounts.open_session(cast.omar, now=clock.now(), address="198.51.100.9")

        page = ada.get(PAGE).text

    assert page.index("(this browser)") < page.index("Safari on iPhone")
    assert "From 192.0.2.7." in page
    assert "198.51.100.9" not in page


def test_one_other_session_is_ended_and_all_others_are(cast: Cast, browser: Browsers) -> None:
    here, there, elsewhere = (browser(cast.ada) for _ in range(3))
    omar = browser(cast.omar)
    ends = re.findall(r'action="(/account/sessions/[0-9a-f]{32}/end)"', here.get(PAGE).text)
    assert len(ends) == 2
    assert omar.post(ends[0]).status_code == 404

    assert here.post(ends[0]).location == PAGE
    assert sorted(other.get("/account").status_code for other in (there, elsewhere)) == [200, 302]
    assert here.post(ends[0]).status_code == 404

    assert here.post(f"{PAGE}/end-others").location == PAGE
    assert [other.get("/account").status_code for other in (there, elsewhere)] == [302, 302]
    assert here.get("/account").status_code == 200
    assert omar.get("/account").status_code == 200


# how long they live


@pytest.mark.parametrize(("who", "minutes"), [("ada", 120), ("lena", 30), ("vera", 30), ("adam", 30)])
def test_who_sees_others_or_keys_is_signed_out_sooner(cast: Cast, browser: Browsers, who: str, minutes: int) -> None:
    cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    people = {"ada": cast.ada, "lena": cast.lena, "vera": cast.vera, "adam": add_admin("adam@example.org", "Adam")}
    with travel(NOON, tick=False) as time:
        used, unused = browser(people[who]), browser(people[who])
        unused.get("/account")
        for _ in range(2):
            time.shift(timedelta(minutes=minutes - 1))
            assert used.get("/account").status_code == 200
        assert unused.get("/account").status_code == 302
        time.shift(timedelta(minutes=minutes))
        assert used.get("/account").status_code == 302


def test_idle_sessions_are_not_listed(cast: Cast, browser: Browsers) -> None:
    with travel(NOON, tick=False) as time:
        accounts.open_session(cast.ada, now=clock.now(), address="192.0.2.7")
        time.shift(timedelta(hours=2))
        assert "192.0.2.7" not in browser(cast.ada).get(PAGE).text


# a change of role


def test_whoever_makes_a_first_cohort_goes_on_here_under_a_new_id_and_is_signed_out_elsewhere(
    cast: Cast, browser: Browsers
) -> None:
    here, there = browser(cast.ada), browser(cast.ada)
    for mine in (here, there):
        assert mine.get("/account").status_code == 200

    cohort = here.post("/cohorts", {"name": "Guild"}).location or ""

    assert here.get(cohort).status_code == 200
    assert there.get("/account").status_code == 302


def test_a_change_of_role_lengthens_no_session(cast: Cast, browser: Browsers) -> None:
    with travel(NOON, tick=False) as time:
        ada = browser(cast.ada)
        for _ in range(23):
            time.shift(timedelta(minutes=29))
            ada.get("/account")
        assert ada.post("/cohorts", {"name": "Guild"}).status_code == 302
        for _ in range(2):
            time.shift(timedelta(minutes=27))
            status = ada.get("/account").status_code

    assert status == 302


def test_whoever_leaves_their_last_cohort_as_a_lead_goes_on_here(cast: Cast, browser: Browsers) -> None:
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=NOON)
    cohorts.join(cohorts.invite(cohort.public_id, lead_id=cast.lena, now=NOON), user_id=cast.ada, now=NOON)
    lena = browser(cast.lena)
    lena.post(f"/cohorts/{cohort.public_id}/members/{cast.ada}/lead")

    assert lena.post(f"/cohorts/{cohort.public_id}/leave").location == "/cohorts"

    assert "You have left the cohort." in lena.get("/cohorts").text
