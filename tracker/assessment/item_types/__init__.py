"""The item types: how each is answered and marked. One class and one file a type, one line in the registry.

An answer is a tuple of strings for every type, the empty tuple is "left out". Marks run from 0 to 1; only a full mark
counts as right.
"""

from tracker.assessment.item_types.answer import Answer, BadAnswer, Miss, Option
from tracker.assessment.item_types.asked import Asked, AskedOption, Blank
from tracker.assessment.item_types.gap import GapFill
from tracker.assessment.item_types.item_type import ItemType
from tracker.assessment.item_types.match import PairMatch, Prompt
from tracker.assessment.item_types.multiple import MultipleResponse
from tracker.assessment.item_types.number import NumberAnswer
from tracker.assessment.item_types.order import Distractor, LineOrder
from tracker.assessment.item_types.output import OutputAnswer
from tracker.assessment.item_types.single import SingleChoice
from tracker.assessment.item_types.text import TextAnswer
from tracker.assessment.item_types.typed import LONGEST_TYPED_ANSWER, Typed

Body = ItemType

REGISTRY: dict[str, type[ItemType]] = {
    each.name: each
    for each in (
        SingleChoice,
        MultipleResponse,
        NumberAnswer,
        TextAnswer,
        OutputAnswer,
        LineOrder,
        PairMatch,
        GapFill,
    )
}

__all__ = [
    "LONGEST_TYPED_ANSWER",
    "REGISTRY",
    "Answer",
    "Asked",
    "AskedOption",
    "BadAnswer",
    "Blank",
    "Body",
    "Distractor",
    "GapFill",
    "ItemType",
    "LineOrder",
    "Miss",
    "MultipleResponse",
    "NumberAnswer",
    "Option",
    "OutputAnswer",
    "PairMatch",
    "Prompt",
    "SingleChoice",
    "TextAnswer",
    "Typed",
]
