"""What every item type can do; all other code knows no more of a type than this."""

from collections.abc import Sequence
from random import Random
from typing import ClassVar, Protocol

from tracker.assessment.item_types.answer import Answer, Miss, Option
from tracker.assessment.item_types.asked import Asked
from tracker.assessment.proof import Evidence, Trial


class ItemType(Protocol):
    """An item's body: what can be answered to its stem, and what each answer is worth."""

    name: ClassVar[str]

    @property
    def options(self) -> tuple[Option, ...]:
        """Everything that can be chosen."""

    @property
    def guessing(self) -> float:
        """The chance of a full mark by guessing."""

    @property
    def key(self) -> Answer:
        """An answer with the full mark."""

    @property
    def slips(self) -> tuple[Answer, ...]:
        """Wrong answers that people are foreseen to give: each shows another mistake."""

    def arrange(self, random: Random) -> tuple[str, ...]:
        """The ids of the options in the order that one form shows them in."""

    def ask(self, option_ids: Sequence[str], answer: Answer) -> Asked:
        """What a page shows of the item: its options in this order, with what was answered so far."""

    def read(self, sent: Sequence[str]) -> Answer:
        """The answer in the values of a form's fields, blanks included. Raises: BadAnswer."""

    def send(self, answer: Answer) -> list[str]:
        """The values that a form sends for an answer: what `read` reads."""

    def mark(self, answer: Answer) -> float:
        """The mark for an answer, 0 to 1; only the exact key has 1."""

    def mistakes(self, answer: Answer) -> tuple[Option | Miss, ...]:
        """The wrong choices and foreseen misses in an answer, each with its note."""

    def trials(self, stem_code: str) -> tuple[Trial, ...]:
        """Every text that a proof's function `works` is called with; none when this type takes no such proof."""

    def doubts(self, evidence: Evidence, stem_code: str) -> tuple[str, ...]:
        """What this evidence leaves unproved, a sentence each; nothing when it proves the key."""
