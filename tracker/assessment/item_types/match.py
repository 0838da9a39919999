"""Prompts to match with options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from tracker.assessment.item_types.answer import Answer, BadAnswer, Option
from tracker.assessment.item_types.asked import Asked, Blank, ask_options
from tracker.assessment.item_types.filled import Filled
from tracker.assessment.proof import Evidence, Trial


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to find the option for. `text` and `note` are safe HTML; `key` is the right option's id."""

    id: str
    text: str
    key: str
    note: str


@dataclass(frozen=True, slots=True)
class PairMatch:
    """Give each prompt one option; an answer holds an option's id for each prompt, empty where none was given."""

    name: ClassVar[str] = "match"
    prompts: tuple[Prompt, ...]
    options: tuple[Option, ...]

    @property
    def guessing(self) -> float:
        return 1.0 / float(len(self.options) ** len(self.prompts))

    @property
    def key(self) -> Answer:
        return tuple(prompt.key for prompt in self.prompts)

    @property
    def slips(self) -> tuple[Answer, ...]:
        """Each option once where it does not belong."""
        slips = []
        for option in self.options:
            at = next((at for at, key in enumerate(self.key) if key != option.id), None)
            if at is not None:
                slips.append((*self.key[:at], option.id, *self.key[at + 1 :]))
        return tuple(slips)

    def arrange(self, random: Random) -> tuple[str, ...]:
        option_ids = [option.id for option in self.options]
        random.shuffle(option_ids)
        return tuple(option_ids)

    def ask(self, option_ids: Sequence[str], answer: Answer) -> Asked:
        given = answer or ("",) * len(self.prompts)
        return Asked(
            blanks=tuple(
                Blank(prompt.text, options=ask_options(self.options, option_ids, (chosen,)))
                for prompt, chosen in zip(self.prompts, given, strict=True)
            )
        )

    def read(self, sent: Sequence[str]) -> Answer:
        if not any(text.strip() for text in sent):
            return ()
        ids = {"": "", **{option.token: option.id for option in self.options}}
        tokens = [text.strip() for text in sent]
        if len(tokens) != len(self.prompts) or not ids.keys() >= set(tokens):
            raise BadAnswer("Choose from the options shown.")
        return tuple(ids[token] for token in tokens)

    def send(self, answer: Answer) -> list[str]:
        tokens = {"": "", **{option.id: option.token for option in self.options}}
        return [tokens[option_id] for option_id in answer]

    def mark(self, answer: Answer) -> float:
        return sum(one.is_right for one in self.filled(answer)) / len(self.prompts)

    def mistakes(self, answer: Answer) -> tuple[Option, ...]:
        wrong = {chosen for chosen, key in zip(answer, self.key, strict=False) if chosen != key}
        return tuple(option for option in self.options if option.id in wrong)

    def filled(self, answer: Answer) -> tuple[Filled, ...]:
        """Every prompt with the option it was given and its key."""
        options = {option.id: option for option in self.options}
        given = answer or ("",) * len(self.prompts)
        return tuple(
            Filled(
                label=prompt.text,
                given=options[chosen].plain if chosen else "",
                is_right=chosen == prompt.key,
                keys=(options[prompt.key].plain,),
                note=prompt.note,
                mistake=options[chosen] if chosen and chosen != prompt.key else None,
            )
            for prompt, chosen in zip(self.prompts, given, strict=True)
        )

    def trials(self, stem_code: str) -> tuple[Trial, ...]:  # noqa: ARG002 -- what holds for each prompt proves it
        return ()

    def doubts(self, evidence: Evidence, stem_code: str) -> tuple[str, ...]:  # noqa: ARG002
        if evidence.matches is None:
            return ("The proof must leave `matches`.",)
        return (*self._wrong_matches(evidence.matches), *self._unknown_matches(evidence.matches))

    def _wrong_matches(self, matches: Mapping[str, frozenset[str]]) -> list[str]:
        doubts = []
        for prompt in self.prompts:
            found = matches.get(prompt.id, frozenset())
            if found != {prompt.key}:
                shown = ", ".join(sorted(found)) or "nothing"
                doubts.append(f"`matches` gives {shown} for prompt {prompt.id}, the key is {prompt.key}.")
        return doubts

    def _unknown_matches(self, matches: Mapping[str, frozenset[str]]) -> list[str]:
        prompt_ids = {prompt.id for prompt in self.prompts}
        return [f"`matches` names {name}, which is no prompt." for name in matches if name not in prompt_ids]
