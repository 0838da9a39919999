"""Markdown to safe HTML, code highlighted; done once, when the bank is loaded."""

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

TAGS = {"p", "pre", "code", "span", "em", "strong", "ul", "ol", "li", "br", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"span": {"class"}, "code": {"class"}, "pre": {"tabindex"}}


def block(text: str) -> str:
    """Whole paragraphs of Markdown as safe HTML."""
    return _clean(_PARSER.render(text))


def inline(text: str) -> str:
    """Markdown as safe HTML; a single paragraph comes without its `<p>`."""
    return block(text) if "\n" in text.strip() else _clean(_PARSER.renderInline(text.strip()))


def _highlight(code: str, language: str, _attributes: str) -> str:
    """One fenced block, wide ones scrollable with the keyboard; an unknown language is left plain."""
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    coloured = highlight(code, lexer, _FORMATTER).rstrip("\n")
    return f'<pre tabindex="0"><code class="code">{coloured}</code></pre>'


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel=None).strip()


_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix="c-")
_PARSER = MarkdownIt("commonmark", {"html": False, "highlight": _highlight}).enable("table").disable(["link", "image"])
