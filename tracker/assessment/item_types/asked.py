"""What a page needs to ask an item, and nothing that tells the key."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.assessment.item_types.answer import Answer, Option


@dataclass(frozen=True, slots=True)
class AskedOption:
    """One thing to choose. `text` is safe HTML; `place` is where it stands in the answer so far, 0 for nowhere."""

    token: str
    text: str
    plain: str
    place: int

    @property
    def is_chosen(self) -> bool:
        return self.place > 0


@dataclass(frozen=True, slots=True)
class Blank:
    """One thing to fill: with one of its options or, without any, by typing. `label` is safe HTML."""

    label: str
    options: tuple[AskedOption, ...] = ()
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item's question: what can be chosen, what is to be filled, or what was typed so far and in which unit."""

    options: tuple[AskedOption, ...] = ()
    blanks: tuple[Blank, ...] = ()
    typed: str = ""
    unit: str = ""


def ask_options(options: Sequence[Option], option_ids: Sequence[str], answer: Answer) -> tuple[AskedOption, ...]:
    """The options with these ids, in this order, with their places in the answer."""
    found = {option.id: option for option in options}
    return tuple(
        AskedOption(
            token=found[option_id].token,
            text=found[option_id].text,
            plain=found[option_id].plain,
            place=answer.index(option_id) + 1 if option_id in answer else 0,
        )
        for option_id in option_ids
        if option_id in found
    )
