"""What became of steps: whether the topic was answered within a month, and how well.

Not causal: who follows a step differs from who does not. M is compared with whether the later answers were at least as
good as those of somebody exactly at the cut. A handful of answers judges that roughly, so even a perfect M is further
from the shares than its own tenth; the shares must rise with M. Source of the score: Brier (1950), Monthly Weather
Review 78, 1-3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.parameters import AUTHORS_WORD, ParameterSet
from tracker.assessment.response import MarkedAttempt, Response
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.irt import probability
from tracker.scoring.levels import ENOUGH_RESPONSES, PROFICIENT_CUT
from tracker.scoring.next_steps.step import NextStep

WINDOW = timedelta(days=30)
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one step within a month; `is_reached` is None while there are too few answers to say."""

    rule: str
    mastery: float
    is_followed: bool
    is_reached: bool | None


@dataclass(frozen=True, slots=True)
class Tenth:
    """The steps whose M lay in one tenth: their number, their mean M, and how many reached the cut."""

    steps: int
    mastery: float
    reached: float


def outcome(
    step: NextStep,
    *,
    made_at: datetime,
    attempts: Iterable[MarkedAttempt],
    parameters: ParameterSet = AUTHORS_WORD,
) -> Outcome | None:
    """What became of a step on a topic; None for a step on none."""
    if step.evidence is None:
        return None
    later = _later(step.evidence.topic_id, made_at, attempts)
    return Outcome(
        rule=step.rule,
        mastery=step.evidence.mastery,
        is_followed=bool(later),
        is_reached=_is_reached(later, parameters) if len(later) >= ENOUGH_RESPONSES else None,
    )


def brier(outcomes: Iterable[Outcome]) -> float | None:
    """The mean squared difference between M and what was reached; None when nothing can be said."""
    squares = [(one.mastery - one.is_reached) ** 2 for one in outcomes if one.is_reached is not None]
    return sum(squares) / len(squares) if squares else None


def reliability(outcomes: Iterable[Outcome]) -> list[Tenth]:
    """M against the shares that reached the cut, by tenths of M; those without steps are left out."""
    tenths: list[list[Outcome]] = [[] for _ in range(TENTHS)]
    for one in outcomes:
        if one.is_reached is not None:
            tenths[min(int(one.mastery * TENTHS), TENTHS - 1)].append(one)
    return [
        Tenth(
            steps=len(some),
            mastery=sum(one.mastery for one in some) / len(some),
            reached=sum(bool(one.is_reached) for one in some) / len(some),
        )
        for some in tenths
        if some
    ]


def _later(topic_id: str, made_at: datetime, attempts: Iterable[MarkedAttempt]) -> list[Response]:
    return [
        response
        for attempt in attempts
        if made_at < attempt.finished_at <= made_at + WINDOW
        for response in attempt.scored
        if response.topic_id == topic_id
    ]


def _is_reached(answers: Sequence[Response], parameters: ParameterSet) -> bool:
    expected = probability(PROFICIENT_CUT, *item_parameters(answers, parameters)).sum()
    return sum(response.is_right for response in answers) >= float(expected)
