"""An item's name in a list: its stem, shortened."""

import re
from dataclasses import dataclass
from html import unescape
from textwrap import shorten

from tracker.assessment.item import Item

LONGEST = 80
SAYS_LITTLE = 40
"""A shorter stem could be many an item's, such as "What does this print?"."""

_BLOCK = re.compile(r"<pre.*?</pre>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class ItemTitle:
    """What an item is called. code: the first line of its code where the words alone say little, else empty."""

    words: str
    code: str


def title_of(item: Item) -> ItemTitle:
    """The words of the stem without its blocks of code."""
    words = shorten(unescape(_TAG.sub("", _BLOCK.sub(" ", item.stem))), LONGEST, placeholder=" …")
    return ItemTitle(words, _first_line(item) if len(words) < SAYS_LITTLE else "")


def _first_line(item: Item) -> str:
    lines = item.stem_code.strip().splitlines()
    return shorten(lines[0], LONGEST, placeholder=" …") if lines else ""
