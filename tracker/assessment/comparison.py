"""What changed since the last time: an attempt's topics that its learner had been asked before, answer by answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.response import MarkedAttempt, Response


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the items asked were right."""

    right: int
    asked: int


@dataclass(frozen=True, slots=True)
class TopicComparison:
    """A topic then, in the newest earlier attempt that asked it and ended `then_at`, and now.

    gained, still_missed, lost and kept: how many of the items that an earlier attempt had asked too are right now and
    were not, are not right again, were right and no longer are, are right again; by the newest earlier answer to each.
    """

    topic_id: str
    then_at: datetime
    then: Tally
    now: Tally
    gained: int
    still_missed: int
    lost: int
    kept: int

    @property
    def met_before(self) -> int:
        """How many of its items an earlier attempt had asked too."""
        return self.gained + self.still_missed + self.lost + self.kept


def compare(now: Sequence[Response], earlier: Sequence[MarkedAttempt]) -> tuple[TopicComparison, ...]:
    """Each topic of these responses that an earlier attempt had asked, in the order of the responses.

    earlier: those before them, in the order they ended. Only responses that count are compared.
    """
    was_right = {response.item_id: response.is_right for attempt in earlier for response in attempt.scored}
    scored = [response for response in now if response.unscored is None]
    compared = (
        _compare_topic(topic_id, scored, earlier, was_right)
        for topic_id in dict.fromkeys(response.topic_id for response in scored)
    )
    return tuple(topic for topic in compared if topic)


def _compare_topic(
    topic_id: str, scored: Iterable[Response], earlier: Sequence[MarkedAttempt], was_right: dict[str, bool]
) -> TopicComparison | None:
    responses = _of_topic(topic_id, scored)
    last = next((attempt for attempt in reversed(earlier) if _of_topic(topic_id, attempt.scored)), None)
    if last is None:
        return None
    met = [(was_right[one.item_id], one.is_right) for one in responses if one.item_id in was_right]
    return TopicComparison(
        topic_id=topic_id,
        then_at=last.finished_at,
        then=_tally(_of_topic(topic_id, last.scored)),
        now=_tally(responses),
        gained=met.count((False, True)),
        still_missed=met.count((False, False)),
        lost=met.count((True, False)),
        kept=met.count((True, True)),
    )


def _of_topic(topic_id: str, responses: Iterable[Response]) -> list[Response]:
    return [response for response in responses if response.topic_id == topic_id]


def _tally(responses: Sequence[Response]) -> Tally:
    return Tally(right=sum(response.is_right for response in responses), asked=len(responses))
