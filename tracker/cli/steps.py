"""`flask steps …`"""

from collections.abc import Sequence

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.scoring.next_steps import NextStep
from tracker.scoring.next_steps.outcomes import Outcome, brier, reliability
from tracker.services import next_steps

group = AppGroup("steps", help="What learners were shown to do next, and why.")


@group.command("show")
@click.argument("learner_id", type=int)
def show(learner_id: int) -> None:
    """Print all steps that a learner was shown, the newest first, and what they rest on."""
    shown = next_steps.list_shown(learner_id)
    for made in shown:
        click.echo(_title(made))
        _print_steps(made.steps)
    click.echo(f"Shown to learner {learner_id}: {len(shown)}.")


@group.command("replay")
@click.argument("learner_id", type=int)
def replay(learner_id: int) -> None:
    """Make all steps that a learner was shown again from what they rest on; fails if any comes out differently."""
    replays = next_steps.replay(learner_id)
    for one in replays:
        click.echo(_title(one.shown))
        _print_steps(one.shown.steps)
        for line in one.differences or ("equal",):
            click.echo(f"  {line}")
    differing = sum(bool(one.differences) for one in replays)
    click.echo(f"Replayed for learner {learner_id}: {len(replays)}, differing: {differing}.")
    if differing:
        raise SystemExit(1)


@group.command("outcomes")
def outcomes() -> None:
    """Tell what became of the steps of a month ago and earlier, and how true the chances they gave were."""
    now = clock.now()
    found: list[Outcome] = []
    with click.progressbar(next_steps.list_learner_ids(now=now), label="Reading") as bar:
        for learner_id in bar:
            found += next_steps.list_outcomes(learner_id, now=now)
    for rule in sorted({one.rule for one in found}):
        click.echo(_followed(rule, [one for one in found if one.rule == rule]))
    click.echo(_followed("all", found))
    for tenth in reliability(found):
        click.echo(f"M {tenth.mastery:.2f} on average: reached by {tenth.reached:.2f} of {tenth.steps}")
    score = brier(found)
    click.echo(f"Brier score of M: {'too few answers' if score is None else format(score, '.3f')}")
    click.echo("Not causal: who follows a step differs from who does not.")


def _followed(name: str, some: Sequence[Outcome]) -> str:
    followed = sum(one.is_followed for one in some)
    return f"{name}: {len(some)} steps, followed within a month: {followed}"


def _title(made: next_steps.ShownSteps) -> str:
    return (
        f"{made.made_at:%Y-%m-%d %H:%M} UTC, {len(made.attempts)} attempts, model {made.model}, "
        f"item parameters {made.parameters}"
    )


def _print_steps(steps: Sequence[NextStep]) -> None:
    for number, step in enumerate(steps, start=1):
        evidence = step.evidence
        if evidence:
            click.echo(
                f"  {number}. {step.rule} {evidence.topic_id}: {evidence.right} of {len(evidence.records)} right, "
                f"{evidence.expected_right:.1f} expected at the cut, M {evidence.mastery:.3f}, use {step.use:.4f}"
            )
