"""Lines of code to put in order."""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer, BadAnswer, Option
from tracker.assessment.item_types.asked import Asked, ask_options
from tracker.assessment.item_types.trials import doubts_about_works
from tracker.assessment.proof import Evidence, Trial

MOST_LINES_PERMUTED = 5
"""Of more lines, only every exchange of two is tried: 8 lines have 40 319 wrong orders."""


@dataclass(frozen=True, slots=True)
class Distractor:
    """A line that does not belong; `instead_of` is the id of the line it stands against, None for any."""

    option: Option
    instead_of: str | None


@dataclass(frozen=True, slots=True)
class LineOrder:
    """Put the lines in order and leave out the distractors; an answer holds the ids of the lines used, in order."""

    name: ClassVar[str] = "order"
    lines: tuple[Option, ...]
    distractors: tuple[Distractor, ...]

    @property
    def options(self) -> tuple[Option, ...]:
        return (*self.lines, *(distractor.option for distractor in self.distractors))

    @property
    def guessing(self) -> float:
        return 1 / math.perm(len(self.options), len(self.lines))

    @property
    def key(self) -> Answer:
        return tuple(line.id for line in self.lines)

    @property
    def slips(self) -> tuple[Answer, ...]:
        exchanged = (*self.key[1::-1], *self.key[2:])
        return (exchanged, *(_ids(lines) for _name, lines in self._misled()))

    def arrange(self, random: Random) -> tuple[str, ...]:
        """A random order of all lines, in which those that belong are never in the right order."""
        option_ids = [option.id for option in self.options]
        while True:
            random.shuffle(option_ids)
            if [option_id for option_id in option_ids if option_id in self.key] != list(self.key):
                return tuple(option_ids)

    def ask(self, option_ids: Sequence[str], answer: Answer) -> Asked:
        """The lines used so far come first, in their order."""
        unused = [option_id for option_id in option_ids if option_id not in answer]
        return Asked(options=ask_options(self.options, [*answer, *unused], answer))

    def read(self, sent: Sequence[str]) -> Answer:
        """Each value is a line's token, a colon, and the line's place."""
        ids = {option.token: option.id for option in self.options}
        shown = {str(place): place for place in range(1, len(ids) + 1)}
        places: dict[int, str] = {}
        for text in filter(None, map(str.strip, sent)):
            token, _, written = text.partition(":")
            if token not in ids or written not in shown or ids[token] in places.values():
                raise BadAnswer("Choose from the lines and places shown.")
            place = shown[written]
            if place in places:
                raise BadAnswer(f"Two lines have place {place}. Give every line a place of its own.")
            places[place] = ids[token]
        return tuple(places[place] for place in sorted(places))

    def send(self, answer: Answer) -> list[str]:
        tokens = {option.id: option.token for option in self.options}
        return [f"{tokens[option_id]}:{place}" for place, option_id in enumerate(answer, start=1)]

    def mark(self, answer: Answer) -> float:
        wrong = len(self.mistakes(answer))
        return max(0.0, (len(self.longest_run(answer)) - wrong) / len(self.lines))

    def mistakes(self, answer: Answer) -> tuple[Option, ...]:
        return tuple(one.option for one in self.distractors if one.option.id in answer)

    def longest_run(self, answer: Answer) -> Answer:
        """The most lines of an answer that are in the right order among themselves."""
        runs: list[Answer] = [()]
        for option_id in answer:
            if option_id in self.key:
                at = self.key.index(option_id)
                before = [run for run in runs if not run or self.key.index(run[-1]) < at]
                runs.append((*max(before, key=len), option_id))
        return max(runs, key=len)

    def trials(self, stem_code: str) -> tuple[Trial, ...]:  # noqa: ARG002 -- the lines are the whole program
        return (
            Trial("the right order", _program(self.lines), is_right=True),
            *(Trial(name, _program(lines), is_right=False) for name, lines in self._misordered()),
            *(Trial(name, _program(lines), is_right=False) for name, lines in self._misled()),
        )

    def doubts(self, evidence: Evidence, stem_code: str) -> tuple[str, ...]:
        if evidence.works is None:
            return ("The proof must leave a function `works`.",)
        return doubts_about_works(self.trials(stem_code), evidence.works)

    def _misordered(self) -> Iterator[tuple[str, Sequence[Option]]]:
        """Every other order of few lines, every exchange of two of many."""
        if len(self.lines) <= MOST_LINES_PERMUTED:
            orders: Iterable[Sequence[Option]] = itertools.permutations(self.lines)
        else:
            pairs = itertools.combinations(range(len(self.lines)), 2)
            orders = (
                [self.lines[{one: two, two: one}.get(at, at)] for at in range(len(self.lines))] for one, two in pairs
            )
        for lines in orders:
            if _ids(lines) != self.key:
                yield f"the order {', '.join(_ids(lines))}", lines

    def _misled(self) -> Iterator[tuple[str, Sequence[Option]]]:
        """Every distractor in place of its line, or of each."""
        for distractor in self.distractors:
            for at, line in enumerate(self.lines):
                if distractor.instead_of in (None, line.id):
                    name = f"{distractor.option.id} in place of {line.id}"
                    yield name, (*self.lines[:at], distractor.option, *self.lines[at + 1 :])


def _ids(lines: Iterable[Option]) -> Answer:
    return tuple(line.id for line in lines)


def _program(lines: Iterable[Option]) -> str:
    return "".join(f"{line.plain}\n" for line in lines)
