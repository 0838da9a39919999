"""Somebody at a browser of their own, doing what people do on the pages."""

import html
import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.builders import right_answer, wrong_answer
from tests.conftest import PASSWORD
from tests.journeys.site import Site
from tracker.assessment.item import Item

LAST = "Your answers"
FOREIGN_STYLES = "https://cdn.jsdelivr.net/**"
"""What the provider's pages would load."""


class Visit:
    """A person with a browser context and one page in it; what the browser complains of is kept."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.context = context
        self.complaints: list[str] = []
        self.expected_complaints: list[str] = []
        context.on("console", self._note)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.route(FOREIGN_STYLES, lambda route: route.fulfill(body=""))
        self.page: Page = context.new_page()
        self.email = ""

    @property
    def unexpected_complaints(self) -> list[str]:
        """What the browser complained of, apart from what the test brought about on purpose."""
        return [one for one in self.complaints if not any(part in one for part in self.expected_complaints)]

    def sign_up(self, name: str, email: str) -> None:
        """From the front page to an account of one's own, signed in to it."""
        self.page.goto("/")
        self.follow("Make an account")
        self.sign_up_here(name, email)

    def sign_up_here(self, name: str, email: str) -> None:
        """Fill in and send the form for a new account, then sign in to it."""
        self.fill_sign_up(name, email)
        self.expect_heading("Sign in")
        expect(self.page.get_by_label("Email address")).to_have_value(email)
        self.fill_sign_in(email)

    def fill_sign_up(self, name: str, email: str) -> None:
        """Fill in and send the form for a new account."""
        self.site.forget_limits()
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Make my account").click()

    def sign_in(self, email: str) -> None:
        """From the sign-in page to one's home."""
        self.site.forget_limits()
        self.page.goto("/sign-in")
        self.fill_sign_in(email)
        expect(self.page.get_by_role("heading", name="Hello")).to_be_visible()

    def fill_sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in and send the form to sign in."""
        self.email = email
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def sign_in_elsewhere(self, subject: str) -> None:
        """At the provider, be somebody and say yes."""
        self.page.get_by_placeholder("sub").fill(subject)
        self.page.get_by_role("button", name="Authorize", exact=True).click()

    def follow(self, name: str) -> None:
        """Click a link by its words and wait until its page is there with its scripts."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).click()

    def shown_item(self) -> Item:
        """The item on the page, with the key that the page does not know."""
        return self.site.item(self.page.locator("input[name=item]").input_value())

    def answer_to(self, item: Item, *, rightly: bool) -> list[str]:
        """What the page sends for a right or a wrong answer to this item: values of its inputs."""
        return right_answer(item) if rightly else wrong_answer(item)

    def choices(self) -> Locator:
        """What can be chosen on the page, in the order shown."""
        main = self.page.get_by_role("main")
        return main.get_by_role("radio").or_(main.get_by_role("checkbox"))

    def places_of(self, tokens: list[str]) -> list[int]:
        """At which places of the choices these answers stand."""
        shown = self.page.locator("input[name=answer]").evaluate_all("inputs => inputs.map(input => input.value)")
        return [shown.index(token) for token in tokens]

    def answer(self, *, rightly: bool = True, by_keys: bool = False) -> Item:
        """Answer the item on the page without saving it: choose with the mouse or the number keys, or type."""
        self.page.wait_for_load_state()
        item = self.shown_item()
        sent = self.answer_to(item, rightly=rightly)
        if self.choices().count():
            wanted = self.places_of(sent)
            for place in sorted(range(self.choices().count()), key=lambda place: place not in wanted):
                if self.choices().nth(place).is_checked() != (place in wanted):
                    self._choose(place, by_keys=by_keys)
        elif self.lines().count():
            self._order(sent)
        else:
            self._fill(sent)
        return item

    def lines(self) -> Locator:
        """The lines to put in order, as they stand now."""
        return self.page.locator(".lines .line")

    def line_tokens(self) -> list[str]:
        """The tokens of the lines, from the first to the last."""
        selects = self.lines().locator("select")
        return selects.evaluate_all("selects => selects.map(select => select.id.replace('place-', ''))")

    def save(self, button: str = "Save and go on", *, then: str) -> None:
        """Send the answer with this button and wait for the page headed `then`."""
        self.page.get_by_role("button", name=button, exact=True).click()
        self.expect_heading(then)

    def expect_ready(self) -> None:
        """Wait until the page has taken the attempt over and sent what was left from before."""
        expect(self.page.locator("#attempt")).to_have_attribute("data-state", "ready")

    def expect_heading(self, heading: str) -> None:
        """Wait until the page is headed so."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def _choose(self, place: int, *, by_keys: bool) -> None:
        """Choose an option or, when several can be chosen, take a choice back."""
        choice = self.choices().nth(place)
        was_checked = choice.is_checked()
        if by_keys:
            self.page.keyboard.press(str(place + 1))
        else:
            choice.locator("xpath=ancestor::label").click()
        expect(choice).to_be_checked(checked=not was_checked)

    def _fill(self, sent: list[str]) -> None:
        """Type into every box and choose from every list, one value each."""
        for control, value in zip(self.page.locator("[name=answer]").all(), sent, strict=True):
            if control.evaluate("control => control.matches('select')"):
                control.select_option(value)
            else:
                control.fill(value)

    def _order(self, sent: list[str]) -> None:
        """Give the lines these places: with the buttons or, without JavaScript, in the lists."""
        if not self.lines().get_by_role("button").count():
            for value in sent:
                self.page.locator(f"#place-{value.partition(':')[0]}").select_option(value)
            return
        wanted = [value.partition(":")[0] for value in sent]
        for token in self.line_tokens():
            if token not in wanted:
                self.press_at(token, "Leave out")
        for place, token in enumerate(wanted):
            while self.line_tokens().index(token) > place:
                self.press_at(token, "Move up")

    def press_at(self, token: str, button: str) -> None:
        """Press a button of one line."""
        line = self.lines().filter(has=self.page.locator(f"#line-{token}"))
        line.get_by_role("button").and_(self.page.get_by_text(button, exact=True)).click()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")


def plain(markup: str) -> str:
    """The words of a piece of HTML, with single spaces."""
    return squeezed(html.unescape(re.sub(r"<[^>]+>", "", markup)))


def squeezed(text: str | None) -> str:
    """A text with single spaces, as people see it."""
    return " ".join((text or "").split())
