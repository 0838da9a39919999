"""What one attempt costs on the wire: a real browser with an empty cache takes the placement."""

import shutil
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.page import TYPED

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ASSESSMENT = "/assessments/placement"
PEERS_QUESTIONS = 20


class NoBrowser(Exception):
    """There is no Chromium; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests and the bytes that came back, headers included."""

    requests: int
    received: int


class Meter:
    """Counts what a page's browser asks for and gets."""

    def __init__(self, page: Page) -> None:
        self.traffic = Traffic(0, 0)
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._on_request)
        session.on("Network.loadingFinished", self._on_finished)
        session.send("Network.enable")

    def _on_request(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self._add(1, event.get("redirectResponse", {}).get("encodedDataLength", 0))

    def _on_finished(self, event: dict[str, Any]) -> None:
        self._add(0, event["encodedDataLength"])

    def _add(self, requests: int, received: float) -> None:
        self.traffic = Traffic(self.traffic.requests + requests, self.traffic.received + round(received))


def take_placement(address: str, cookie: str) -> tuple[Traffic, Traffic]:
    """Take the whole placement, from its rules to the result. Raises: NoBrowser.

    Returns: the traffic after the peers' number of answers, and in all.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_find_browser(), args=["--no-sandbox"])
        context = browser.new_context()
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        meter = Meter(page)
        page.goto(address + ASSESSMENT)
        page.get_by_role("button", name="Start").click()
        count = _count_questions(page)
        after = []
        for number in range(1, count + 1):
            _answer(page.locator("#item"))
            heading = "Your answers" if number == count else f"Question {number + 1} of"
            page.get_by_role("heading", name=heading).wait_for()
            after.append(meter.traffic)
        page.get_by_role("button", name="Finish").click()
        page.get_by_role("heading", name="Your scores").wait_for()
        page.wait_for_load_state("networkidle")
        browser.close()
        return after[PEERS_QUESTIONS - 1], meter.traffic


def _answer(item: Locator) -> None:
    """Choose or type something, and send it."""
    choices = item.locator(".choice")
    if choices.count():
        choices.first.click()
    lines = item.get_by_role("button", name="Move down")
    if lines.count():
        lines.first.click()
    for number, drop_down in enumerate(item.locator("select:visible").all(), start=1):
        drop_down.select_option(index=min(number, drop_down.locator("option").count() - 1))
    for box in item.get_by_role("textbox").all():
        box.fill(TYPED)
    item.get_by_role("button", name="Save and go on").click()


def _count_questions(page: Page) -> int:
    """How many there are, from the first one's heading."""
    return int(page.get_by_role("heading", name="Question 1 of").inner_text().rsplit(" ", 1)[1])


def _find_browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NoBrowser("The cold attempt needs Chromium: install it (on Debian: apt install chromium).")
    return found
