"""What became of steps, counted by hand."""

from datetime import timedelta

import pytest

from tests.scoring.builders import NOON, a_roadmap, an_attempt, responses
from tracker.scoring.fold import fold
from tracker.scoring.next_steps import NextStep, next_steps
from tracker.scoring.next_steps.outcomes import Outcome, Tenth, brier, outcome, reliability

FIRST = an_attempt(*responses("language/syntax", right=0, wrong=8))


@pytest.fixture
def step() -> NextStep:
    return next_steps(fold([FIRST]), roadmap=a_roadmap(), attempts=[FIRST], now=NOON)[0]


@pytest.mark.parametrize(
    ("right", "wrong", "days", "followed", "reached"),
    [
        (4, 1, 3, True, True),  # 71 % are right at the cut: 3.6 of 5
        (3, 2, 3, True, False),
        (4, 0, 3, True, None),
        (5, 0, 31, False, None),
    ],
)
def test_a_step_is_followed_by_answers_within_a_month_and_judged_by_five(
    step: NextStep, right: int, wrong: int, days: int, followed: bool, reached: bool | None
) -> None:
    later = an_attempt(*responses("language/syntax", right=right, wrong=wrong), attempt_id="a2", days=days)

    found = outcome(step, made_at=NOON, attempts=[FIRST, later])

    assert found
    assert (found.rule, found.is_followed, found.is_reached) == ("learn-1", followed, reached)
    assert step.evidence
    assert found.mastery == step.evidence.mastery


def test_answers_elsewhere_and_earlier_do_not_count(step: NextStep) -> None:
    elsewhere = an_attempt(*responses("tools/git", right=9), attempt_id="a2", days=1)

    found = outcome(step, made_at=NOON + timedelta(hours=1), attempts=[FIRST, elsewhere])

    assert found
    assert not found.is_followed


def test_a_step_on_no_topic_has_no_outcome() -> None:
    assert outcome(NextStep(rule="start-1"), made_at=NOON, attempts=[FIRST]) is None


def test_the_brier_score_and_the_shares_by_tenths() -> None:
    told = [(0.05, False), (0.15, True), (0.15, False), (1.0, True), (0.5, None)]
    outcomes = [Outcome("learn-1", mastery, True, reached) for mastery, reached in told]

    assert brier(outcomes) == pytest.approx((0.05**2 + 0.85**2 + 0.15**2 + 0) / 4)
    assert reliability(outcomes) == [Tenth(1, 0.05, 0.0), Tenth(2, 0.15, 0.5), Tenth(1, 1.0, 1.0)]
    assert brier(outcomes[-1:]) is None
    assert reliability(outcomes[-1:]) == []
