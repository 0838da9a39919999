"""One minute of what `make chaos` does at length."""

from pathlib import Path

import pytest

from tests.chaos import power
from tests.chaos.build import ADAPTIVE
from tests.chaos.killer import SHARES
from tests.chaos.storm import Plan, run
from tests.event_loop import apart

SEED = 2026
ODD = {"twice", "stale", "staying", "flags", "pages that took over", "credits"}
"""What must have been done on purpose, at least once."""


def test_nothing_acknowledged_is_lost_in_a_storm(tmp_path: Path) -> None:
    outcome = apart(run, tmp_path, Plan(SEED, answers=200, kills=len(SHARES), pauses=1, cuts=0, seconds=20, brief=6))
    print("\n".join(outcome.lines()))
    assert outcome.violations == []
    assert outcome.strikes.total() == len(SHARES) + 1
    assert outcome.history.acknowledged_answers >= 200
    assert outcome.ran_out > 0
    assert outcome.dropped > 0
    assert any(attempt.assessment == ADAPTIVE for attempt in outcome.attempts)
    assert {*outcome.history.deliberate} >= ODD


def test_nothing_acknowledged_is_lost_when_the_power_is_cut(tmp_path: Path) -> None:
    if reason := power.why_not():
        pytest.skip(f"power cuts: {reason}")
    outcome = apart(run, tmp_path, Plan(SEED, answers=100, kills=0, pauses=0, cuts=2, seconds=0))
    print("\n".join(outcome.lines()))
    assert outcome.violations == []
    assert outcome.strikes.total() == 2
    assert outcome.history.acknowledged_answers >= 100
