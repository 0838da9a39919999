"""A text to type."""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from tracker.assessment.item_types.typed import Typed


@dataclass(frozen=True, slots=True)
class TextAnswer(Typed):
    """Type a word, a value or a command; right when equal to an accepted answer once both are normalised."""

    name: ClassVar[str] = "text"
    answers: tuple[str, ...]
    case_sensitive: bool

    @property
    def accepted(self) -> tuple[str, ...]:
        return self.answers

    def accepts(self, text: str) -> bool:
        return self.normal(text) in {self.normal(one) for one in self.accepted}

    def normal(self, text: str) -> str:
        spaced = " ".join(unicodedata.normalize("NFKC", text).split())
        return spaced if self.case_sensitive else spaced.casefold()
