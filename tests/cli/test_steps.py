"""`flask steps …`"""

from datetime import timedelta

from flask import Flask

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker import clock
from tracker.services import next_steps
from tracker.storage import documents


def run(app: Flask, verb: str, learner_id: int) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["steps", verb, str(learner_id)])
    return result.exit_code, result.output


def test_what_was_shown_is_printed_with_what_it_rests_on(app: Flask, cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    first = next_steps.get_steps(cast.ada, now=NOON).steps[0]

    code, output = run(app, "show", cast.ada)

    assert code == 0
    assert output.startswith("2026-11-02 12:00 UTC, 1 attempts, model ")
    assert f"1. {first.rule} {first.topic_id}: 0 of " in output
    assert output.endswith(f"Shown to learner {cast.ada}: 1.\n")


def test_replaying_gives_the_same_steps_and_changes_nothing(app: Flask, cast: Cast) -> None:
    take("placement", learner_id=cast.ada, now=NOON, wrong=range(0, 25, 3))
    next_steps.get_steps(cast.ada, now=NOON)
    before = everything()

    code, output = run(app, "replay", cast.ada)

    assert code == 0
    assert "  equal\n" in output
    assert output.endswith("1, differing: 0.\n")
    assert everything() == before


def test_a_changed_record_makes_the_replay_differ_and_the_command_fail(app: Flask, cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
    next_steps.get_steps(cast.ada, now=NOON)
    documents.collection("next_steps").update_one({"learner_id": cast.ada}, {"$set": {"steps.0.evidence.mastery": 0.9}})

    code, output = run(app, "replay", cast.ada)

    assert code == 1
    assert "step 1, evidence.mastery: 0.9 then, " in output
    assert output.endswith("1, differing: 1.\n")


def test_who_was_shown_nothing_has_nothing_to_replay(app: Flask, cast: Cast) -> None:
    assert run(app, "show", cast.ada) == (0, f"Shown to learner {cast.ada}: 0.\n")
    assert run(app, "replay", cast.omar) == (0, f"Replayed for learner {cast.omar}: 0, differing: 0.\n")


def test_outcomes_tell_who_followed_and_how_true_the_chances_were(app: Flask, cast: Cast) -> None:
    now = clock.now()
    for learner_id in (cast.ada, cast.omar):
        take("language", learner_id=learner_id, now=now - timedelta(days=60), wrong=range(12))
        next_steps.get_steps(learner_id, now=now - timedelta(days=59))
        next_steps.get_steps(learner_id, now=now - timedelta(days=58))
    take("language", learner_id=cast.ada, now=now - timedelta(days=50))
    next_steps.get_steps(cast.ada, now=now)

    result = app.test_cli_runner().invoke(args=["steps", "outcomes"])

    assert result.exit_code == 0
    lines = result.output.splitlines()
    shown = [step for made in next_steps.list_shown(cast.omar) for step in made.steps]
    followed = sum((step.topic_id or "").startswith("language/") for step in shown)
    assert f"all: {2 * len(shown)} steps, followed within a month: {followed}" in lines
    assert lines[-1] == "Not causal: who follows a step differs from who does not."


def test_without_old_steps_there_is_nothing_to_tell(app: Flask, cast: Cast) -> None:
    result = app.test_cli_runner().invoke(args=["steps", "outcomes"])

    assert "all: 0 steps, followed within a month: 0" in result.output
    assert "Brier score of M: too few answers" in result.output
