"""The item types: how each is answered and marked. One class a type, one line in the registry.

An answer is a tuple of strings for every type: option ids, or the one thing that was typed.
The empty tuple is "left out". Marks run from 0 to 1; only a full mark counts as right.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Protocol

Answer = tuple[str, ...]

LONGEST_TYPED_ANSWER = 200


class BadAnswer(ValueError):
    """What was sent cannot be an answer to this item; its text says why, for the learner."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `text` and `note` are safe HTML; `token` stands for the telling `id` in pages."""

    id: str
    token: str
    text: str
    note: str
    is_key: bool
    misconception: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A foreseen wrong answer to an open item, with the reason it is wrong (safe HTML)."""

    answer: str
    note: str
    misconception: str | None = None


class ItemType(Protocol):
    """What every type can do."""

    name: ClassVar[str]

    def read(self, sent: Sequence[str]) -> Answer:
        """The answer in what a form sent: option tokens, or what was typed. Raises: BadAnswer."""

    def mark(self, answer: Answer) -> float:
        """The mark for an answer, 0 to 1."""

    @property
    def guessing(self) -> float:
        """The chance of a full mark by guessing."""


@dataclass(frozen=True, slots=True)
class SingleChoice:
    """Choose the one right option."""

    name: ClassVar[str] = "single"
    options: tuple[Option, ...]

    def read(self, sent: Sequence[str]) -> Answer:
        if len(sent) > 1:
            raise BadAnswer("Choose one option.")
        return _known_options(sent, self.options)

    def mark(self, answer: Answer) -> float:
        return float(answer == tuple(option.id for option in self.options if option.is_key))

    @property
    def guessing(self) -> float:
        return 1 / len(self.options)


@dataclass(frozen=True, slots=True)
class MultipleResponse:
    """Choose every right option; plus/minus keying gives partial credit, never below 0."""

    name: ClassVar[str] = "multiple"
    options: tuple[Option, ...]

    def read(self, sent: Sequence[str]) -> Answer:
        return tuple(sorted(_known_options(sent, self.options)))

    def mark(self, answer: Answer) -> float:
        keys = {option.id for option in self.options if option.is_key}
        chosen = set(answer)
        return max(0.0, (len(chosen & keys) - len(chosen - keys)) / len(keys))

    @property
    def guessing(self) -> float:
        return 1.0 / float(2 ** len(self.options) - 1)


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """Type a number; right within the tolerance."""

    name: ClassVar[str] = "number"
    answer: float
    tolerance: float
    unit: str
    misses: tuple[Miss, ...]
    options: ClassVar[tuple[Option, ...]] = ()

    def read(self, sent: Sequence[str]) -> Answer:
        typed = _typed(sent)
        if typed:
            _number(typed[0])
        return typed

    def mark(self, answer: Answer) -> float:
        return float(bool(answer) and abs(_exact(_number(answer[0])) - _exact(self.answer)) <= _exact(self.tolerance))

    @property
    def accepted(self) -> tuple[str, ...]:
        return (repr(self.answer).removesuffix(".0"),)

    @property
    def guessing(self) -> float:
        return 0.0

    def find_miss(self, answer: Answer) -> Miss | None:
        """The foreseen mistake that this answer is, if it is one."""
        if not answer:
            return None
        value = _number(answer[0])
        return next((miss for miss in self.misses if _number(miss.answer) == value), None)


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """Type a word, a value or a command; right when equal to an accepted answer once both are normalised."""

    name: ClassVar[str] = "text"
    accepted: tuple[str, ...]
    case_sensitive: bool
    misses: tuple[Miss, ...]
    options: ClassVar[tuple[Option, ...]] = ()

    def read(self, sent: Sequence[str]) -> Answer:
        return _typed(sent)

    def mark(self, answer: Answer) -> float:
        return float(bool(answer) and self._normal(answer[0]) in {self._normal(text) for text in self.accepted})

    @property
    def guessing(self) -> float:
        return 0.0

    def find_miss(self, answer: Answer) -> Miss | None:
        """The foreseen mistake that this answer is, if it is one."""
        if not answer:
            return None
        normal = self._normal(answer[0])
        return next((miss for miss in self.misses if self._normal(miss.answer) == normal), None)

    def _normal(self, text: str) -> str:
        spaced = " ".join(unicodedata.normalize("NFKC", text).split())
        return spaced if self.case_sensitive else spaced.casefold()


Body = SingleChoice | MultipleResponse | NumberAnswer | TextAnswer

REGISTRY: dict[str, type[Body]] = {
    SingleChoice.name: SingleChoice,
    MultipleResponse.name: MultipleResponse,
    NumberAnswer.name: NumberAnswer,
    TextAnswer.name: TextAnswer,
}


def _known_options(sent: Sequence[str], options: tuple[Option, ...]) -> Answer:
    ids = {option.token: option.id for option in options}
    if len(set(sent)) != len(sent) or not ids.keys() >= set(sent):
        raise BadAnswer("Choose from the options shown.")
    return tuple(ids[token] for token in sent)


def _typed(sent: Sequence[str]) -> Answer:
    if len(sent) > 1:
        raise BadAnswer("Type one answer.")
    text = sent[0].strip() if sent else ""
    if len(text) > LONGEST_TYPED_ANSWER:
        raise BadAnswer(f"Type at most {LONGEST_TYPED_ANSWER} characters.")
    if not text.isprintable():
        raise BadAnswer("Type plain characters on one line.")
    return (text,) if text else ()


def _number(text: str) -> float:
    try:
        value = float(unicodedata.normalize("NFKC", text).strip().replace(",", "."))
    except ValueError:
        raise BadAnswer("Type a number, such as 12 or 0.5.") from None
    if not math.isfinite(value):
        raise BadAnswer("Type a number, such as 12 or 0.5.")
    return value


def _exact(value: float) -> Decimal:
    """The number as it is written: so 0.4 is 0.1 away from 0.3, which it is not in binary."""
    return Decimal(repr(value))
