"""Whatever people type is text on every page, for everybody."""

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import quote

from tests.web.forms import forms
from tests.web.test_access_matrix import ACTORS, MATRIX, Row, Scene
from tests.web.test_access_matrix import scene as scene  # a fixture

TAG = "told-as-html"
TEXTS = {"name", "text", "reason", "because"}
OTHERS = {
    "address", "answer", "answers", "attempts", "closes_at", "code", "confirm", "current", "days", "email",
    "extra_minutes", "file", "minutes", "most_uses", "opens_at", "password", "pasted", "percent", "person", "since",
    "typed", "until", "username", "wanted", "zone",
}  # fmt: skip
"""Boxes for no text as people like it: dates, numbers, secrets, addresses, answers that are compared with a key."""

ASKED = {"action", "cursor", "format", "level", "next", "order", "page", "place", "sort", "state", "status", "type"}
"""What addresses ask for besides."""

UNSHOWN = ("/credits",)
"""What stands on no page: why somebody got more time is in what they take away of themselves."""

WRITERS = ("ada", "lena", "vera")
READERS = ("ada", "lena", "omar", "vera", "adam")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        links = [value or "" for name, value in attributes if name in {"href", "src", "action", "formaction"}]
        if TAG in tag or any(TAG in name for name, _ in attributes) or any(link.startswith("java") for link in links):
            self.found.append(tag)


def test_what_people_type_never_becomes_a_part_of_a_page(scene: Scene) -> None:
    typed = type_everywhere(scene)
    shown = set()
    for where, page in pages(scene):
        assert _tags(page) == [], where
        assert str(7 * 7777) not in page, where
        shown |= {field for number, field in typed.items() if _mark(number) in page}
    print(sorted(set(typed.values()) - shown))
    assert shown == set(typed.values())


def test_what_stands_in_an_address_never_becomes_a_part_of_a_page(scene: Scene) -> None:
    query = "&".join(f"{name}={quote(_attack(0))}" for name in sorted(TEXTS | OTHERS | ASKED))
    found = 0
    for row in (row for row in MATRIX if row.method == "GET"):
        actor = next((actor for actor in READERS if row.expected(actor) == 200), "visitor")
        answer = scene.browsers[actor].get(f"{row.path(scene.names)}?{query}")
        page = answer.text if answer.mimetype == "text/html" else ""
        found += _mark(0) in page
        assert _tags(page) == [], row
    assert found


def test_every_box_of_every_form_is_known_as_text_or_as_something_else(scene: Scene) -> None:
    boxes = {name for _, page in pages(scene) for form in forms(page) if form.action for name in _typed_in(form.boxes)}
    print(sorted(boxes - TEXTS - OTHERS))
    assert boxes - TEXTS - OTHERS == set(), sorted(boxes)


def type_everywhere(scene: Scene) -> dict[int, str]:
    """Send every form that takes text, each with an attack of its own. Gives where they were sent, by number."""
    typed: dict[int, str] = {}
    for row in MATRIX:
        texts = TEXTS & set(row.data)
        if row.method != "POST" or not texts or row.rule.startswith("/sign-up/confirm"):  # its form has no name
            continue
        for actor in ACTORS if row.rule == "/account/profile" else _writer(row):
            number = len(typed)
            answer = scene.send(replace(row, data={**row.data, **dict.fromkeys(texts, _attack(number))}), actor)
            assert answer.status_code == row.expected(actor), row
            typed[number] = row.rule
    return typed


def pages(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every page that anybody of the cast can open, and its text."""
    for row in MATRIX:
        for actor in READERS:
            if row.method == "GET" and row.expected(actor) == 200:
                answer = scene.send(row, actor)
                if answer.mimetype == "text/html":
                    yield f"{row} for {actor}", answer.text


def _tags(page: str) -> list[str]:
    """The tags in a page that are there by what was typed."""
    reader = _Tags()
    reader.feed(page)
    return reader.found


def _attack(number: int) -> str:
    """A text that breaks out of text, attributes and templates that let it; its braces outlive the matrix's own."""
    return f"""{_mark(number)}"'><{TAG}>{{{{{{{{7*7777}}}}}}}}"""


def _mark(number: int) -> str:
    return f"typed-{number}-here"


def _writer(row: Row) -> list[str]:
    return [actor for actor in (*WRITERS, *ACTORS) if row.expected(actor) < 400][:1]


def _typed_in(boxes: dict[str, list[list[str]]]) -> set[str]:
    return {name for name, offered in boxes.items() if not all(offered)}
