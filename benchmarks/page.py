"""What a learner's browser knows of the page it shows: where its form goes and what the form holds."""

import re
from dataclasses import dataclass
from random import Random

from benchmarks.connection import Trouble

TYPED = "12"  # what every open item takes, whether it wants a number or a text
FORM = re.compile(r'<form [^>]*?action="(/attempts/\w+/(?:responses|finish))".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
CHOICE = re.compile(r'<input type="(?:radio|checkbox)" name="answer" value="([^"]*)"')
SAVE = re.compile(r'<button [^>]*?name="then" value="(-?\d+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """The form of an attempt's page that goes on: of an item or, after the last, the one that finishes."""

    action: str
    hidden: dict[str, str]
    choices: list[str]
    then: str

    @property
    def is_review(self) -> bool:
        """Whether its form finishes the attempt."""
        return self.action.endswith("/finish")

    @property
    def seq(self) -> int:
        """The attempt's newest number."""
        return int(self.hidden["seq"])

    def fill(self, random: Random) -> dict[str, str]:
        """The form with some answer in it, as its first button sends it."""
        return {**self.hidden, "answer": random.choice(self.choices) if self.choices else TYPED, "then": self.then}


def read_page(text: str) -> Page:
    """What an attempt's page or fragment holds. Raises: Trouble when there is no such form."""
    form = FORM.search(text)
    if form is None:
        raise Trouble("a page without the attempt's form")
    save = SAVE.search(form[0])
    return Page(form[1], dict(HIDDEN.findall(form[0])), CHOICE.findall(form[0]), save[1] if save else "")


def read_token(text: str) -> str:
    """What proves to the server that a form came from this page. Raises: Trouble when the page has none."""
    token: str | None = dict(HIDDEN.findall(text)).get("csrf_token")
    if token is None:
        raise Trouble("a page without a token")
    return token
