"""Texts of people that no spreadsheet takes for more than text."""

import re
import unicodedata

FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
LINE_STARTS = frozenset("\t\r\n")
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def plain(text: str) -> str:
    """A text that no spreadsheet runs as a formula: where one could begin, whatever its width, stands a quote first."""
    if text[:1] in LINE_STARTS or _first_shown(text) in FORMULA_STARTS:
        return f"'{text}"
    return text


def writable(text: str) -> str:
    """A text that XML can hold: a control character becomes the sign for one that is not known."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _first_shown(text: str) -> str:
    """The first character that is neither a space nor unseen, in its usual width; empty without one."""
    shown = (sign for sign in text if sign.isprintable() and not sign.isspace())
    return unicodedata.normalize("NFKC", next(shown, ""))[:1]
