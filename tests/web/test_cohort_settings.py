"""A cohort's settings and what its members agree to, over HTTP."""

import re
from collections.abc import Callable

import pytest

from tests.browser import Browser
from tests.conftest import Cast
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.sees import Sees
from tracker.services import agreements, cohorts
from tracker.storage import sql

Browsers = Callable[[int | None], Browser]
SETTINGS = {"name": "Guild", "sees": "levels", "joining": "open"}


@pytest.fixture
def lena(cast: Cast, cohort: str, browser: Browsers) -> Browser:
    """Lena's browser."""
    return browser(cast.lena)


@pytest.fixture
def ada(cast: Cast, browser: Browsers) -> Browser:
    """Ada's browser."""
    return browser(cast.ada)


@pytest.fixture
def token(cast: Cast) -> str:
    """An invitation to Lena's cohort, by which Ada has joined it."""
    cohort = cohorts.create_cohort("Guild", lead_id=cast.lena, now=clock.now())
    token = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=clock.now())
    cohorts.join(token, user_id=cast.ada, now=clock.now())
    return token


@pytest.fixture
def cohort(token: str, cast: Cast) -> str:
    """Where it is."""
    return f"/cohorts/{cohorts.list_memberships(cast.ada)[0].cohort.public_id}"


def seen(cohort: str, member_id: int) -> Sees:
    """What leads see of a member now."""
    sql.session().rollback()
    sql.session().expire_all()
    return agreements.open_agreement(cohort.rpartition("/")[2], member_id=member_id).seen


def words(page: str) -> str:
    """A page with its white space as it is read."""
    return re.sub(r"\s+", " ", page)


def offered(page: str) -> list[tuple[str, bool]]:
    """The levels that can be chosen, and whether each is."""
    return [(value, "checked" in rest) for value, rest in re.findall(r'name="agreed_to" value="(\w+)"([^>]*)>', page)]


def test_settings_are_shown_as_they_were_saved(lena: Browser, cohort: str) -> None:
    changed = {"name": "Guild <2>", "sees": "answers", "joining": "approved"}

    assert lena.post(f"{cohort}/settings", changed).location == f"{cohort}/settings"

    page = lena.get(f"{cohort}/settings").text
    assert "Members who agreed to less are asked" in page
    assert 'value="Guild &lt;2&gt;"' in page
    chosen = re.findall(r'value="(\w+)"\s+aria-describedby="[^"]+" checked', page)
    assert chosen == ["answers", "approved"]
    assert "1 of 1 member agreed to it." in page
    assert "0 of 1 member agreed to it." in page


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "two\nlines"}, {"sees": "all"}, {"sees": ""}, {"joining": "closed"}]
)
def test_settings_that_are_none_are_refused(lena: Browser, cohort: str, wrong: dict[str, str]) -> None:
    before = everything()

    refused = lena.post(f"{cohort}/settings", SETTINGS | wrong)

    assert refused.status_code == 400
    assert 'class="field-error"' in refused.text
    assert everything() == before


def test_when_leads_ask_for_more_a_member_is_asked_and_decides(
    lena: Browser, ada: Browser, cohort: str, cast: Cast
) -> None:
    asked = "The leads of Guild ask to see scores of yours."
    pages = ("/", "/cohorts", cohort)
    assert [asked in words(ada.get(page).text) for page in pages] == [False] * 3
    lena.post(f"{cohort}/settings", SETTINGS | {"sees": "scores"})

    assert [asked in words(ada.get(page).text) for page in pages] == [True] * 3
    assert "ask to see" not in lena.get("/").text
    assert offered(ada.get(f"{cohort}/agreement").text) == [("levels", True), ("scores", False)]
    assert seen(cohort, cast.ada) is Sees.LEVELS

    assert ada.post(f"{cohort}/agreement", {"agreed_to": "scores"}).location == cohort
    assert seen(cohort, cast.ada) is Sees.SCORES
    assert [asked in words(ada.get(page).text) for page in pages] == [False] * 3

    ada.post(f"{cohort}/agreement", {"agreed_to": "levels", "may_mentor": "y"})
    assert seen(cohort, cast.ada) is Sees.LEVELS
    assert re.search(r'name="may_mentor" value="y" checked', ada.get(f"{cohort}/agreement").text)


