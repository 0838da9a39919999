"""Texts that no spreadsheet takes for formulas, and that XML can hold."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.formats.plain_text import plain, writable

FORMULAS = [
    *("=1+1", "+49 30 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x")', "=cmd|' /C calc'!A0"),
    *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\ufe66", "\u207a1", "\u22121"),
    *(" =1", "\u00a0=1", "\u3000\uff1d1", "\ufeff=1", "\u200b+1", "\u202e-1", "\x01=1", "\x00@1"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_where_a_formula_could_begin_stands_a_quote_first(text: str) -> None:
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["Ada", "", "1+1", "O'Neil", "a=b", "Ünsal", "\u05d0\u05d3\u05d4", "👩🏽‍💻", "3 - 4", "_x0041_"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


@given(st.text(max_size=80))
@example("\u200b\u200e =1")
@example("\U00018d09=")
def test_no_plain_text_begins_as_a_formula_does_whatever_spaces_and_widths_it_has(text: str) -> None:
    shown = [sign for sign in plain(text) if sign.isprintable() and not sign.isspace()]
    assert not "".join(unicodedata.normalize("NFKC", sign) for sign in shown).startswith(("=", "+", "-", "@", "\u2212"))
    assert plain(text).removeprefix("'") == text.removeprefix("'")


def test_what_xml_cannot_hold_is_replaced_and_nothing_else() -> None:
    assert writable("a\x00b\x1fc\ufffed\t\ne\u2028🎓") == "a\ufffdb\ufffdc\ufffdd\t\ne\u2028🎓"
