"""Whether a page is valid HTML: it parses without an error, and all stands where the standard lets it.

The rules are the HTML standard's for the elements and attributes that pages use; one that is not listed here is a fault
until it is.
"""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]

SVG = "{http://www.w3.org/2000/svg}"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


PHRASING = _names(
    "a abbr b br button code em i img input kbd label output progress q script select small span strong sub sup svg "
    "template textarea time wbr"
)
HEADINGS = _names("h1 h2 h3 h4")
FLOW = PHRASING | HEADINGS
FLOW |= _names(
    "article aside details dialog div dl fieldset figure footer form header hr main nav ol p pre section table ul"
)
INTERACTIVE = _names("a button details input label select textarea")
CONTENT = {
    **dict.fromkeys((PHRASING | HEADINGS | {"p", "pre"}) - {"a", "template"}, PHRASING),
    **dict.fromkeys(("summary", "legend"), PHRASING | HEADINGS),
    **dict.fromkeys(("dt", "th"), FLOW - HEADINGS),
    **{name: _names("li template") for name in ("ul", "ol")},
    **{name: _names("tr") for name in ("thead", "tbody", "tfoot")},
    "html": _names("head body"),
    "head": _names("meta title link script"),
    "dl": _names("dt dd div"),
    "table": _names("caption thead tbody tfoot colgroup"),
    "colgroup": _names("col"),
    "tr": _names("th td"),
    "select": _names("option optgroup"),
    "optgroup": _names("option"),
    "details": FLOW | {"summary"},
    "fieldset": FLOW | {"legend"},
    "figure": FLOW | {"figcaption"},
}
"""What may stand in an element; in all others, anything of `FLOW`."""
KNOWN = FLOW.union(*CONTENT.values(), CONTENT)
GLOBAL = _names("class id lang dir title hidden tabindex role inert autofocus spellcheck autocapitalize")
ATTRIBUTES = {
    "a": _names("href rel target download"),
    "button": _names("type name value disabled form formaction formnovalidate"),
    "col": _names("span"),
    "details": _names("open name"),
    "fieldset": _names("disabled"),
    "form": _names("method action enctype autocomplete novalidate"),
    "img": _names("src alt width height"),
    "input": _names(
        "type name value checked disabled readonly required autocomplete inputmode pattern placeholder min max step "
        "minlength maxlength size list form multiple accept"
    ),
    "label": _names("for"),
    "link": _names("rel href type media sizes"),
    "meta": _names("charset name content"),
    "ol": _names("start reversed"),
    "option": _names("value selected disabled label"),
    "optgroup": _names("label disabled"),
    "progress": _names("value max"),
    "script": _names("src type defer async"),
    "select": _names("name required disabled multiple size autocomplete form"),
    "td": _names("colspan rowspan headers"),
    "textarea": _names("name rows cols required disabled readonly placeholder minlength maxlength autocomplete form"),
    "th": _names("colspan rowspan headers scope abbr"),
    "time": _names("datetime"),
}
"""What an element takes besides `GLOBAL`, `data-…` and `aria-…`."""
CHECKABLE = _names("radio checkbox")
CONTROLS = _names("button input select textarea")
REFERENCES = _names("for aria-labelledby aria-describedby aria-controls headers list form")


def find_invalid(source: str, *, is_fragment: bool = False) -> list[str]:
    """What is invalid in the source of a page or, as a fragment, of a part of one that names nothing outside."""
    parser = HTMLParser(namespace_html_elements=False)
    page = parser.parse((f"<!doctype html><title>-</title>{source}" if is_fragment else source), full_tree=False)
    return [
        *(f"{place}: {error} {details or ''}" for place, error, details in parser.errors),
        *_misplaced(page, ()),
        *_unknown_attributes(page),
        *_broken_references(page),
    ]


def _misplaced(parent: Element, above: tuple[str, ...]) -> Iterator[str]:
    names = (*above, str(parent.tag))
    for child in parent:
        name = child.tag
        if not isinstance(name, str) or name.startswith(SVG):
            continue  # a comment, a drawing
        if name not in _allowed_in(names):
            yield f"<{name}> may not stand in <{' <'.join(names[-3:])}>"
        if _is_interactive(child) and {"a", "button"} & set(names):
            yield f"<{name}> may not stand in a link or button"
        yield from _misplaced(child, names)


def _allowed_in(names: tuple[str, ...]) -> frozenset[str]:
    """What may stand in the last of these; a link and a list's <div> take what their parents do."""
    *above, name = names
    if name == "a":
        return _allowed_in(tuple(above))
    if name == "div" and above and above[-1] == "dl":
        return _names("dt dd")
    return CONTENT.get(name, FLOW)


def _is_interactive(element: Element) -> bool:
    return element.tag in INTERACTIVE and element.get("type") != "hidden"


def _unknown_attributes(page: Element) -> Iterator[str]:
    for element in page.iter():
        name = element.tag
        if name not in KNOWN:
            continue  # in a drawing, or a fault already
        known = GLOBAL | ATTRIBUTES.get(name, frozenset())
        if name == "input" and element.get("type") in CHECKABLE:
            known -= {"autocomplete"}
        for attribute in set(element.keys()) - known:
            if not re.match(r"(data|aria)-[a-z]", str(attribute)):
                yield f"<{name}> has no attribute {attribute}"


def _broken_references(page: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.iter() if element.get("id") is not None)
    for one, times in ids.items():
        if times > 1 or not one or re.search(r"\s", one):
            yield f"The id {one!r} is there {times} times"
    for element in page.iter():
        named = [one for name in REFERENCES for one in element.get(name, "").split()]
        target = element.get("href", "")
        named += [target[1:]] if target.startswith("#") else []
        yield from (f"<{element.tag}> names {one!r}, which is not there" for one in named if one not in ids)
    for label in page.iter("label"):
        if sum(one.tag in CONTROLS and _is_interactive(one) for one in label.iter()) > 1:
            yield f"The label {''.join(label.itertext()).strip()!r} holds several controls"
