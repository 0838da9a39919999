"""An item explained, key and all, beside the answer that somebody gave to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.assessment.item import Item, Misconception
from tracker.assessment.item_types import Answer, Option
from tracker.assessment.proof_result import ProofResult
from tracker.storage.question_bank import get_bank


@dataclass(frozen=True, slots=True)
class Explanation:
    """An item with the answer given, its options in the order they were shown, and the misconceptions it shows.

    proved_on: what the key was proved on here, with versions; empty when it was not.
    """

    item: Item
    options: tuple[Option, ...]
    answer: Answer
    misconceptions: tuple[Misconception, ...]
    proved_on: tuple[str, ...]


def explain(item: Item, answer: Answer, *, option_ids: Sequence[str], proofs: Mapping[str, ProofResult]) -> Explanation:
    """The item explained to whoever gave this answer; `option_ids` is the order that it was shown in."""
    known = get_bank().misconceptions
    options = {option.id: option for option in item.body.options}
    proof = proofs.get(item.version)
    return Explanation(
        item=item,
        options=tuple(options[option_id] for option_id in option_ids),
        answer=answer,
        misconceptions=tuple(known[slug] for slug in item.find_misconceptions(answer) if slug in known),
        proved_on=proof.proved_on if proof else (),
    )
