"""Whether replayed steps are the same: all that people are told counts, rounding does not."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from tests.scoring.builders import NOON, a_roadmap, an_attempt, responses
from tracker.scoring.fold import fold
from tracker.scoring.next_steps import NextStep, next_steps
from tracker.scoring.next_steps.replay import differences
from tracker.scoring.next_steps.step import step_from_dict

ATTEMPT = an_attempt(*responses("apis/json", right=1, wrong=6), *responses("tools/git", right=6))
STEPS = next_steps(fold([ATTEMPT]), roadmap=a_roadmap(), attempts=[ATTEMPT], now=NOON)


def changed(**fields: Any) -> tuple[NextStep, ...]:
    first = STEPS[0]
    assert first.evidence
    return (replace(first, evidence=replace(first.evidence, **fields)), *STEPS[1:])


def test_the_same_steps_do_not_differ() -> None:
    assert len(STEPS) == 3
    assert differences(STEPS, STEPS) == []


def test_steps_come_back_from_plain_values_as_they_were() -> None:
    assert tuple(step_from_dict(asdict(step)) for step in STEPS) == STEPS
    assert step_from_dict(asdict(NextStep(rule="start-1"))) == NextStep(rule="start-1")


def test_rounding_does_not_count_and_a_changed_number_does() -> None:
    evidence = STEPS[0].evidence
    assert evidence
    assert differences(STEPS, changed(mastery=evidence.mastery + 1e-9)) == []
    (line,) = differences(STEPS, changed(mastery=0.75))
    assert line == f"step 1, evidence.mastery: {evidence.mastery} then, 0.75 now"


def test_a_missing_answer_and_a_missing_step_are_told() -> None:
    evidence = STEPS[0].evidence
    assert evidence
    missing = differences(STEPS, changed(records=evidence.records[:-1]))
    assert {line.partition(":")[0] for line in missing} == {
        f"step 1, evidence.records.{len(evidence.records)}.{name}"
        for name in ("attempt_id", "item_id", "is_right", "answered_at")
    }
    assert f"step 3, rule: {STEPS[2].rule} then, None now" in differences(STEPS, STEPS[:2])
    assert f"step 3, rule: None then, {STEPS[2].rule} now" in differences(STEPS[:2], STEPS)


def test_milliseconds_of_a_store_do_not_count_and_days_do() -> None:
    due = (replace(STEPS[0], due=NOON),)
    assert differences(due, (replace(STEPS[0], due=NOON + timedelta(milliseconds=1)),)) == []
    assert len(differences(due, (replace(STEPS[0], due=NOON + timedelta(days=1)),))) == 1
