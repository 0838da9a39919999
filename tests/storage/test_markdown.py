"""What Markdown becomes, and what never gets through it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.storage import markdown
from tracker.storage.markdown import TAGS

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "![picture](https://evil.example/pixel.gif)",
    "<javascript:alert(1)>",
    "<https://evil.example>",
    "[click][1]\n\n[1]: javascript:alert(1)",
    "~~~html\n<script>alert(1)</script>\n~~~",
    '~~~"><script>alert(1)</script>\ncode\n~~~',
    "`<script>alert(1)</script>`",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p style='position:fixed'>x</p>",
    "<!-- comment --><iframe src=//evil.example></iframe>",
]
fragments = st.sampled_from([*ATTACKS, "\n", "\n\n", "`", "~~~", "<", ">", "&", "*", "text", "\x00", "|", "- ", "> "])


def tags_in(html: str) -> list[str]:
    return re.findall(r"<[^>]*>", html)


def assert_harmless(html: str) -> None:
    """Only allowed tags, and of attributes only classes and the keyboard's way in."""
    for tag in tags_in(html):
        match = re.fullmatch(r'</?([a-z]+)((?: class="[\w -]*"| tabindex="0")*)>', tag)
        assert match, tag
        assert match[1] in TAGS


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_script_link_picture_or_style_gets_through(attack: str) -> None:
    for html in (markdown.block(attack), markdown.inline(attack), markdown.block(f"Text {attack} text.")):
        assert_harmless(html)


@settings(deadline=None)
@given(st.lists(fragments, max_size=12))
def test_no_mixture_of_attacks_gets_through(parts: list[str]) -> None:
    assert_harmless(markdown.block("".join(parts)))


def test_what_looks_like_html_is_shown_as_it_was_written() -> None:
    assert markdown.inline("Use `<b>` or <b>") == "Use <code>&lt;b&gt;</code> or &lt;b&gt;"


def test_paragraphs_lists_and_emphasis_become_html() -> None:
    html = markdown.block("One *two* **three**.\n\n- a\n- b")

    assert html == "<p>One <em>two</em> <strong>three</strong>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"


def test_fenced_code_is_coloured_and_can_be_scrolled_with_the_keyboard() -> None:
    html = markdown.block("~~~python\nprint('x' * 2)\n~~~")

    assert html.startswith('<pre tabindex="0"><code class="code"><span class="c-nb">print</span>')
    assert "\n</code>" not in html


def test_code_in_an_unknown_language_is_left_plain() -> None:
    assert markdown.block("~~~klingon\nQapla'\n~~~") == '<pre tabindex="0"><code class="code">Qapla\'</code></pre>'


def test_a_table_becomes_a_table() -> None:
    html = markdown.block("| a | b |\n|---|---|\n| 1 | 2 |")

    assert {"<table>", "<th>", "<td>"} <= set(tags_in(html))


def test_one_line_comes_without_a_paragraph_and_more_lines_with_theirs() -> None:
    assert markdown.inline(" `x` is *it* ") == "<code>x</code> is <em>it</em>"
    assert markdown.inline("~~~python\nx = 1\n~~~").startswith("<pre")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("`x = 1`", "x = 1"),
        (" Use `a` or `b` ", "Use a or b"),
        ("~~~python\nif x:\n    y()\n~~~", "if x:\n    y()"),
        ("\n~~~\n  indented\n\nend\n~~~\n", "  indented\n\nend"),
        ("Two:\n\n~~~\nx\n~~~", "Two:\n\n~~~\nx\n~~~"),
    ],
)
def test_the_plain_text_of_an_option_has_no_backticks_and_no_fence(text: str, plain: str) -> None:
    assert markdown.plain(text) == plain


def test_the_first_block_of_code_is_given_as_it_is_written() -> None:
    text = "`not this`\n\n~~~python\n  x = 1\n\n~~~\n\n~~~json\n{}\n~~~"

    assert markdown.first_code(text) == "  x = 1\n\n"
    assert markdown.first_code("no code") == ""


def test_a_line_of_code_keeps_its_indentation_and_is_harmless() -> None:
    line = markdown.code("    print('<script>')", "python")

    assert line.startswith('<code class="code">    <span')
    assert "<script" not in line
    assert markdown.code("<b>", "no such language") == '<code class="code">&lt;b&gt;</code>'


@pytest.mark.parametrize("language", ["python", "sql", "bash", "yaml", "http", "graphql", "html+jinja", "text"])
def test_gaps_stay_whole_whatever_the_language_and_are_shown_by_their_number(language: str) -> None:
    html = markdown.block(f"~~~{language}\nGAP1 x GAP2\n~~~")

    shown = markdown.with_gaps(html)

    assert shown.count('<span class="gap"><span class="visually-hidden">gap </span>') == 2
    assert "GAP" not in shown
    assert plain_words(shown).split() == ["gap", "1", "x", "gap", "2"]


def plain_words(html: str) -> str:
    """The text of a piece of HTML."""
    return re.sub(r"<[^>]+>", "", html)
