"""A quiz goes on whatever breaks around it: network, page, session, clock, store. All that was chosen is saved.

Two tabs are in `test_attempt_page.py`.
"""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.sitting import KEPT, UNKEPT, Sitting
from tests.paused import paused
from tracker.assessment.item_types import SingleChoice, TextAnswer

OFFLINE = "ERR_INTERNET_DISCONNECTED"
SLOW = {"offline": False, "latency": 1000, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
OPENS_NEVER = "IDBFactory.prototype.open = () => ({});"
WRITES_NEVER = """
const read = IDBDatabase.prototype.transaction;
const silent = { objectStore: () => ({ put() {}, delete() {} }) };
IDBDatabase.prototype.transaction = function (store, mode) { return mode ? silent : read.call(this, store); };
"""
BUSY = """
isBusy = true;
new Promise((begun) => {
    indexedDB.open("skillmark").onsuccess = ({ target }) => {
        const store = target.result.transaction("answers", "readwrite").objectStore("answers");
        const stay = () => { begun(); if (isBusy) store.count().onsuccess = stay; };
        stay();
    };
});
"""


def go_on(ada: Sitting) -> None:
    """Leave the text for the first single choice."""
    ada.visit.save(then="Question 2 of 4")


@pytest.fixture
def ada(site: Site, arrive: Arrive) -> Sitting:
    """Ada at a quiz of a text and three single choices, its page not opened yet, with a clock that tests can move."""
    learner_id, email = site.add_person("Ada")
    every = list(site.items.values())
    (text,) = [item for item in every if isinstance(item.body, TextAnswer)][:1]
    choices = [item for item in every if isinstance(item.body, SingleChoice) and len(item.body.options) > 3][:3]
    items = [text, *choices]
    visit = arrive()
    visit.expected_complaints.append(OFFLINE)
    visit.sign_in(email)
    visit.page.clock.install()
    return Sitting(visit, learner_id, site.start(items, learner_id=learner_id))


def test_five_minutes_offline_lose_nothing_and_what_was_chosen_is_saved_in_order(ada: Sitting) -> None:
    ada.open()
    go_on(ada)
    ada.visit.context.set_offline(True)
    chosen = []
    for place in (0, 1, 2, 3, 1):
        chosen.append(ada.choose(place))
        expect(ada.state).to_have_text(KEPT)
        ada.page.clock.fast_forward("01:00")
    before = ada.saved()

    ada.visit.context.set_offline(False)
    ada.page.clock.fast_forward("00:20")

    expect(ada.state).to_have_text("Saved")
    added = ada.saved()[len(before) :]
    assert added[-1] == chosen[-1]
    in_order = iter(chosen)
    assert all(answer in in_order for answer in added)
    expect(ada.visit.choices().nth(1)).to_be_checked()
    expect(ada.page.get_by_role("alert")).to_be_empty()


def test_a_reload_keeps_and_sends_what_could_not_be_sent(ada: Sitting) -> None:
    ada.open()
    go_on(ada)
    ada.page.route("**/responses", lambda route: route.abort("internetdisconnected"))
    chosen = ada.choose(2)
    expect(ada.state).to_have_text(KEPT)
    ada.page.unroute("**/responses")
    ada.page.reload()
    ada.visit.expect_ready()
    expect(ada.visit.choices().nth(2)).to_be_checked()
    assert ada.saved()[-1] == chosen


def test_a_page_that_crashed_has_left_its_answer_for_the_next_one(ada: Sitting) -> None:
    ada.open()
    go_on(ada)
    ada.visit.context.set_offline(True)
    chosen = ada.choose(3)
    expect(ada.state).to_have_text(KEPT)
    crash(ada.page)

    ada.visit.context.set_offline(False)
    ada.visit.page = ada.visit.context.new_page()
    ada.open()

    expect(ada.visit.choices().nth(3)).to_be_checked()
    assert ada.saved()[-1] == chosen


def test_a_session_that_ends_while_typing_is_renewed_on_the_page_and_the_text_is_saved(ada: Sitting) -> None:
    ada.visit.expected_complaints += ["status of 400", "status of 401"]
    ada.open()
    box = ada.page.locator("[name=answer]")
    box.press_sequentially("4")
    ada.visit.site.end_sessions(ada.learner_id)
    box.press_sequentially("2")
    ada.page.clock.fast_forward("00:15")
    ada.page.get_by_role("button", name="Sign in here").click()
    ada.page.get_by_label("Email address").fill(ada.visit.email)
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.page.get_by_role("button", name="Sign in", exact=True).click()

    expect(ada.state).to_have_text("Saved")
    expect(box).to_have_value("42")
    assert ada.saved()[-1] == ada.visit.shown_item().body.read(["42"])
    go_on(ada)


def test_a_second_factor_is_asked_for_on_the_page_too(ada: Sitting) -> None:
    ada.visit.expected_complaints += ["status of 400", "status of 401"]
    code = ada.visit.site.switch_on_second_factor(ada.learner_id)[0]
    ada.open()
    go_on(ada)
    ada.visit.site.end_sessions(ada.learner_id)
    chosen = ada.choose(3)
    ada.page.get_by_role("button", name="Sign in here").click()
    ada.page.get_by_label("Email address").fill(ada.visit.email)
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.page.get_by_role("button", name="Sign in", exact=True).click()
    ada.page.get_by_role("textbox", name="Code").fill(code)
    ada.page.get_by_role("button", name="Sign in", exact=True).click()

    expect(ada.state).to_have_text("Saved")
    assert ada.saved()[-1] == chosen


def test_an_answer_kept_through_the_end_of_session_and_quiz_is_kept_as_late_after_signing_in(ada: Sitting) -> None:
    ada.visit.expected_complaints += ["status of 400", "status of 401", "status of 409"]
    ada.open()
    go_on(ada)
    ada.visit.site.end_sessions(ada.learner_id)
    ada.choose(3)
    expect(ada.state).to_have_text(KEPT)
    ada.visit.site.run_out(ada.attempt_id)
    ada.page.get_by_role("button", name="Sign in here").click()
    ada.page.get_by_label("Email address").fill(ada.visit.email)
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.page.get_by_role("button", name="Sign in", exact=True).click()

    expect(ada.state).to_have_text("Kept as late")
    ada.visit.follow("See your result")
    expect(ada.page.get_by_text("after the attempt was over")).to_be_visible()


@pytest.mark.parametrize("script", [OPENS_NEVER, WRITES_NEVER], ids=["opening", "writing"])
def test_a_browser_database_that_never_answers_stops_nobody(ada: Sitting, script: str) -> None:
    ada.page.add_init_script(script)
    ada.open()
    go_on(ada)
    chosen = ada.choose(3)
    expect(ada.state).to_have_text("Saved")
    assert ada.saved()[-1] == chosen
    ada.visit.save(then="Question 3 of 4")


def test_a_browser_database_that_was_late_keeps_what_follows(ada: Sitting) -> None:
    ada.open()
    go_on(ada)
    ada.visit.context.set_offline(True)
    ada.page.evaluate(BUSY)
    ada.choose(3)
    ada.page.clock.fast_forward("00:05")
    expect(ada.state).to_have_text(UNKEPT)

    ada.page.evaluate("isBusy = false")
    ada.choose(2)
    expect(ada.state).to_have_text(KEPT)


@pytest.mark.parametrize(("hours", "told"), [(1, "fast"), (-1, "slow")])
def test_a_device_clock_that_is_moved_is_told_of_and_changes_no_time(ada: Sitting, hours: int, told: str) -> None:
    ada.open()
    now = ada.page.evaluate("Date.now()")
    ada.page.clock.set_system_time(now / 1000 + hours * 3600)
    ada.page.clock.run_for(1_000)
    expect(ada.page.locator("#news")).to_contain_text(f"minutes {told}. Ours counts")
    expect(ada.page.get_by_role("timer")).to_have_text(re.compile(r"^(15:00|14:\d\d)$"))
    go_on(ada)
    chosen = ada.choose(0)
    expect(ada.state).to_have_text("Saved")
    assert ada.saved()[-1] == chosen


def test_on_a_slow_network_nothing_is_called_saved_before_it_is(ada: Sitting) -> None:
    ada.open()
    go_on(ada)
    ada.visit.context.new_cdp_session(ada.page).send("Network.emulateNetworkConditions", SLOW)
    chosen = [ada.choose(0)]
    expect(ada.state).to_have_text("Saving…")
    chosen.append(ada.choose(1))
    expect(ada.state).to_have_text("Saved")
    assert ada.saved()[-2:] == chosen
    ada.visit.save(then="Question 3 of 4")


def test_a_store_that_stands_still_for_a_while_delays_an_answer_and_loses_none(ada: Sitting) -> None:
    ada.visit.expected_complaints.append("status of 503")
    ada.open()
    go_on(ada)
    with paused(ada.visit.site.store):
        chosen = ada.choose(3)
        expect(ada.page.get_by_role("alert")).to_contain_text("Not saved")
        expect(ada.state).to_have_text(KEPT)
    ada.page.clock.fast_forward("00:20")
    expect(ada.state).to_have_text("Saved")
    assert ada.saved()[-1] == chosen


def crash(page: Page) -> None:
    """Kill the process that draws the page."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    page.close()
