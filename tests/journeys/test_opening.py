"""While an attempt's page opens: what is chosen or pressed meanwhile, what was left before, and the end in between."""

import re

import pytest
from playwright.sync_api import Request, Route, expect

from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.sitting import KEPT, Sitting
from tests.launcher import eventually
from tracker.assessment.item_types import SingleChoice

LAST_SCRIPT = re.compile(r"/page[^/]*\.js")
LATE = "reached us after the attempt was over"


class Held:
    """Requests that wait on their way to the server until they are let go."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self.count = 0

    def hold(self, route: Route) -> None:
        """Hold the first one up; those that follow it pass."""
        self.count += 1
        if self.count == 1:
            self.routes.append(route)
        else:
            route.continue_()

    def hold_fragment(self, route: Route) -> None:
        """Hold up what asks for a part of a page."""
        if "hx-request" in route.request.headers:
            self.hold(route)
        else:
            route.continue_()

    def wait(self, ada: Sitting) -> None:
        """Wait until one has come here; looking at the page lets the browser tell of it."""
        assert eventually(lambda: bool(ada.page.locator("body").count() and self.routes))

    def let_go(self) -> None:
        """Send it on."""
        self.routes.pop().continue_()


@pytest.fixture
def ada(site: Site, arrive: Arrive) -> Sitting:
    """Ada at a quiz of three single choices, its page not opened yet."""
    return sit_down(site, arrive)


@pytest.fixture
def phone(arrive: Arrive, ada: Sitting) -> Sitting:
    """Ada with another browser, the quiz's page not opened there either."""
    visit = arrive()
    visit.sign_in(ada.visit.email)
    return Sitting(visit, ada.learner_id, ada.attempt_id)


def sit_down(site: Site, arrive: Arrive) -> Sitting:
    learner_id, email = site.add_person("Ada")
    choices = [
        item for item in site.items.values() if isinstance(item.body, SingleChoice) and len(item.body.options) > 3
    ]
    visit = arrive()
    visit.expected_complaints += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 409"]
    visit.sign_in(email)
    visit.page.clock.install()
    return Sitting(visit, learner_id, site.start(choices[:3], learner_id=learner_id))


def leave_two_answers(ada: Sitting, phone: Sitting) -> None:
    """Keep an answer to question 2 in Ada's browser alone, and save another, and then question 1, with the phone."""
    ada.open()
    ada.visit.save(then="Question 2 of 3")
    ada.visit.context.set_offline(True)
    ada.choose(0)
    expect(ada.state).to_have_text(KEPT)
    phone.open()
    phone.choose(1)
    expect(phone.state).to_have_text("Saved")
    phone.visit.save("Back", then="Question 1 of 3")
    ada.visit.context.set_offline(False)


def test_going_on_before_the_page_knows_where_the_attempt_is_keeps_what_is_saved(ada: Sitting, phone: Sitting) -> None:
    ada.open()
    chosen = ada.choose(0)
    expect(ada.state).to_have_text("Saved")
    opening = Held()
    ada.page.route("**/opened", opening.hold)
    ada.page.reload(wait_until="domcontentloaded")
    opening.wait(ada)
    phone.open()

    ada.page.get_by_role("button", name="Save and go on").click()
    opening.let_go()

    ada.visit.expect_ready()
    expect(ada.visit.choices().nth(0)).to_be_checked()
    assert ada.saved() == [chosen]
    ada.visit.save(then="Question 2 of 3")
    assert ada.saved() == [chosen]


def test_what_leaves_a_place_of_a_fixed_form_could_not_be_taken_for_an_answer(ada: Sitting) -> None:
    left: list[Request] = []
    ada.open()
    ada.choose(0)
    expect(ada.state).to_have_text("Saved")
    ada.page.on("request", lambda request: left.append(request) if request.method == "POST" else None)
    ada.page.get_by_role("button", name="Flag", exact=True).click()
    expect(ada.page.get_by_role("button", name="Unflag")).to_be_visible()
    ada.visit.save(then="Question 2 of 3")

    assert [request.url.rpartition("/")[2] for request in left] == ["flags", "moves"]
    assert not any("item=" in (request.post_data or "") for request in left)


def test_what_is_chosen_before_the_script_has_come_is_saved(ada: Sitting) -> None:
    script = Held()
    ada.page.route(LAST_SCRIPT, script.hold)
    ada.page.goto(f"/attempts/{ada.attempt_id}", wait_until="commit")
    chosen = ada.choose(1)
    script.wait(ada)
    script.let_go()

    expect(ada.state).to_have_text("Saved")
    assert ada.saved() == [chosen]


