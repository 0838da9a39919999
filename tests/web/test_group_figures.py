"""The pages with a cohort's figures: what they say to its leads, and how little they ask for."""

import re
from collections.abc import Callable

import pytest
from markupsafe import escape

from tests.browser import Browser
from tests.builders import an_attempt_at
from tests.conftest import Cast
from tests.services.group import answer, tell
from tests.services.guild import Guild
from tests.web.test_queries import Counting, counting
from tracker import clock
from tracker.assessment.item import Item
from tracker.services import cohorts, group_telling
from tracker.storage import attempts
from tracker.storage.question_bank import get_bank

__all__ = ["counting"]

Browsers = Callable[[int | None], Browser]


def words(browser: Browser, guild: Guild, area_slug: str = "") -> str:
    """The text of a page, in one line."""
    page = browser.get(f"/cohorts/{guild.id}/figures{area_slug and f'/{area_slug}'}")
    assert page.status_code == 200
    return " ".join(page.text.split())


def _one_a_topic(area_slug: str) -> list[Item]:
    """An item of each topic of an area."""
    return list({one.topic_id: one for one in get_bank().items.values() if one.area_slug == area_slug}.values())


@pytest.fixture
def named(cast: Cast) -> Item:
    """A single choice of which an option shows a misconception."""
    return next(one for one in get_bank().items.values() if one.misconceptions and one.body.name == "single")


@pytest.fixture
def guild(cast: Cast, named: Item) -> Guild:
    """Eight members, of whom three chose the misconception and the others the key."""
    guild = Guild(cast, members=8)
    wrong = next(slip for slip in named.body.slips if named.find_misconceptions(slip))
    for number, member_id in enumerate(guild.member_ids):
        answer(member_id, wrong if number < 3 else named.body.key, items=[named])
    return guild


def test_the_first_look_says_that_figures_are_being_counted_and_the_next_one_shows_them(
    cast: Cast, browser: Browsers, guild: Guild, named: Item
) -> None:
    lena = browser(cast.lena)
    first = words(lena, guild)
    group_telling.renew_wanted(clock.now())
    then = words(lena, guild)
    assert "They are being counted." in first
    assert all(str(escape(get_bank().misconceptions[slug].description)) in then for slug in named.misconceptions)
    assert '38&nbsp;% <span class="soft">(16 to 65)</span>' in then
    assert "1 item<" in then


def test_an_items_page_shows_who_chose_what_and_the_key(
    cast: Cast, browser: Browsers, guild: Guild, named: Item
) -> None:
    tell(guild, now=clock.now())
    page = words(browser(cast.lena), guild, named.area_slug)
    assert '62&nbsp;% <span class="soft">(31 to 86)</span></span> of 8 right' in page
    assert '<span class="verdict-right nowrap">key</span>' in page


def test_items_stand_under_their_topics_and_opened_show_their_question(
    cast: Cast, browser: Browsers, guild: Guild, named: Item
) -> None:
    for member_id in guild.member_ids:
        answer(member_id, *(one.body.key for one in _one_a_topic(named.area_slug)), items=_one_a_topic(named.area_slug))
    tell(guild, now=clock.now())
    page = words(browser(cast.lena), guild, named.area_slug)
    topics = [topic.name for area in get_bank().roadmap.areas for topic in area.topics if area.slug == named.area_slug]
    assert re.findall("<h2>([^<]+)</h2>", page) == [str(escape(name)) for name in topics]
    assert " ".join(named.stem.split()) in page


def test_misconceptions_that_at_most_one_person_chose_are_folded_with_their_interval(
    cast: Cast, browser: Browsers, named: Item
) -> None:
    guild = Guild(cast, members=6)
    for member_id in guild.member_ids:
        answer(member_id, named.body.key, items=[named])
    tell(guild, now=clock.now())
    page = words(browser(cast.lena), guild)
    assert f"Chosen by at most one person each: {len(named.misconceptions)}" in page
    assert 'at most 1 <span class="soft">(0 to 50&nbsp;%)</span></span> of 6' in page


def test_of_an_item_that_is_open_to_the_lead_neither_options_nor_key_are_shown(
    cast: Cast, browser: Browsers, guild: Guild, named: Item
) -> None:
    tell(guild, now=clock.now())
    attempts.add(an_attempt_at(named, learner_id=cast.lena))
    page = words(browser(cast.lena), guild, named.area_slug)
    assert "answers and key are not shown to you yet" in page
    assert "verdict-right" not in page
    assert 'class="stem prose"' not in page
    assert not any(option.text in page for option in named.body.options)


def test_when_somebody_has_left_the_next_look_shows_nothing_and_later_says_what_is_withheld(
    cast: Cast, browser: Browsers, guild: Guild, named: Item
) -> None:
    tell(guild, now=clock.now())
    cohorts.leave(guild.id, user_id=guild.member_ids[0], now=clock.now())
    lena = browser(cast.lena)
    at_once = words(lena, guild)
    group_telling.renew_wanted(clock.now())
    later = words(lena, guild)
    assert "They are being counted." in at_once
    assert "2 figures are withheld, because somebody has left, or shows more than before." in later
    assert "38&nbsp;%" not in later
    assert "Nothing is told of these items now." in words(lena, guild, named.area_slug)


def test_filters_in_the_address_change_no_figure(cast: Cast, browser: Browsers, guild: Guild) -> None:
    tell(guild, now=clock.now())
    lena = browser(cast.lena)
    plain = lena.get(f"/cohorts/{guild.id}/figures").text
    assert lena.get(f"/cohorts/{guild.id}/figures?area=language&level=Expert&member=1").text == plain


def test_a_look_costs_the_same_for_few_members_and_for_many(
    cast: Cast, browser: Browsers, guild: Guild, named: Item, counting: Counting
) -> None:
    lena = browser(cast.lena)
    costs = []
    for size in range(2):
        tell(guild, now=clock.now())
        for area_slug in ("", named.area_slug):
            words(lena, guild, area_slug)
            with counting() as asked:
                words(lena, guild, area_slug)
            costs.append(asked.counts)
        for number in range(6):
            answer(guild.add(f"More {size} {number}"), named.body.key, items=[named])
    assert costs[:2] == costs[2:] == [(3, 1), (3, 2)]
