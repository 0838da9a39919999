"""What the two types that show options to choose from have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tracker.assessment.item_types.answer import Answer, BadAnswer, Option
from tracker.assessment.item_types.asked import Asked, ask_options
from tracker.assessment.item_types.printed import printed_lines
from tracker.assessment.item_types.trials import doubts_about_works
from tracker.assessment.proof import Evidence, Trial


@dataclass(frozen=True, slots=True)
class Choice:
    """Options, some of which are the key; an answer holds the ids of those chosen."""

    options: tuple[Option, ...]

    @property
    def key(self) -> Answer:
        return tuple(sorted(option.id for option in self.options if option.is_key))

    @property
    def foreseen(self) -> tuple[tuple[str, bool], ...]:
        """The plain text of every option, and whether it is right."""
        return tuple((option.plain, option.is_key) for option in self.options)

    def arrange(self, random: Random) -> tuple[str, ...]:
        option_ids = [option.id for option in self.options]
        random.shuffle(option_ids)
        return tuple(option_ids)

    def ask(self, option_ids: Sequence[str], answer: Answer) -> Asked:
        return Asked(options=ask_options(self.options, option_ids, answer))

    def read(self, sent: Sequence[str]) -> Answer:
        ids = {option.token: option.id for option in self.options}
        tokens = [text for text in sent if text.strip()]
        if len(set(tokens)) != len(tokens) or not ids.keys() >= set(tokens):
            raise BadAnswer("Choose from the options shown.")
        return tuple(sorted(ids[token] for token in tokens))

    def send(self, answer: Answer) -> list[str]:
        return [option.token for option in self.options if option.id in answer]

    def mistakes(self, answer: Answer) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.id in answer and not option.is_key)

    def trials(self, stem_code: str) -> tuple[Trial, ...]:  # noqa: ARG002 -- the texts of options are whole
        return tuple(Trial(f"option {option.id}", option.plain, option.is_key) for option in self.options)

    def doubts(self, evidence: Evidence, stem_code: str) -> tuple[str, ...]:
        if evidence.works is not None:
            return doubts_about_works(self.trials(stem_code), evidence.works)
        if evidence.holds is not None:
            return self._doubts_about(evidence.holds)
        if evidence.printed is not None:
            printed = printed_lines(evidence.printed)
            return self._doubts_about({one.id: printed_lines(one.plain) == printed for one in self.options})
        return ("The proof must leave `holds` or `works`, or run the stem.",)

    def _doubts_about(self, holds: Mapping[str, bool]) -> tuple[str, ...]:
        """What is not as the key says, one sentence an option."""
        option_ids = [option.id for option in self.options]
        missing = [f"`holds` says nothing about option {name}." for name in option_ids if name not in holds]
        unknown = [f"`holds` names {name}, which is no option." for name in holds if name not in option_ids]
        contrary = [
            f"Option {one.id} {'is the key and does not hold' if one.is_key else 'is no key and holds'}."
            for one in self.options
            if one.id in holds and bool(holds[one.id]) != one.is_key
        ]
        return (*missing, *unknown, *contrary)