def test_what_is_chosen_before_the_script_has_come_goes_after_what_was_left(ada: Sitting) -> None:
    ada.open()
    ada.page.route("**/responses", lambda route: route.abort())
    left = ada.choose(0)
    expect(ada.page.get_by_role("alert")).to_contain_text("Not saved")
    ada.page.unroute("**/responses")
    script = Held()
    ada.page.route(LAST_SCRIPT, script.hold)
    ada.page.goto(f"/attempts/{ada.attempt_id}", wait_until="commit")
    chosen = ada.choose(1)
    script.wait(ada)
    script.let_go()

    ada.visit.expect_ready()
    expect(ada.visit.choices().nth(1)).to_be_checked()
    expect(ada.page.get_by_role("alert")).to_be_empty()
    assert ada.saved() == [left, chosen]


def test_nothing_can_be_chosen_while_a_place_is_shown_anew(ada: Sitting, phone: Sitting) -> None:
    opening, refreshing = Held(), Held()
    ada.page.route("**/opened", opening.hold)
    ada.page.route(f"**/attempts/{ada.attempt_id}", refreshing.hold_fragment)
    ada.page.goto(f"/attempts/{ada.attempt_id}", wait_until="domcontentloaded")
    opening.wait(ada)
    phone.open()
    opening.let_go()
    refreshing.wait(ada)

    expect(ada.page.locator("#item")).to_have_attribute("data-locked", "")

    refreshing.let_go()
    ada.visit.expect_ready()
    chosen = ada.choose(2)
    expect(ada.state).to_have_text("Saved")
    assert ada.saved() == [chosen]


def test_a_page_whose_opening_was_acknowledged_in_vain_is_still_the_newest(ada: Sitting) -> None:
    def lose_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    ada.page.route("**/opened", lose_reply, times=1)
    ada.page.goto(f"/attempts/{ada.attempt_id}")
    expect(ada.page.get_by_role("alert")).to_contain_text("cannot be reached")
    chosen = ada.choose(0)
    ada.page.clock.fast_forward("00:20")

    expect(ada.state).to_have_text("Saved")
    expect(ada.page.get_by_role("alert")).to_be_empty()
    assert ada.saved() == [chosen]


def test_at_the_end_what_was_still_to_be_compared_is_kept_as_late(site: Site, ada: Sitting, phone: Sitting) -> None:
    leave_two_answers(ada, phone)
    moving = Held()
    ada.page.route("**/moves", moving.hold)
    ada.page.reload()
    moving.wait(ada)
    expect(ada.page.locator("#item")).to_have_attribute("data-locked", "")
    site.run_out(ada.attempt_id)
    moving.let_go()

    expect(ada.page.get_by_role("alert")).to_contain_text(LATE)
    expect(ada.state).to_have_text("Kept as late")
    assert moving.count == 1


def test_at_the_end_the_answer_that_was_asked_about_is_kept_as_late(site: Site, ada: Sitting, phone: Sitting) -> None:
    leave_two_answers(ada, phone)
    ada.page.reload()
    expect(ada.page.get_by_role("alert")).to_contain_text("There are two answers to question 2.")
    site.run_out(ada.attempt_id)
    ada.page.clock.fast_forward("00:20")

    expect(ada.page.get_by_role("alert")).to_contain_text(LATE)
    expect(ada.state).to_have_text("Kept as late")


def test_a_page_that_asks_which_answer_to_use_takes_the_focus_once(ada: Sitting, phone: Sitting) -> None:
    leave_two_answers(ada, phone)
    ada.page.reload()
    leave = ada.page.get_by_role("button", name="Leave what is saved")
    leave.focus()
    ada.page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    with ada.page.expect_response("**/clock"):
        ada.page.clock.fast_forward("00:31")

    expect(leave).to_be_focused()


def test_what_another_tab_has_changed_stays_when_what_was_before_it_is_dropped(ada: Sitting) -> None:
    ada.open()
    left = ada.page.evaluate(
        """async () => {
            const script = document.querySelector("link[rel=modulepreload][href*=outbox]").href;
            const { Outbox } = await import(script);
            const older = await Outbox.of("an attempt");
            const entries = ["first", "second"].map((id) => ({ id, key: `${id} 1`, attemptId: "an attempt" }));
            for (const entry of entries) await older.put(entry);
            const newer = await Outbox.of("an attempt");
            for (const entry of entries) await older.put(Object.assign(entry, { key: `${entry.id} 2` }));
            await newer.drop(newer.first);
            return (await Outbox.of("an attempt")).entries.map((entry) => entry.key);
        }"""
    )
    assert left == ["first 2", "second 2"]
