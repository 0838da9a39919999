"""Cohorts and invitations over HTTP: make, invite, join, read, export, leave, take out."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import travel

from tests.browser import Browser
from tests.builders import take
from tests.conftest import Cast
from tests.web.stored import everything
from tracker import clock

Browsers = Callable[[int | None], Browser]
CONSENT = {"sees": "levels", "consent": "y"}


@pytest.fixture
def lena(cast: Cast, browser: Browsers) -> Browser:
    """Lena's browser."""
    return browser(cast.lena)


@pytest.fixture
def cohort(lena: Browser) -> str:
    """Where Lena's new cohort is."""
    return lena.post("/cohorts", {"name": "Team & <Co>"}).location or ""


@pytest.fixture
def link(lena: Browser, cohort: str) -> str:
    """The path of an invitation to Lena's cohort."""
    return invite(lena, cohort)


@pytest.fixture
def ada(cast: Cast, browser: Browsers, link: str) -> Browser:
    """Ada's browser, after she has joined Lena's cohort."""
    ada = browser(cast.ada)
    ada.post(f"{link}/join", CONSENT)
    return ada


def invite(lead: Browser, cohort: str) -> str:
    """Make an invitation as the lead. Returns: its path."""
    lead.post(f"{cohort}/invitations", {"days": "14"})
    found = re.search(r'value="http://127.0.0.1:8000(/invitations/[^"]+)"', lead.get(f"{cohort}/people").text)
    assert found
    return found[1]


def test_an_invitation_link_is_shown_once_to_the_lead_and_leads_to_the_cohorts_page(
    lena: Browser, cohort: str, link: str, cast: Cast, browser: Browsers
) -> None:
    assert link not in lena.get(f"{cohort}/people").text
    assert len(link.rpartition("/")[2]) >= 43
    assert link.rpartition("/")[2] not in str(everything())
    page = browser(cast.ada).get(link).text
    assert "Team &amp; &lt;Co&gt;" in page


def test_a_visitor_sees_who_invites_and_comes_back_after_signing_in(link: str, browser: Browsers) -> None:
    visitor = browser(None)
    page = visitor.get(link)
    assert page.status_code == 200
    assert f'href="/sign-up?next={link}"' in page.text
    sent = {"email": "eve@example.org", "name": "Eve", "zone": "UTC", "password": "four words make one"}
    sign_in = visitor.post(f"/sign-up?next={link}", sent).location
    assert sign_in == f"/sign-in?next={link}"
    assert visitor.post(sign_in, sent).location == link


def test_who_joins_sees_the_cohort_and_is_seen_by_its_lead(
    lena: Browser, cohort: str, link: str, cast: Cast, browser: Browsers
) -> None:
    ada = browser(cast.ada)
    assert ada.get(cohort).status_code == 404
    assert ada.post(f"{link}/join", CONSENT).location == cohort
    assert ada.get(cohort).status_code == 200
    assert cohort in ada.get("/cohorts").text
    assert ">Ada<" in lena.get(cohort).text


def test_nobody_joins_without_consent(cohort: str, link: str, cast: Cast, browser: Browsers) -> None:
    ada = browser(cast.ada)
    before = everything()
    assert ada.post(f"{link}/join").status_code == 400
    assert ada.get(cohort).status_code == 404
    assert everything() == before


def test_joining_twice_is_joining_once(ada: Browser, cohort: str, link: str) -> None:
    before = everything()
    assert ada.post(f"{link}/join", CONSENT).location == cohort
    assert everything() == before


def test_a_lead_who_opens_their_own_link_stays_the_lead(lena: Browser, cohort: str, link: str) -> None:
    before = everything()
    assert lena.post(f"{link}/join", CONSENT).location == cohort
    assert everything() == before


def test_a_revoked_link_works_no_more_and_the_others_do(
    lena: Browser, cohort: str, link: str, cast: Cast, browser: Browsers
) -> None:
    revoke = re.findall(r'action="([^"]+/revoke)"', lena.get(f"{cohort}/people").text)
    kept = invite(lena, cohort)
    assert lena.post(revoke[0]).location == f"{cohort}/people"

    omar = browser(cast.omar)
    assert omar.get(link).status_code == 404
    assert omar.post(f"{link}/join", CONSENT).status_code == 404
    assert omar.get(cohort).status_code == 404
    assert omar.post(f"{kept}/join", CONSENT).location == cohort


def test_an_old_link_works_no_more(cohort: str, link: str, cast: Cast, browser: Browsers) -> None:
    with travel(clock.now() + timedelta(days=14, seconds=1)):
        omar = browser(cast.omar)
        assert omar.get(link).status_code == 404
        assert omar.post(f"{link}/join", CONSENT).status_code == 404
        assert omar.get(cohort).status_code == 404


def test_a_lead_sees_a_members_scores_and_never_a_single_answer(lena: Browser, ada: Browser, cohort: str) -> None:
    path = ada.post("/assessments/language/attempts").location
    ada.post(f"{path}/finish", {"seq": "1"})
    assert lena.get(path).status_code == 404
    assert lena.get(f"{path}/result").status_code == 404
    assert path not in lena.get(cohort).text


def test_the_member_sees_the_same_cells_as_the_lead(lena: Browser, ada: Browser, cohort: str, cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=clock.now())
    cells = re.compile(r'<span class="cell level-(\w+)">(.*?)</span>', re.DOTALL)
    seen_by_lead, seen_by_ada = (cells.findall(browser.get(cohort).text) for browser in (lena, ada))
    assert seen_by_ada[: len(seen_by_lead)] == seen_by_lead
    levels = [level for level, _words in seen_by_lead]
    assert (len(levels), levels.count("unknown")) == (5, 4)
    assert not re.search(r"\d\d", str([words for _level, words in seen_by_lead]))  # levels are all that was agreed to


def test_who_has_left_is_not_seen_any_more(lena: Browser, ada: Browser, cohort: str) -> None:
    assert ada.post(f"{cohort}/leave").location == "/cohorts"
    assert ada.get(cohort).status_code == 404
    assert ">Ada<" not in lena.get(cohort).text


def test_who_was_taken_out_is_not_seen_any_more(lena: Browser, ada: Browser, cohort: str, cast: Cast) -> None:
    assert lena.post(f"{cohort}/members/{cast.ada}/remove").location == f"{cohort}/people"
    assert ada.get(cohort).status_code == 404
    assert ">Ada<" not in lena.get(cohort).text


@pytest.mark.parametrize("member_id", ["0", "987654321", str(2**63), str(10**40)])
def test_taking_out_somebody_who_is_not_in_changes_nothing(lena: Browser, cohort: str, member_id: str) -> None:
    before = everything()
    assert lena.post(f"{cohort}/members/{member_id}/remove").status_code in {302, 404}
    assert everything() == before


def test_a_lead_alone_can_neither_leave_nor_be_taken_out(lena: Browser, cohort: str, cast: Cast) -> None:
    before = everything()
    assert lena.post(f"{cohort}/leave").status_code == 409
    lena.post(f"{cohort}/members/{cast.lena}/remove")
    assert everything() == before
    assert lena.get(cohort).status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "a" * 81, "two\nlines"])
def test_a_cohort_needs_a_name_of_one_line(cast: Cast, lena: Browser, name: str) -> None:
    before = everything()
    refused = lena.post("/cohorts", {"name": name})
    assert refused.status_code == 400
    assert 'id="name-error"' in refused.text
    assert everything() == before
