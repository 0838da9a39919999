"""What an attempt gave: scores as reported when it ended, and every item with its key and notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.assessment.attempt import Attempt
from tracker.assessment.item import Item, Misconception
from tracker.assessment.item_types import Answer, Option
from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.roadmap import Area
from tracker.assessment.score import Score
from tracker.scoring.change import Change
from tracker.scoring.profile import HistoryPoint, Profile
from tracker.services import items, next_steps, profiles
from tracker.services.attempts import get_attempt
from tracker.services.next_steps import ShownSteps
from tracker.services.signals import Signals, attempt_signals
from tracker.storage import attempts
from tracker.storage.proofs import load_proofs
from tracker.storage.question_bank import get_bank


@dataclass(frozen=True, slots=True)
class AreaResult:
    """An area's score after this attempt and, if there was one, after the one before it.

    change: from that one to this, as it was reported; None without one, or for an attempt from before it was reported.
    """

    area: Area
    score: Score
    before: HistoryPoint | None
    change: Change | None
    right: int
    responses: int


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One place of the form, explained. `item` is None when it was withdrawn; `mark` is None when it does not count.

    `proved_on` names what the key was proved on here, with versions. Under review, it was marked but did not count.
    Held, an open attempt asks it, or may: nothing is told of its key, `item` and `mark` are None.
    """

    number: int
    item: Item | None
    topic_name: str
    options: tuple[Option, ...]
    answer: Answer
    misconceptions: tuple[Misconception, ...]
    proved_on: tuple[str, ...]
    mark: float | None
    is_under_review: bool
    is_held: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """All that a result page shows. `signals`: what speaks against taking the scores at their face value."""

    attempt: Attempt
    areas: tuple[AreaResult, ...]
    items: tuple[ItemResult, ...]
    signals: Signals
    steps: ShownSteps

    @property
    def right(self) -> int:
        return sum(response.is_right for response in self.attempt.scored)


def get_result(attempt_id: str, *, learner_id: int, now: datetime) -> Result | None:
    """The result of a learner's own attempt; None while it is open. Raises: NotFound."""
    attempt = get_attempt(attempt_id, learner_id=learner_id, now=now)
    if not attempt.is_finished:
        return None
    record = profiles.get_record(learner_id, now=now)
    history = attempts.get_quiz_history(learner_id, now=now)
    return Result(
        attempt=attempt,
        areas=tuple(_area_results(attempt, record.profile)),
        items=tuple(_item_results(attempt, history)),
        signals=attempt_signals(attempt),
        steps=next_steps.steps_of(record, learner_id=learner_id, now=now),
    )


def _area_results(attempt: Attempt, profile: Profile) -> Sequence[AreaResult]:
    results = []
    improved = attempt.report.improved if attempt.report else {}
    for area in get_bank().roadmap.areas:
        history = profile.area(area.slug).history
        at = next((index for index, point in enumerate(history) if point.attempt_id == attempt.id), None)
        if at is None:
            continue
        responses = [response for response in attempt.scored if response.area_slug == area.slug]
        results.append(
            AreaResult(
                area=area,
                score=history[at].score,
                before=history[at - 1] if at else None,
                change=Change(improved[area.slug]) if area.slug in improved else None,
                right=sum(response.is_right for response in responses),
                responses=len(responses),
            )
        )
    return results


def _item_results(attempt: Attempt, history: QuizHistory) -> Iterator[ItemResult]:
    served = items.find_items(attempt.versions)
    proofs = load_proofs()
    for position, place in enumerate(attempt.form):
        if history.holds_item(place.item_id):
            yield _held(attempt, position)
            continue
        proof = proofs.get(place.item_version)
        yield _item_result(attempt, position, served.get(place.item_version), proof.proved_on if proof else ())


def _held(attempt: Attempt, position: int) -> ItemResult:
    explained = _item_result(attempt, position, None, ())
    return replace(explained, mark=None, answer=(), is_held=True)


def _item_result(attempt: Attempt, position: int, item: Item | None, proved_on: tuple[str, ...]) -> ItemResult:
    bank = get_bank()
    place = attempt.form[position]
    answer = attempt.answers.get(position, ())
    response = next((response for response in attempt.responses if response.item_id == place.item_id), None)
    slugs = item.find_misconceptions(answer) if item else ()
    topic = bank.roadmap.find_topic(place.item_id.rpartition("/")[0])
    return ItemResult(
        number=position + 1,
        item=item,
        topic_name=topic.name if topic else "",
        options=_in_order(item, place.option_ids) if item else (),
        answer=answer,
        misconceptions=tuple(bank.misconceptions[slug] for slug in slugs if slug in bank.misconceptions),
        proved_on=proved_on,
        mark=response.mark if response else None,
        is_under_review=response is not None and response.unscored == "flagged",
        is_held=False,
        seconds=attempt.seconds.get(position, 0.0),
    )


def _in_order(item: Item, option_ids: Sequence[str]) -> tuple[Option, ...]:
    options = {option.id: option for option in item.body.options}
    return tuple(options[option_id] for option_id in option_ids)
