"""What an item is called in a list."""

import pytest

from tests.builders import an_item
from tracker.assessment.item_title import LONGEST, title_of

CODE = '<pre tabindex="0"><code class="code"><span class="c-n">x</span> = 1</code></pre>'


def test_words_around_a_block_of_code_are_joined_without_marks() -> None:
    title = title_of(
        an_item(stem=f"<p>The file <code>a &lt; b</code> has the line</p>{CODE}<p>What does it need to run?</p>")
    )

    assert (title.words, title.code) == ("The file a < b has the line What does it need to run?", "")


@pytest.mark.parametrize(
    ("words", "code"),
    [("What does this print?", "import this"), ("What does the last line of it print, and where?", "")],
)
def test_words_that_could_be_many_an_items_come_with_the_first_line_of_code(words: str, code: str) -> None:
    title = title_of(an_item(stem=f"<p>{words}</p>{CODE}", stem_code="\nimport this\nx = 1\n"))

    assert (title.words, title.code) == (words, code)


def test_a_long_stem_is_cut_between_words() -> None:
    words = title_of(an_item(stem=f"<p>{'word ' * 40}</p>")).words

    assert len(words) <= LONGEST
    assert words.endswith("word …")
