"""Multiple response."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer
from tracker.assessment.item_types.choice import Choice


@dataclass(frozen=True, slots=True)
class MultipleResponse(Choice):
    """Choose every right option; a wrong choice takes away what a right one gives, never below 0."""

    name: ClassVar[str] = "multiple"

    @property
    def guessing(self) -> float:
        return 1.0 / float(2 ** len(self.options) - 1)

    @property
    def slips(self) -> tuple[Answer, ...]:
        distractors = [option.id for option in self.options if not option.is_key]
        return tuple(tuple(sorted((*self.key[1:], distractor))) for distractor in distractors)

    def mark(self, answer: Answer) -> float:
        keys, chosen = set(self.key), set(answer)
        return max(0.0, (len(chosen & keys) - len(chosen - keys)) / len(keys))
