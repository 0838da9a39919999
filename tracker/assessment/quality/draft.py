"""An item as its author wrote it: the plain text that is judged, not the HTML that is served."""

import re
from dataclasses import dataclass
from functools import cached_property

from tracker.assessment.proof import Proof

_FENCE = re.compile(r"^~~~ *([\w+-]*)\n(.*?)^~~~ *$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block; `language` is what it claims to be."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option in Markdown, in the file's order."""

    text: str
    is_key: bool


@dataclass(frozen=True)
class Draft:
    """One item, or a family's first variant. `choices` are the options of a single choice or multiple response."""

    id: str
    type: str
    difficulty: int
    stem: str
    explanation: str
    choices: tuple[Choice, ...]
    proof: Proof
    is_family: bool

    @property
    def topic_id(self) -> str:
        return self.id.rpartition("/")[0]

    @property
    def where(self) -> str:
        """The file's path in the bank."""
        return f"items/{self.id}.toml"

    @cached_property
    def stem_prose(self) -> str:
        """The stem without its code blocks."""
        return _FENCE.sub(" ", self.stem).strip()

    @cached_property
    def stem_blocks(self) -> tuple[CodeBlock, ...]:
        return find_blocks(self.stem)

    @cached_property
    def blocks(self) -> tuple[CodeBlock, ...]:
        """Every code block of the stem, the options and the explanation."""
        texts = (self.stem, *(choice.text for choice in self.choices), self.explanation)
        return tuple(block for text in texts for block in find_blocks(text))


def find_blocks(markdown: str) -> tuple[CodeBlock, ...]:
    """The fenced blocks of a Markdown text."""
    return tuple(CodeBlock(*found.groups()) for found in _FENCE.finditer(markdown))
