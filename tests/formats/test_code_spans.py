"""Code within plain text, as pages show it."""

import pytest

from tracker.formats.code_spans import code_spans


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The rest of a `pytest.raises` block", "The rest of a <code>pytest.raises</code> block"),
        ("`is` and `not`", "<code>is</code> and <code>not</code>"),
        ("a < b & `<b>`", "a &lt; b &amp; <code>&lt;b&gt;</code>"),
    ],
)
def test_what_stands_between_backticks_is_code_and_nothing_is_markup(text: str, shown: str) -> None:
    assert code_spans(text) == shown
