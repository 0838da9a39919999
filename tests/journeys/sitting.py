"""Somebody at an open attempt: what they choose, what the page says of it, and what the store has."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.journeys.visit import Visit
from tracker.assessment.item_types import Answer

KEPT = "Not saved yet: keeping it here"
UNKEPT = "Not saved yet: leave this page open"


@dataclass
class Sitting:
    """A person at their open attempt; after a crash with another page."""

    visit: Visit
    learner_id: int
    attempt_id: str

    @property
    def page(self) -> Page:
        """The page they are at."""
        return self.visit.page

    @property
    def state(self) -> Locator:
        """The line that says what is saved."""
        return self.page.locator("#save-state")

    def open(self) -> None:
        """Open the attempt's page, and wait until it works."""
        self.page.goto(f"/attempts/{self.attempt_id}")
        self.visit.expect_ready()

    def choose(self, place: int) -> Answer:
        """Choose the option at this place. Gives the answer that the store should get."""
        choice = self.visit.choices().nth(place)
        choice.locator("xpath=ancestor::label").click()
        return self.visit.shown_item().body.read([choice.input_value()])

    def saved(self) -> list[Answer]:
        """The answers that the store has, in the order it took them."""
        return self.visit.site.saved_answers(self.attempt_id, learner_id=self.learner_id)
