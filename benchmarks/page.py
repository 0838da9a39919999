"""What a learner's browser knows of the page it shows: where its form goes and what the form holds."""

import re
from dataclasses import dataclass
from random import Random

from benchmarks.connection import Trouble

TYPED = "12"  # what every open item takes, whether it wants a number or a text
FORM = re.compile(r'<form [^>]*?action="(/attempts/\w+/(?:responses|finish))".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
CHOICE = re.compile(r'<input type="(?:radio|checkbox)" name="answer" value="([^"]*)"')
BLANK = re.compile(
    r'<select [^>]*?name="answer".*?</select>'
    r'|<input [^>]*?type="text"[^>]*?name="answer"'
    r'|<textarea [^>]*?name="answer"',
    re.DOTALL,
)
OPTION = re.compile(r'<option value="([^"]+)"')
SAVE = re.compile(r'<button [^>]*?name="then" value="(-?\d+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """The form of an attempt's page that goes on: of an item or, after the last, the one that finishes.

    `blanks` are the options of each drop-down list, none for a box to type into. `then` is empty where the server
    chooses what follows.
    """

    action: str
    hidden: dict[str, str]
    choices: list[str]
    blanks: list[list[str]]
    then: str

    @property
    def is_review(self) -> bool:
        """Whether its form finishes the attempt."""
        return self.action.endswith("/finish")

    @property
    def seq(self) -> int:
        """The attempt's newest number."""
        return int(self.hidden["seq"])

    def fill(self, random: Random) -> list[tuple[str, str]]:
        """The form with some answer in it, as its first button sends it."""
        answers = [random.choice(self.choices)] if self.choices else self._fill_blanks(random)
        then = [("then", self.then)] if self.then else []
        return [*self.hidden.items(), *(("answer", answer) for answer in answers), *then]

    def _fill_blanks(self, random: Random) -> list[str]:
        """Something for each blank; lines, whose options are places, stay in the order they are shown in."""
        if any(":" in option for options in self.blanks for option in options):
            return [options[place] for place, options in enumerate(self.blanks)]
        return [random.choice(options) if options else TYPED for options in self.blanks]


def read_page(text: str) -> Page:
    """What an attempt's page or fragment holds. Raises: Trouble when there is no such form."""
    form = FORM.search(text)
    if form is None:
        raise Trouble("a page without the attempt's form")
    save = SAVE.search(form[0])
    return Page(
        action=form[1],
        hidden=dict(HIDDEN.findall(form[0])),
        choices=CHOICE.findall(form[0]),
        blanks=[OPTION.findall(blank) for blank in BLANK.findall(form[0])],
        then=save[1] if save else "",
    )


def read_token(text: str) -> str:
    """What proves to the server that a form came from this page. Raises: Trouble when the page has none."""
    token: str | None = dict(HIDDEN.findall(text)).get("csrf_token")
    if token is None:
        raise Trouble("a page without a token")
    return token
