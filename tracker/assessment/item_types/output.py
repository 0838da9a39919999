"""What a program prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer, BadAnswer
from tracker.assessment.item_types.printed import printed_lines
from tracker.assessment.item_types.typed import Typed, single_text

LONGEST_OUTPUT = 500
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class OutputAnswer(Typed):
    """Type what the stem's code prints; right when every line is equal."""

    name: ClassVar[str] = "output"
    answer: str

    @property
    def accepted(self) -> tuple[str, ...]:
        return ("\n".join(printed_lines(self.answer)),)

    @property
    def slips(self) -> tuple[Answer, ...]:
        return tuple(("\n".join(printed_lines(miss.answer)),) for miss in self.misses)

    def accepts(self, text: str) -> bool:
        return self.normal(text) == self.normal(self.answer)

    def normal(self, text: str) -> tuple[str, ...]:
        return printed_lines(text)

    def read(self, sent: Sequence[str]) -> Answer:
        lines = printed_lines(single_text(sent))
        text = "\n".join(lines)
        if len(lines) > MOST_LINES:
            raise BadAnswer(f"Type at most {MOST_LINES} lines.")
        if len(text) > LONGEST_OUTPUT:
            raise BadAnswer(f"Type at most {LONGEST_OUTPUT} characters.")
        if not all(line.isprintable() for line in lines):
            raise BadAnswer("Type plain characters and spaces only.")
        return (text,) if text else ()
