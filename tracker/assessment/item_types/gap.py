"""Gaps to fill in the stem's code."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer, BadAnswer, Miss, Option
from tracker.assessment.item_types.asked import Asked, Blank
from tracker.assessment.item_types.filled import Filled
from tracker.assessment.item_types.single import SingleChoice
from tracker.assessment.item_types.text import TextAnswer
from tracker.assessment.item_types.trials import doubts_about_works
from tracker.assessment.proof import Evidence, Trial

Gap = SingleChoice | TextAnswer
GAP = re.compile(r"\bGAP(\d)\b")


@dataclass(frozen=True, slots=True)
class GapFill:
    """Fill each gap by choosing or typing; an answer holds an option's id or a text for each, empty for none.

    A gap is a small item itself; no two of them have options of the same id.
    """

    name: ClassVar[str] = "gap"
    gaps: tuple[Gap, ...]

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(option for gap in self.gaps for option in gap.options)

    @property
    def guessing(self) -> float:
        return math.prod(gap.guessing for gap in self.gaps)

    @property
    def key(self) -> Answer:
        return tuple(text for gap in self.gaps for text in gap.key)

    @property
    def slips(self) -> tuple[Answer, ...]:
        return tuple(
            (*self.key[:at], *slip, *self.key[at + 1 :]) for at, gap in enumerate(self.gaps) for slip in gap.slips
        )

    def arrange(self, random: Random) -> tuple[str, ...]:
        return tuple(option_id for gap in self.gaps for option_id in gap.arrange(random))

    def ask(self, option_ids: Sequence[str], answer: Answer) -> Asked:
        asked = [gap.ask(option_ids, given) for gap, given in self._pairs(answer)]
        return Asked(
            blanks=tuple(Blank(f"Gap {number}", one.options, one.typed) for number, one in enumerate(asked, start=1))
        )

    def read(self, sent: Sequence[str]) -> Answer:
        if not any(text.strip() for text in sent):
            return ()
        if len(sent) != len(self.gaps):
            raise BadAnswer("Fill the gaps shown.")
        return tuple(self._read_gap(number, text) for number, text in enumerate(sent, start=1))

    def send(self, answer: Answer) -> list[str]:
        return ["".join(gap.send(given)) for gap, given in self._pairs(answer)]

    def mark(self, answer: Answer) -> float:
        return sum(gap.mark(given) for gap, given in self._pairs(answer)) / len(self.gaps)

    def mistakes(self, answer: Answer) -> tuple[Option | Miss, ...]:
        return tuple(mistake for gap, given in self._pairs(answer) for mistake in gap.mistakes(given))

    def filled(self, answer: Answer) -> tuple[Filled, ...]:
        """Every gap with what was given for it and its key."""
        return tuple(
            _filled(f"Gap {number}", gap, given) for number, (gap, given) in enumerate(self._pairs(answer), start=1)
        )

    def trials(self, stem_code: str) -> tuple[Trial, ...]:
        """The stem's code with each foreseen text in one gap and the key in the others."""
        right = [_right_texts(gap)[0] for gap in self.gaps]
        return tuple(
            Trial(f"GAP{at + 1} = {text}", _fill(stem_code, [*right[:at], text, *right[at + 1 :]]), is_right)
            for at, gap in enumerate(self.gaps)
            for text, is_right in gap.foreseen
        )

    def doubts(self, evidence: Evidence, stem_code: str) -> tuple[str, ...]:
        if evidence.works is None:
            return ("The proof must leave a function `works`.",)
        return doubts_about_works(self.trials(stem_code), evidence.works)

    def _pairs(self, answer: Answer) -> list[tuple[Gap, Answer]]:
        """Each gap with its own answer."""
        given = answer or ("",) * len(self.gaps)
        return [(gap, (text,) if text else ()) for gap, text in zip(self.gaps, given, strict=True)]

    def _read_gap(self, number: int, text: str) -> str:
        try:
            return "".join(self.gaps[number - 1].read([text]))
        except BadAnswer as error:
            raise BadAnswer(f"Gap {number}: {error}") from None


def _filled(label: str, gap: Gap, given: Answer) -> Filled:
    plain = {option.id: option.plain for option in gap.options}
    mistakes: tuple[Option | Miss, ...] = gap.mistakes(given)
    return Filled(
        label=label,
        given="".join(plain.get(text, text) for text in given),
        is_right=gap.mark(given) == 1,
        keys=_right_texts(gap),
        note="".join(option.note for option in gap.options if option.is_key),
        mistake=mistakes[0] if mistakes else None,
        others=tuple(option for option in gap.options if not option.is_key and option.id not in given),
    )


def _right_texts(gap: Gap) -> tuple[str, ...]:
    return tuple(text for text, is_right in gap.foreseen if is_right)


def _fill(code: str, texts: Sequence[str]) -> str:
    """The code with these texts in its gaps."""
    return GAP.sub(lambda found: texts[int(found[1]) - 1], code)
