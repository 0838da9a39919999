"""Pages as a browser without JavaScript sees them: the forms in them, and what each would send."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form. `values` is what it sends when nothing is touched, `choices` what can be chosen.

    `boxes` has, for each name, its text boxes and drop-down lists in order: the values a list offers, none for a box.
    """

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    boxes: dict[str, list[list[str]]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def sent(self, button: tuple[str, str] | None = None, **changed: str | list[str]) -> dict[str, str | list[str]]:
        """What is sent with this button, after these changes."""
        return {**self.values, **changed, **(dict([button]) if button else {})}

    def some_answer(self) -> list[str]:
        """What is sent by somebody who answers without thinking: each list another of its values."""
        if self.choices:
            return self.choices["answer"][:1]
        boxes = self.boxes.get("answer", [])
        return [offered[min(number, len(offered) - 1)] if offered else "5" for number, offered in enumerate(boxes, 1)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._is_inside = False
        self._textarea = ""
        self._list = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
            self._is_inside = True
        elif tag == "input" and self._is_inside and "name" in found:
            self._input(self.forms[-1], found)
        elif tag == "select" and self._is_inside and "name" in found:
            self._select(self.forms[-1], found["name"])
        elif tag == "option" and self._is_inside:
            self._option(self.forms[-1], found)
        elif tag == "textarea" and self._is_inside and "name" in found:
            self._textarea = found["name"]
            self._box(self.forms[-1], found["name"], "")
        elif tag == "button" and self._is_inside and "name" in found:
            self.forms[-1].buttons.append((found["name"], found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].values[self._textarea][-1] += data.removeprefix("\n")  # HTML drops the first line break

    def _select(self, form: Form, name: str) -> None:
        self._box(form, name, "")
        self._list = name

    def _box(self, form: Form, name: str, value: str) -> None:
        form.boxes.setdefault(name, []).append([])
        form.values.setdefault(name, []).append(value)

    def _option(self, form: Form, found: dict[str, str]) -> None:
        """A list sends one value: its first one's unless another is selected."""
        offered = form.boxes[self._list][-1]
        offered.append(found.get("value", ""))
        if len(offered) == 1 or "selected" in found:
            form.values[self._list][-1] = offered[-1]

    def _input(self, form: Form, found: dict[str, str]) -> None:
        name, value = found["name"], found.get("value", "")
        if found.get("type") in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value)
            if "checked" not in found:
                return
        elif found.get("type") != "hidden":
            self._box(form, name, value)
            return
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
