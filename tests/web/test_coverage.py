"""The page on what a cohort covers: what it says to its lead, of whom, and what it never does."""

from collections.abc import Callable

import pytest

from tests.browser import Browser
from tests.conftest import Cast
from tests.services.guild import DEVELOPING, EXPERT, PROFICIENT, UNSURE, Guild, know
from tests.web.forms import neutral
from tests.web.stored import everything
from tracker.assessment.sees import Sees
from tracker.services import coverage

Browsers = Callable[[int | None], Browser]
GIT, GITHUB = "tools/git", "tools/github"


def a_guild(cast: Cast, *, sees: Sees = Sees.LEVELS) -> Guild:
    """A cohort that wants git and GitHub at Proficient; one member surely holds git, one perhaps."""
    guild = Guild(cast, sees=sees)
    know(guild.member_ids[0], {GIT: EXPERT, GITHUB: DEVELOPING})
    know(guild.member_ids[1], {GIT: PROFICIENT, GITHUB: DEVELOPING}, sd=UNSURE)
    know(guild.member_ids[2], {GIT: DEVELOPING})
    guild.want({GIT: "Proficient", GITHUB: "Proficient"})
    return guild


def words(browser: Browser, guild: Guild, asked: str = "") -> str:
    """The text of the page, in one line."""
    page = browser.get(f"/cohorts/{guild.id}/coverage{asked}")
    assert page.status_code == 200
    return " ".join(page.text.split())


def test_a_lead_reads_who_holds_what_and_what_depends_on_one_member(cast: Cast, browser: Browsers) -> None:
    guild = a_guild(cast)
    page = words(browser(cast.lena), guild)
    assert "Only one member surely holds the level wanted in 1 topic:" in page
    assert f'Git (Proficient): <a href="/cohorts/{guild.id}/members/{guild.member_ids[0]}">Member 0</a>; 1 more' in page
    assert "Nobody surely holds the level wanted in 1 topic:" in page
    assert "<li>GitHub (Proficient): 1 perhaps.</li>" in page
    assert (
        '<strong class="nowrap">1 surely</strong>, <span class="nowrap">1 perhaps,</span> '
        '<span class="nowrap">1 not yet</span> <span class="soft nowrap">(3 not known)</span>'
    ) in page


def test_a_step_leads_to_assigning_its_quiz_to_its_member(cast: Cast, browser: Browsers) -> None:
    guild = a_guild(cast)
    lena = browser(cast.lena)
    assign = f"/cohorts/{guild.id}/assignments?assessment=topic-tools-github&amp;member={guild.member_ids[0]}"
    assert f'href="{assign}"' in words(lena, guild)
    assert lena.get(assign.replace("&amp;", "&")).status_code == 200


def test_with_levels_only_no_number_of_anybodys_is_on_the_page(cast: Cast, browser: Browsers) -> None:
    page = words(browser(cast.lena), a_guild(cast))
    assert "6 members share levels only" in page
    assert "score-value" not in page


def test_with_scores_the_chance_is_told(cast: Cast, browser: Browsers) -> None:
    page = words(browser(cast.lena), a_guild(cast, sees=Sees.SCORES), "?holders=1")
    assert "and the chance that at least 1 does" in page
    assert '<td class="number">99&nbsp;%</td>' in page
    assert "It can be high where hardly anybody surely holds the level" in page
    assert "score-value" in page


def test_who_may_be_there_already_is_to_be_measured_and_who_is_seen_below_is_to_learn(
    cast: Cast, browser: Browsers
) -> None:
    page = words(browser(cast.lena), a_guild(cast), "?holders=3")
    measure, learn = page.partition("<h3>Measure</h3>")[2].split("<h3>Learn</h3>")
    assert "<strong>Git</strong>, to be sure of Proficient" in measure
    assert "Member 1</a>" in measure
    assert "<strong>Git</strong>, up to Proficient" in learn
    assert "Member 2</a>" in learn


def test_of_four_members_the_page_says_why_it_shows_nothing(cast: Cast, browser: Browsers) -> None:
    guild = Guild(cast, members=4)
    know(guild.member_ids[0], {GIT: EXPERT})
    page = words(browser(cast.lena), guild)
    assert "Nothing is said of fewer than five members together" in page
    assert "Member 0" not in page
    assert "<table" not in page


def test_of_too_many_members_the_page_says_for_how_many_it_is(
    cast: Cast, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "MOST_SORTED", 5)
    page = words(browser(cast.lena), a_guild(cast))
    assert "6 members. With so many, nothing is summed up: this page is for cohorts of up to 1,000." in page
    assert "<table" not in page


def test_where_all_is_wanted_at_foundation_the_page_says_that_everybody_is_there(cast: Cast, browser: Browsers) -> None:
    guild = Guild(cast)
    guild.want({"tools": "Foundation"})
    page = words(browser(cast.lena), guild)
    assert "Every target is Foundation, and everybody is there from the start." in page
    assert "No target is set" not in page


def test_without_targets_it_asks_for_one(cast: Cast, browser: Browsers) -> None:
    page = words(browser(cast.lena), Guild(cast))
    assert "No target is set, so every topic is read at Proficient." in page
    assert "Set a target first" in page


@pytest.mark.parametrize("asked", ["0", "6", "two", ""])
def test_another_number_than_one_to_five_is_refused_with_a_sentence(cast: Cast, browser: Browsers, asked: str) -> None:
    guild = a_guild(cast)
    refused = browser(cast.lena).get(f"/cohorts/{guild.id}/coverage?holders={asked}")
    assert refused.status_code == 400
    assert "Choose 1 to 5." in refused.text
    assert "2 members who surely hold it" in " ".join(refused.text.split())


def test_members_and_outsiders_get_what_an_unknown_cohort_gets_and_looking_changes_nothing(
    cast: Cast, browser: Browsers
) -> None:
    guild = a_guild(cast)
    nowhere = f"/cohorts/{'f' * 32}/coverage"
    visits = [browser(user_id) for user_id in (guild.member_ids[0], cast.omar)]
    before = everything()
    for visit in visits:
        refused, unknown = visit.get(f"/cohorts/{guild.id}/coverage"), visit.get(nowhere)
        assert refused.status_code == 404
        assert neutral(refused.text) == neutral(unknown.text)
    assert everything() == before
