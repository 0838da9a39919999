"""An item as it is served: everything the learner needs and nothing that tells the key."""

from dataclasses import dataclass

from tracker.assessment.assembly import Placement
from tracker.assessment.item import Item
from tracker.assessment.item_types import Answer, Asked


@dataclass(frozen=True, slots=True)
class ServedItem:
    """One item without key, notes and explanation. `stem` is safe HTML, `asked` what is to be answered.

    sent: the answer so far, in the values that a form sends for it.
    """

    version: str
    type: str
    stem: str
    asked: Asked
    sent: tuple[str, ...]


def serve(item: Item, place: Placement, *, answer: Answer) -> ServedItem:
    """The item as this form shows it, with what was answered so far."""
    return ServedItem(
        version=item.version,
        type=item.body.name,
        stem=item.stem,
        asked=item.body.ask(place.option_ids, answer),
        sent=tuple(item.body.send(answer)),
    )
