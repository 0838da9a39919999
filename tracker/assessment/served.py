"""An item as it is served: everything the learner needs and nothing that tells the key."""

from dataclasses import dataclass

from tracker.assessment.assembly import Placement
from tracker.assessment.item import Item
from tracker.assessment.item_types import Answer, NumberAnswer


@dataclass(frozen=True, slots=True)
class ServedOption:
    """One thing to choose, in the order of this form. `text` is safe HTML."""

    token: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ServedItem:
    """One item without key, notes and explanation. `stem` is safe HTML, `typed` an open item's answer so far."""

    version: str
    type: str
    stem: str
    options: tuple[ServedOption, ...]
    typed: str
    unit: str


def serve(item: Item, place: Placement, *, answer: Answer) -> ServedItem:
    """The item as this form shows it, with what was answered so far."""
    options = {option.id: option for option in item.body.options}
    return ServedItem(
        version=item.version,
        type=item.body.name,
        stem=item.stem,
        options=tuple(
            ServedOption(options[option_id].token, options[option_id].text, option_id in answer)
            for option_id in place.option_ids
        ),
        typed="" if options or not answer else answer[0],
        unit=item.body.unit if isinstance(item.body, NumberAnswer) else "",
    )
