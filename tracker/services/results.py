"""What an attempt gave: scores as reported when it ended, and every item with its key and notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.assessment.attempt import Attempt
from tracker.assessment.comparison import TopicComparison, compare
from tracker.assessment.family import split_version
from tracker.assessment.item import Item
from tracker.assessment.item_statistics import Times
from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.proof_result import ProofResult
from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.roadmap import Area
from tracker.assessment.score import Score
from tracker.scoring.change import Change
from tracker.scoring.profile import HistoryPoint, Profile
from tracker.scoring.statistics.rapid_guessing import LEAST_TIMED
from tracker.services import items, late_answers, next_steps, profiles
from tracker.services.attempts import get_attempt
from tracker.services.explanation import Explanation, explain
from tracker.services.next_steps import ShownSteps
from tracker.services.signals import Signals, attempt_signals
from tracker.storage import attempts, item_statistics
from tracker.storage.proofs import load_proofs
from tracker.storage.question_bank import get_bank


@dataclass(frozen=True, slots=True)
class AreaResult:
    """An area's score after this attempt and, if there was one, after the one before it.

    change: from that one to this, as it was reported; None without one, or for an attempt from before it was reported.
    right: how many of its answers that may be told, `told`, were right.
    """

    area: Area
    score: Score
    before: HistoryPoint | None
    change: Change | None
    right: int
    told: int


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One place of the form. `mark` is None when it does not count; under review, it was marked but did not count.

    explanation: None when the item was withdrawn, and when it is held: an open attempt asks it, or may, or one that is
    not released asked it, and so nothing is told of its key, nor of its mark. median: half of the people needed so many
    seconds or fewer; None while too few were timed.
    """

    number: int
    item_id: str
    topic_name: str
    explanation: Explanation | None
    mark: float | None
    is_under_review: bool
    is_held: bool
    seconds: float
    median: float | None


@dataclass(frozen=True, slots=True)
class TopicChange:
    """What changed in a topic, with its name."""

    name: str
    comparison: TopicComparison


@dataclass(frozen=True, slots=True)
class Result:
    """All that a result page shows. `signals`: what speaks against taking the scores at their face value.

    is_released: whether it may say what was right; otherwise all its items are held.
    told: the answers that count and of which it may say whether they were right, those of items that are not held.
    changes: by topic, what changed since an earlier attempt asked it.
    late: the places whose answers came when the attempt was over, in the order of the form.
    """

    attempt: Attempt
    is_released: bool
    told: tuple[Response, ...]
    areas: tuple[AreaResult, ...]
    changes: tuple[TopicChange, ...]
    items: tuple[ItemResult, ...]
    signals: Signals
    late: tuple[int, ...]
    steps: ShownSteps

    @property
    def right(self) -> int:
        return sum(response.is_right for response in self.told)


def get_result(attempt_id: str, *, learner_id: int, now: datetime) -> Result | None:
    """The result of a learner's own attempt; None while it is open. Raises: NotFound."""
    attempt = get_attempt(attempt_id, learner_id=learner_id, now=now)
    if not attempt.is_finished:
        return None
    past, history = attempts.get_past(learner_id, now=now)
    record = profiles.record_of(past, learner_id=learner_id, now=now)
    times = item_statistics.list_times({place.item_id for place in attempt.form})
    told = tuple(response for response in attempt.scored if not history.holds_item(response.item_id))
    return Result(
        attempt=attempt,
        is_released=attempt.is_released(now),
        told=told,
        areas=tuple(_area_results(attempt, told, record.profile)),
        changes=tuple(_changes(attempt, past, history, now)),
        items=tuple(list_item_results(attempt, [history], times)),
        signals=attempt_signals(attempt, times),
        late=late_answers.list_late_places(attempt),
        steps=next_steps.steps_of(record, history, learner_id=learner_id, now=now),
    )


def list_item_results(
    attempt: Attempt, histories: Sequence[QuizHistory], times: Mapping[str, Times]
) -> Iterator[ItemResult]:
    """Every place of a finished attempt; nothing is told of what anybody's quizzes, by these histories, hold."""
    served = items.find_items(attempt.versions)
    proofs = load_proofs()
    marked = {response.item_id: response for response in attempt.responses}
    for position, place in enumerate(attempt.form):
        is_held = any(history.holds_item(place.item_id) for history in histories)
        response = marked.get(place.item_id)
        topic = get_bank().roadmap.find_topic(place.item_id.rpartition("/")[0])
        yield ItemResult(
            number=position + 1,
            item_id=place.item_id,
            topic_name=topic.name if topic else "",
            explanation=None if is_held else _explanation(attempt, position, served.get(place.item_version), proofs),
            mark=response.mark if response and not is_held else None,
            is_under_review=response is not None and response.unscored == "flagged",
            is_held=is_held,
            seconds=attempt.seconds.get(position, 0.0),
            median=_median(times.get(split_version(place.item_version)[0])),
        )


def _area_results(attempt: Attempt, told: Sequence[Response], profile: Profile) -> Sequence[AreaResult]:
    results = []
    improved = attempt.report.improved if attempt.report else {}
    for area in get_bank().roadmap.areas:
        history = profile.area(area.slug).history
        at = next((index for index, point in enumerate(history) if point.attempt_id == attempt.id), None)
        if at is None:
            continue
        told_here = [response for response in told if response.area_slug == area.slug]
        results.append(
            AreaResult(
                area=area,
                score=history[at].score,
                before=history[at - 1] if at else None,
                change=Change(improved[area.slug]) if area.slug in improved else None,
                right=sum(response.is_right for response in told_here),
                told=len(told_here),
            )
        )
    return results


def _changes(
    attempt: Attempt, past: Sequence[MarkedAttempt], history: QuizHistory, now: datetime
) -> Iterator[TopicChange]:
    """What changed since the attempts that ended before this one, leaving out what is held or not released."""
    before = past[: [one.attempt_id for one in past].index(attempt.id)]
    earlier = [_without_held(one, history) for one in before if one.is_released(now)]
    told = [response for response in attempt.responses if not history.holds_item(response.item_id)]
    for comparison in compare(told, earlier):
        topic = get_bank().roadmap.find_topic(comparison.topic_id)
        if topic:
            yield TopicChange(topic.name, comparison)


def _without_held(attempt: MarkedAttempt, history: QuizHistory) -> MarkedAttempt:
    told = tuple(response for response in attempt.responses if not history.holds_item(response.item_id))
    return replace(attempt, responses=told)


def _explanation(
    attempt: Attempt, position: int, item: Item | None, proofs: Mapping[str, ProofResult]
) -> Explanation | None:
    if item is None:
        return None
    answer = attempt.answers.get(position, ())
    return explain(item, answer, option_ids=attempt.form[position].option_ids, proofs=proofs)


def _median(times: Times | None) -> float | None:
    """What half of the people needed, once enough were timed; those of a few say nothing."""
    return times.median if times and times.rapid.n >= LEAST_TIMED else None
