"""What the types that are answered by typing have in common."""

import re
from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer, BadAnswer, Miss, Option
from tracker.assessment.item_types.asked import Asked
from tracker.assessment.proof import Evidence, Trial

LONGEST_TYPED_ANSWER = 200

_OTHER_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


@dataclass(frozen=True, slots=True)
class Typed(ABC):
    """Something to type, with its foreseen misses; an answer holds the one text."""

    misses: tuple[Miss, ...]
    options: ClassVar[tuple[Option, ...]] = ()
    guessing: ClassVar[float] = 0.0

    @property
    @abstractmethod
    def accepted(self) -> tuple[str, ...]:
        """Texts that are right; the first is shown as the key."""

    @abstractmethod
    def accepts(self, text: str) -> bool:
        """Whether a text is right. Raises: BadAnswer when it cannot be an answer."""

    @abstractmethod
    def normal(self, text: str) -> Hashable:
        """What two texts have in common that are the same answer."""

    @property
    def key(self) -> Answer:
        return self.accepted[:1]

    @property
    def slips(self) -> tuple[Answer, ...]:
        return tuple((miss.answer,) for miss in self.misses)

    @property
    def foreseen(self) -> tuple[tuple[str, bool], ...]:
        """Every text the author foresaw, and whether it is right."""
        return (*((text, True) for text in self.accepted), *((miss.answer, False) for miss in self.misses))

    def arrange(self, random: Random) -> tuple[str, ...]:  # noqa: ARG002 -- there is nothing to choose
        return ()

    def ask(self, option_ids: Sequence[str], answer: Answer) -> Asked:  # noqa: ARG002 -- there is nothing to choose
        return Asked(typed=answer[0] if answer else "")

    def read(self, sent: Sequence[str]) -> Answer:
        text = single_text(sent).strip()
        if len(text) > LONGEST_TYPED_ANSWER:
            raise BadAnswer(f"Type at most {LONGEST_TYPED_ANSWER} characters.")
        if not text.isprintable():
            raise BadAnswer("Type plain characters on one line.")
        return (text,) if text else ()

    def send(self, answer: Answer) -> list[str]:
        return list(answer)

    def mark(self, answer: Answer) -> float:
        return float(bool(answer) and self.accepts(answer[0]))

    def mistakes(self, answer: Answer) -> tuple[Miss, ...]:
        normal = [self.normal(text) for text in answer]
        return tuple(miss for miss in self.misses if self.normal(miss.answer) in normal)

    def trials(self, stem_code: str) -> tuple[Trial, ...]:  # noqa: ARG002 -- a value proves what is typed
        return ()

    def doubts(self, evidence: Evidence, stem_code: str) -> tuple[str, ...]:  # noqa: ARG002 -- a value proves it alone
        shown = evidence.printed if evidence.printed is not None else evidence.value
        if shown is None:
            return ("The proof must leave `value`, or run the stem.",)
        try:
            is_right = self.accepts(shown)
        except BadAnswer:
            is_right = False
        return () if is_right else (f"{shown!r} is not accepted as the answer.",)


def single_text(sent: Sequence[str]) -> str:
    """The one text that was sent, blank ones aside; empty when there is none. Raises: BadAnswer for several.

    The wide and no-break spaces that keyboards and copied pages slip in, unseen, become plain ones.
    """
    texts = [text for text in sent if text.strip()]
    if len(texts) > 1:
        raise BadAnswer("Type one answer.")
    return _OTHER_SPACES.sub(" ", texts[0]) if texts else ""
