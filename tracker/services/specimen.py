"""What a visitor sees before signing up: an example radar and one item, explained."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from tracker.assessment.item import Item
from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.score import Score
from tracker.scoring.fold import fold
from tracker.scoring.profile import Profile
from tracker.scoring.radar import Radar
from tracker.services.radar import draw_radar
from tracker.storage.question_bank import QuestionBank, get_bank

EXAMPLE_DAY = datetime(2026, 11, 1, tzinfo=UTC)
EXAMPLE_LEFT_OUT = {"language": 5, "frameworks": 4, "databases": 3, "apis": 0, "tools": 2}
"""The example learner gets every n-th item of an area wrong; 0: the area was never taken."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """An example radar with its scores, computed as anybody's are, and one item with its key."""

    radar: Radar
    scores: tuple[tuple[str, Score], ...]
    item: Item


def get_specimen() -> Specimen:
    """The example that the running app's bank gives."""
    return _specimen(get_bank())


@cache
def _specimen(bank: QuestionBank) -> Specimen:
    profile = _example_profile(bank)
    return Specimen(
        radar=draw_radar(profile, bank.roadmap),
        scores=tuple((area.name, profile.area(area.slug).score) for area in bank.roadmap.areas),
        item=bank.sample,
    )


def _example_profile(bank: QuestionBank) -> Profile:
    responses = [
        response
        for area in bank.roadmap.areas
        if (every := EXAMPLE_LEFT_OUT[area.slug])
        for response in _example_responses(bank, area.slug, every)
    ]
    return fold([MarkedAttempt(attempt_id="example", finished_at=EXAMPLE_DAY, responses=tuple(responses))])


def _example_responses(bank: QuestionBank, area_slug: str, every: int) -> list[Response]:
    items = [item for item in bank.items.values() if item.area_slug == area_slug]
    return [
        Response(
            item_id=item.id,
            item_version=item.version,
            topic_id=item.topic_id,
            answer=(),
            mark=float(number % every != 0),
            seconds=0.0,
            difficulty=item.difficulty,
            guessing=item.body.guessing,
        )
        for number, item in enumerate(items, start=1)
    ]
