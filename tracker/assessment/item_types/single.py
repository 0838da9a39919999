"""Single choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer, BadAnswer
from tracker.assessment.item_types.choice import Choice


@dataclass(frozen=True, slots=True)
class SingleChoice(Choice):
    """Choose the one right option."""

    name: ClassVar[str] = "single"

    @property
    def guessing(self) -> float:
        return 1 / len(self.options)

    @property
    def slips(self) -> tuple[Answer, ...]:
        return tuple((option.id,) for option in self.options if not option.is_key)

    def read(self, sent: Sequence[str]) -> Answer:
        answer = Choice.read(self, sent)
        if len(answer) > 1:
            raise BadAnswer("Choose one option.")
        return answer

    def mark(self, answer: Answer) -> float:
        return float(answer == self.key)