@pytest.mark.parametrize(
    ("sees", "said"),
    [("levels", "There is no less but to leave the cohort."), ("scores", "It is yours to decide")],
)
def test_the_agreement_and_the_members_own_page_say_all_that_the_invitation_says(
    lena: Browser, ada: Browser, cohort: str, token: str, browser: Browsers, sees: str, said: str
) -> None:
    lena.post(f"{cohort}/settings", SETTINGS | {"sees": sees})
    facts = re.compile(r'<dl class="facts">.*?</dl>', re.DOTALL)

    invited = [words(one) for one in facts.findall(browser(None).get(f"/invitations/{token}").text)]
    agreement, mirror = (words(ada.get(f"{cohort}{page}").text) for page in ("/agreement", ""))

    assert len(invited) == 1
    assert facts.findall(agreement) == invited
    assert (facts.findall(mirror) == invited) is (sees == "levels")  # Ada has agreed to levels so far
    assert said in agreement


@pytest.mark.parametrize("sent", [{}, {"agreed_to": "all"}, {"agreed_to": "answers"}])
def test_what_nobody_asked_for_is_not_agreed_to(ada: Browser, cohort: str, sent: dict[str, str]) -> None:
    before = everything()
    assert ada.post(f"{cohort}/agreement", sent).status_code == 400
    assert everything() == before


@pytest.mark.parametrize(
    ("sees", "said"),
    [
        ("levels", "your level, in words"),
        ("scores", "your scores as numbers"),
        ("answers", "What you answered in finished quizzes"),
    ],
)
def test_an_invitation_says_what_the_leads_will_see(
    lena: Browser, cohort: str, token: str, browser: Browsers, sees: str, said: str
) -> None:
    lena.post(f"{cohort}/settings", SETTINGS | {"sees": sees})

    page = browser(None).get(f"/invitations/{token}").text

    assert "your level, in words" in page
    assert ("your scores as numbers" in page) is (sees != "levels")
    assert ("What you answered in finished quizzes" in page) is (sees == "answers")


def test_who_joins_agrees_to_what_the_page_said_even_if_the_leads_ask_for_more_by_then(
    lena: Browser, cohort: str, token: str, cast: Cast, browser: Browsers
) -> None:
    omar = browser(cast.omar)
    (said,) = re.findall(r'name="sees" value="(\w+)"', omar.get(f"/invitations/{token}").text)
    lena.post(f"{cohort}/settings", SETTINGS | {"sees": "answers"})

    omar.post(f"/invitations/{token}/join", {"sees": said, "consent": "y"})

    assert seen(cohort, cast.omar) is Sees.LEVELS


@pytest.mark.parametrize("sees", ["", "all"])
def test_nobody_joins_agreeing_to_what_no_page_said(
    cohort: str, token: str, cast: Cast, browser: Browsers, sees: str
) -> None:
    omar = browser(cast.omar)
    before = everything()
    assert omar.post(f"/invitations/{token}/join", {"sees": sees, "consent": "y"}).status_code == 400
    assert everything() == before


def test_where_leads_let_people_in_the_page_says_so_and_joining_is_asking(
    lena: Browser, cohort: str, token: str, cast: Cast, browser: Browsers
) -> None:
    lena.post(f"{cohort}/settings", SETTINGS | {"joining": "approved"})
    omar = browser(cast.omar)
    assert "Ask to join Guild" in omar.get(f"/invitations/{token}").text

    asked = omar.post(f"/invitations/{token}/join", {"sees": "levels", "consent": "y"})

    assert asked.location == "/cohorts"
    assert "You have asked to join Guild." in omar.get("/cohorts").text
    assert omar.get(cohort).status_code == 404
    assert "You are in it already, or have asked to be." in omar.get(f"/invitations/{token}").text


def test_an_archived_cohort_can_be_read_and_says_so_and_its_links_let_nobody_in(
    lena: Browser, ada: Browser, cohort: str, token: str, cast: Cast, browser: Browsers
) -> None:
    assert lena.post(f"{cohort}/archive").location == f"{cohort}/settings"

    for page in (lena.get(cohort), lena.get(f"{cohort}/people"), ada.get(cohort)):
        assert page.status_code == 200
        assert "Archived on" in page.text
    assert 'id="archived-heading"' in ada.get("/cohorts").text
    for page in (lena.get(cohort), lena.get(f"{cohort}/members/{cast.ada}"), lena.get(f"{cohort}/targets")):
        assert not re.search(r">Assign\b(?!ments)|Take it|Save the targets", page.text)
    assert browser(cast.omar).get(f"/invitations/{token}").status_code == 404
    assert lena.post(f"{cohort}/invitations", {"days": "7"}).status_code == 409

    lena.post(f"{cohort}/restore")
    assert "Archived on" not in lena.get(cohort).text
    assert browser(cast.omar).get(f"/invitations/{token}").status_code == 200
