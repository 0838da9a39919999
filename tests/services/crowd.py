"""Many people who answered the same items, as the model says, but for what a test says of one of the items."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.builders import an_attempt_at
from tests.conftest import NOON
from tracker.assessment.item import Item
from tracker.assessment.item_types import Answer
from tracker.assessment.parameters import Estimate, ParameterSet
from tracker.assessment.response import Response
from tracker.scoring.irt import probability
from tracker.storage import attempts, item_parameters
from tracker.storage.question_bank import get_bank

MISKEYED = "language/syntax/single"
LEAKED = "language/syntax/number"
SOUND = "language/oop/new"


def area_items() -> list[Item]:
    """All live items of the small bank's first area, and one variant of its family."""
    entries = get_bank().live_by_topic["language/syntax"] + get_bank().live_by_topic["language/oop"]
    return [entry.sample for entry in entries]


def calibrate(items: Sequence[Item]) -> None:
    """Store parameters that are right for the crowd, and sure."""
    estimate = Estimate(a=1.5, b=0.0, a_error=0.1, b_error=0.1, responses=400)
    versions = {item.version.partition("-")[0]: estimate for item in items}
    item_parameters.add(ParameterSet(revision=1, made_at=NOON - timedelta(days=90), estimates=versions))


def fill(
    people: int, *, seed: int = 1, first: int = 0, seconds: float = 30.0, miskeyed: str = "", leaked: str = ""
) -> None:
    """Let so many people answer every item once, one an hour.

    Of `miskeyed` option a is really right; `leaked` is known to most of the second half.
    """
    random, items = Random(seed), area_items()
    for number in range(first, first + people):
        theta = random.gauss(0, 1)
        ended_at = NOON + timedelta(hours=number)
        responses = [
            _response(
                item,
                theta,
                random,
                seconds,
                wrong_key=item.id == miskeyed,
                known=item.id == leaked and number > people / 2,
            )
            for item in items
        ]
        attempt = an_attempt_at(*items, id=f"{number:032x}", learner_id=number + 1, started_at=ended_at)
        attempts.add(replace(attempt, finished_at=ended_at, responses=tuple(responses)))


def _response(item: Item, theta: float, random: Random, seconds: float, *, wrong_key: bool, known: bool) -> Response:
    knows = random.random() < float(probability(theta, 1.5, 0.0, item.body.guessing)) or (
        known and random.random() < 0.8
    )
    answer = (("a",) if knows else random.choice((("b",), ("c",)))) if wrong_key else _answer(item, random, knows=knows)
    return Response(
        item_id=item.id,
        item_version=item.version,
        topic_id=item.topic_id,
        answer=answer,
        mark=item.body.mark(answer),
        seconds=seconds,
        difficulty=item.difficulty,
        guessing=item.body.guessing,
    )


def _answer(item: Item, random: Random, *, knows: bool) -> Answer:
    return item.body.key if knows else random.choice(item.body.slips)
