"""Markdown to safe HTML, code highlighted; done once, when the bank is loaded."""

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from tracker.assessment.item_types.gap import GAP
from tracker.storage.rendered import remembered

FENCE = "fence"
TAGS = {"p", "pre", "code", "span", "em", "strong", "ul", "ol", "li", "br", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"span": {"class"}, "code": {"class"}, "pre": {"tabindex"}}


@remembered
def block(text: str) -> str:
    """Whole paragraphs of Markdown as safe HTML."""
    return _clean(_PARSER.render(text))


@remembered
def inline(text: str) -> str:
    """Markdown as safe HTML; a single paragraph comes without its `<p>`."""
    return block(text) if "\n" in text.strip() else _clean(_PARSER.renderInline(text.strip()))


@remembered
def plain(text: str) -> str:
    """The text of one option without backticks or, when it is one block of code, that code."""
    tokens = _PARSER.parse(text.strip())
    is_block = len(tokens) == 1 and tokens[0].type == FENCE
    return tokens[0].content.removesuffix("\n") if is_block else text.strip().replace("`", "")


@remembered
def code(text: str, language: str) -> str:
    """Lines of code as safe HTML, highlighted, their spaces kept."""
    return _clean(f'<code class="code">{_coloured(text, language)}</code>')


@remembered
def first_code(text: str) -> str:
    """The first fenced block as it is written; empty when there is none."""
    return next((token.content for token in _PARSER.parse(text) if token.type == FENCE), "")


def with_gaps(html: str) -> str:
    """The same with GAP1, GAP2 and so on shown as numbered gaps."""
    return GAP.sub(r'<span class="gap"><span class="visually-hidden">gap </span>\1</span>', html)


def _highlight(code: str, language: str, _attributes: str) -> str:
    """One fenced block, wide ones scrollable with the keyboard."""
    return f'<pre tabindex="0"><code class="code">{_coloured(code, language)}</code></pre>'


def _coloured(code: str, language: str) -> str:
    """Code with its words marked; an unknown language is left plain."""
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    return highlight(code, lexer, _FORMATTER).rstrip("\n")


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel=None).strip()


_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix="c-")
_PARSER = MarkdownIt("commonmark", {"html": False, "highlight": _highlight}).enable("table").disable(["link", "image"])
