"""The page says "Saved" only when the store has exactly what it shows, whatever becomes of requests and replies.

`make chaos` does it 500 times.
"""

import os
from dataclasses import dataclass, field
from random import Random

from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.sitting import KEPT, Sitting
from tests.journeys.visit import Visit
from tests.launcher import eventually
from tracker.assessment.item_types import SingleChoice

SAVES = int(os.environ.get("SAVES", "60"))
SEED = 7
LOGIN_OF_A_NETWORK = "<!doctype html><title>Welcome to the train</title><p>Please accept."
WATCH = """
window.log = [];
const send = window.fetch;
window.fetch = async (...sent) => {
    const reply = await send(...sent);
    const isAnswer = String(sent[0]).endsWith("/responses");
    if (isAnswer && reply.ok && (await reply.clone().text()).includes('"seq"')) {
        log.push({ acknowledged: sent[1].body.get("answer") });
    }
    return reply;
};
document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    const isSaved = document.getElementById("save-state").textContent === "Saved";
    if (isSaved) log.push({ shown: document.querySelector("[name=answer]:checked").value });
}).observe(document.getElementById("save-state"), { childList: true, characterData: true, subtree: true }));
"""


@dataclass
class Network:
    """Between the page and the server: what becomes of the next request that saves, and those that are held up."""

    fate: str = "passed"
    held: list[Route] = field(default_factory=list)

    def carry(self, route: Route) -> None:
        """Do to a request what is its fate; those that follow it pass."""
        fate, self.fate = self.fate, "passed"
        if fate == "request lost":
            route.abort("connectionreset")
        elif fate == "reply lost":
            route.fetch()
            route.abort("connectionreset")
        elif fate == "held up":
            self.held.append(route)
        elif fate == "store away":
            route.fulfill(status=503, headers={"Retry-After": "2"}, body="")
        elif fate == "answered by another":
            route.fulfill(status=200, content_type="text/html", body=LOGIN_OF_A_NETWORK)
        else:
            route.continue_()

    def let_go(self, page: Page) -> None:
        """Send on what is held up, as soon as it has come here; looking at the page lets the browser tell of it."""
        assert eventually(lambda: bool(page.title() and self.held))
        self.held.pop().continue_()


FATES = ("passed",) * 7 + ("request lost", "reply lost", "held up", "store away", "answered by another")


def test_saved_is_said_only_when_the_store_has_exactly_what_the_page_shows(site: Site, arrive: Arrive) -> None:
    ada = sit_down(site, arrive())
    take_saves(ada, SAVES)
    log = ada.page.evaluate("log")
    assert find_lies(log) == []
    assert sum("shown" in entry for entry in log) >= SAVES
    assert len(ada.saved()) == SAVES


def test_a_page_that_says_so_too_early_is_found_out(site: Site, arrive: Arrive) -> None:
    visit = arrive()
    visit.context.route("**/saving*.js", speak_too_early)
    ada = sit_down(site, visit)
    ada.choose(0)
    expect(ada.state).to_have_text("Saved")
    assert find_lies(ada.page.evaluate("log")) != []


def speak_too_early(route: Route) -> None:
    """Give the page a script that says "Saved" when it begins to send."""
    script = route.fetch()
    assert 'showState("saving")' in script.text()
    route.fulfill(response=script, body=script.text().replace('showState("saving")', 'showState("saved")'))


def take_saves(ada: Sitting, count: int) -> None:
    """Choose so many times, each time something else; every third request or so does not get through as it should."""
    network, dice = Network(), Random(SEED)
    ada.page.route("**/responses", network.carry)
    place = 0
    for _ in range(count):
        network.fate = fate = dice.choice(FATES)
        place = dice.choice([other for other in range(ada.visit.choices().count()) if other != place])
        answer = ada.choose(place)
        if fate == "held up":
            expect(ada.state).to_have_text("Saving…")
            network.let_go(ada.page)
        elif fate != "passed":
            expect(ada.state).to_have_text(KEPT)
            ada.page.clock.fast_forward("00:20")
        expect(ada.state).to_have_text("Saved")
        assert ada.saved()[-1] == answer, fate


def find_lies(log: list[dict[str, str]]) -> list[dict[str, str]]:
    """Every moment when the page said that it had saved, but what it showed was not what was acknowledged last."""
    lies = []
    acknowledged = None
    for entry in log:
        acknowledged = entry.get("acknowledged", acknowledged)
        if entry.get("shown", acknowledged) != acknowledged:
            lies.append(entry)
    return lies


def sit_down(site: Site, visit: Visit) -> Sitting:
    """Somebody at an attempt of one item with several options, all that the page says of saving being noted."""
    learner_id, email = site.add_person("Ada")
    items = [item for item in site.items.values() if isinstance(item.body, SingleChoice) and len(item.body.options) > 3]
    attempt_id = site.start(items[:1], learner_id=learner_id)
    visit.expected_complaints += ["ERR_CONNECTION_RESET", "status of 503"]
    visit.sign_in(email)
    visit.page.clock.install()
    visit.page.add_init_script(WATCH)
    ada = Sitting(visit, learner_id, attempt_id)
    ada.open()
    return ada
