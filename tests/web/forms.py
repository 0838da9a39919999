"""Pages as a browser without JavaScript sees them: the forms in them, and what each would send."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form. `values` is what it sends when nothing is touched, `choices` what can be chosen or typed into."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def sent(self, button: tuple[str, str] | None = None, **changed: str | list[str]) -> dict[str, str | list[str]]:
        """What is sent with this button, after these changes."""
        return {**self.values, **changed, **(dict([button]) if button else {})}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
            self._is_inside = True
        elif tag == "input" and self._is_inside and "name" in found:
            self._input(self.forms[-1], found)
        elif tag == "button" and self._is_inside and "name" in found:
            self.forms[-1].buttons.append((found["name"], found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False

    def _input(self, form: Form, found: dict[str, str]) -> None:
        name, value = found["name"], found.get("value", "")
        if found.get("type") in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value)
            if "checked" not in found:
                return
        elif found.get("type") != "hidden":
            form.typed.append(name)
        form.values.setdefault(name, []).append(value)


def forms(html: str) -> list[Form]:
    """All forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def form(html: str, action: str) -> Form:
    """The one form of a page whose address ends so."""
    (found,) = [each for each in forms(html) if each.action.endswith(action)]
    return found


def neutral(html: str) -> str:
    """A page without what differs from one request to the next although nothing else does: its form tokens."""
    return re.sub(r'name="csrf_token" value="[^"]*"', 'name="csrf_token"', html)
