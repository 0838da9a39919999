"""A number to type."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer, BadAnswer
from tracker.assessment.item_types.asked import Asked
from tracker.assessment.item_types.typed import Typed


@dataclass(frozen=True, slots=True)
class NumberAnswer(Typed):
    """Type a number; right within the tolerance."""

    name: ClassVar[str] = "number"
    answer: float
    tolerance: float
    unit: str

    @property
    def accepted(self) -> tuple[str, ...]:
        return (repr(self.answer).removesuffix(".0"),)

    def accepts(self, text: str) -> bool:
        return abs(_exact(_number(text)) - _exact(self.answer)) <= _exact(self.tolerance)

    def normal(self, text: str) -> float | str:
        try:
            return _number(text)
        except BadAnswer:
            return text

    def ask(self, option_ids: Sequence[str], answer: Answer) -> Asked:
        return replace(Typed.ask(self, option_ids, answer), unit=self.unit)

    def read(self, sent: Sequence[str]) -> Answer:
        answer = Typed.read(self, sent)
        if answer:
            _number(answer[0])
        return answer


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
