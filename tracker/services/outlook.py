"""How much an answer of a topic typically tells: worked out once a process for a bank and a revision of parameters."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from tracker.assessment.family import Family
from tracker.assessment.item import Item
from tracker.scoring.author_prior import ItemParameters, estimate_of, flattened
from tracker.scoring.irt import FloatArray
from tracker.scoring.outlook import typical_information
from tracker.storage import item_parameters
from tracker.storage.question_bank import QuestionBank, get_bank

MOST_KEPT = 4


def get_information(parameters: int) -> Mapping[str, FloatArray]:
    """The typical information of an answer in each topic, by id, by this revision of the items' parameters."""
    return _information(get_bank(), parameters)


@lru_cache(MOST_KEPT)
def _information(bank: QuestionBank, parameters: int) -> Mapping[str, FloatArray]:
    return {
        topic_id: typical_information(_parameters(entries, parameters))
        for topic_id, entries in bank.live_by_topic.items()
    }


def _parameters(entries: tuple[Item | Family, ...], parameters: int) -> ItemParameters:
    known = item_parameters.get(parameters)
    estimates = [estimate_of(entry.version, entry.difficulty, known) for entry in entries]
    a, b, error = (np.array([getattr(one, name) for one in estimates]) for name in ("a", "b", "b_error"))
    return ItemParameters(a=flattened(a, error**2), b=b, c=np.array([entry.guessing for entry in entries]))
