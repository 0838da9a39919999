"""The matrix on a cohort's page: what its address asks for, its links, and words for what is seen."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import travel

from tests.browser import Browser
from tests.conftest import NOON, Cast
from tests.services.guild import DEVELOPING, EXPERT, FOUNDATION, PROFICIENT, Guild, know
from tracker.assessment.sees import Sees

ROW = re.compile(r'<th scope="row"><a[^>]*>([^<]+)</a></th>')
TAG = re.compile(r"<[^>]*>")


@pytest.fixture
def lena(cast: Cast, browser: Callable[[int | None], Browser]) -> Browser:
    """Lena's browser."""
    return browser(cast.lena)


@pytest.fixture
def guild(cast: Cast) -> Guild:
    """Lena's cohort seen with scores: Dora, Eve, Fay and Pia, named by their levels in pytest, and Nils."""
    guild = Guild(cast, members=0, sees=Sees.SCORES)
    for name, theta in (("Dora", DEVELOPING), ("Eve", EXPERT), ("Fay", FOUNDATION), ("Pia", PROFICIENT)):
        know(guild.add(name, agreed_to=Sees.SCORES), {"tools/pytest": theta})
    guild.add("Nils", agreed_to=Sees.SCORES)
    return guild


def page(lena: Browser, guild: Guild, address: str = "") -> str:
    """The text of the cohort's page, in single spaces."""
    return " ".join(TAG.sub("", lena.get(f"/cohorts/{guild.id}{address}").text).split())


def rows(lena: Browser, guild: Guild, address: str = "") -> list[str]:
    """The members in the matrix."""
    return ROW.findall(lena.get(f"/cohorts/{guild.id}{address}").text)


def test_the_address_says_how_to_sort_and_what_to_leave_out(lena: Browser, guild: Guild) -> None:
    assert rows(lena, guild, "?order=name") == ["Dora", "Eve", "Fay", "Nils", "Pia"]
    assert rows(lena, guild, "?order=name&skill=tools/pytest&at_most=Developing") == ["Dora", "Fay"]
    assert rows(lena, guild, "?order=name&skill=tools/pytest&at_most=unknown") == ["Nils"]


@pytest.mark.parametrize(("days", "is_active"), [(1, True), (60, False)])
def test_the_address_says_whether_to_leave_out_who_answered_lately_or_who_did_not(
    cast: Cast, browser: Callable[[int | None], Browser], guild: Guild, days: int, is_active: bool
) -> None:
    with travel(NOON + timedelta(days=days)):
        lena = browser(cast.lena)
        assert (rows(lena, guild, "?active=no") == ["Nils"]) is is_active
        assert ("Nobody fits all of that." in page(lena, guild, "?active=yes")) is not is_active


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("?order=beauty", "Not a valid choice."),
        ("?active=perhaps", "Not a valid choice."),
        ("?skill=cobol&at_most=Developing", "Not a valid choice."),
        ("?skill=tools", "No level is chosen, so nobody is left out."),
        ("?at_most=Developing", "Choose an area or topic too; a level alone filters nothing."),
        ("?page=0", ""),
        ("?page=99", ""),
        ("?page=x", ""),
    ],
)
def test_what_makes_no_sense_is_told_and_leaves_nobody_out(
    lena: Browser, guild: Guild, address: str, reason: str
) -> None:
    assert reason in page(lena, guild, address)
    assert len(rows(lena, guild, address)) == 5


def test_an_area_that_there_is_not_is_not_found(lena: Browser, guild: Guild) -> None:
    assert lena.get(f"/cohorts/{guild.id}?area=cobol").status_code == 404


def test_an_area_opens_into_its_topics_and_back_and_keeps_what_was_asked_for(lena: Browser, guild: Guild) -> None:
    here = f"/cohorts/{guild.id}"
    whole = lena.get(f"{here}?order=name").text
    assert f'href="{here}?order=name&amp;area=tools"' in whole

    opened = lena.get(f"{here}?order=name&area=tools").text

    assert "Essential Tools, topic by topic" in opened
    assert "pytest" in opened
    assert f'href="{here}?order=name"' in opened
    assert '<input type="hidden" name="area" value="tools">' in opened


@pytest.mark.parametrize("level", ["", "Developing"])
def test_a_topic_that_is_chosen_opens_its_area_with_or_without_a_level(lena: Browser, guild: Guild, level: str) -> None:
    text = lena.get(f"/cohorts/{guild.id}?order=name&area=language&skill=tools/pytest&at_most={level}").text

    assert "Essential Tools, topic by topic" in text
    assert f'<a href="/cohorts/{guild.id}?order=name">Back to all areas</a>' in text
    assert ("No level is chosen, so nobody is left out." in text) is (level == "")
    assert ROW.findall(text) == (["Dora", "Fay"] if level else ["Dora", "Eve", "Fay", "Nils", "Pia"])


def test_from_a_cell_what_is_missing_can_be_assigned_and_from_a_row_anything(lena: Browser, guild: Guild) -> None:
    guild.want({"tools/pytest": "Proficient"})

    text = lena.get(f"/cohorts/{guild.id}?area=tools").text

    links = re.findall(r'href="(/cohorts/[^"]+/assignments\?[^"]+)"', text)
    of_pytest = [link for link in links if "assessment=topic-tools-pytest" in link]
    assert len(of_pytest) == 3  # below are Dora and Fay, and of Nils nothing is known
    assert len([link for link in links if "assessment" not in link]) == 5
    assert {lena.get(link.replace("&amp;", "&")).status_code for link in of_pytest} == {200}


def test_a_gap_is_told_in_words_and_marked_as_open_where_the_interval_is(lena: Browser, guild: Guild) -> None:
    guild.want({"tools/pytest": "Proficient"})

    text = page(lena, guild, "?area=tools")

    assert "Target: Proficient" in text
    assert "“perhaps” where the 90&nbsp;% interval leaves open whether the target is reached" in text
    assert text.count("▼ Below target") == 2
    assert text.count("● At target") + text.count("● Perhaps at target") == 1
    assert text.count("▲ Above target") == 1


def test_with_levels_only_no_number_of_a_score_is_on_the_page(lena: Browser, cast: Cast) -> None:
    guild = Guild(cast, members=0, sees=Sees.LEVELS)
    for number in range(6):
        know(guild.add(f"Member {number}", agreed_to=Sees.LEVELS), {"tools/pytest": PROFICIENT})

    for address in ("", "?area=tools"):
        text = page(lena, guild, address)
        assert "Developing" in text
        assert re.findall(r"\b[1-9]\d[05]\b", text) == []


def test_a_cohort_without_members_says_how_to_begin(lena: Browser, cast: Cast) -> None:
    guild = Guild(cast, members=0)

    text = page(lena, guild)

    assert "Nobody is here yet. Invite the people you lead." in text
    assert "Spread" not in text


def test_an_old_answer_is_told_by_its_age(lena: Browser, guild: Guild) -> None:
    assert re.search(
        rf'<time datetime="{NOON:%Y-%m-%dT%H:%M:%S}[^"]*">(today|\d+ \w+ ago)<', lena.get(f"/cohorts/{guild.id}").text
    )
