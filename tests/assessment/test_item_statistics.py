"""Statistics of an item: which findings are sure enough to put it under review."""

import pytest

from tests.builders import a_figure, some_statistics
from tracker.assessment.health_state import HealthState, judge_health
from tracker.assessment.item_statistics import LEAKED, MISKEYED, Finding


@pytest.mark.parametrize(
    ("rule", "half", "is_alarm"),
    [
        (MISKEYED, 0.2, True),
        (MISKEYED, 0.25, False),
        (LEAKED, 0.15, True),
        (LEAKED, 0.19, False),
        ("item misfit", 0.01, False),
    ],
)
def test_an_alarm_is_surer_than_a_finding(rule: str, half: float, is_alarm: bool) -> None:
    finding = Finding(rule=rule, figure=a_figure(0.35, half=half), limit=0.0)

    assert finding.is_alarm == is_alarm
    assert some_statistics(rule, findings=(finding, finding)).alarms == ((rule,) if is_alarm else ())


@pytest.mark.parametrize(
    ("rules", "is_under_review", "state"),
    [
        (None, False, HealthState.UNMEASURED),
        ((), False, HealthState.SOUND),
        (("leaked",), False, HealthState.FINDINGS),
        (("leaked",), True, HealthState.UNDER_REVIEW),
        (None, True, HealthState.UNDER_REVIEW),
    ],
)
def test_a_review_says_more_than_statistics(
    rules: tuple[str, ...] | None, is_under_review: bool, state: HealthState
) -> None:
    assert judge_health(rules, is_under_review=is_under_review) == state
