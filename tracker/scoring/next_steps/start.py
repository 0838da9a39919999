"""Start: where nothing is known, the placement tells the most."""

from tracker.scoring.next_steps.step import NextStep

ID = "start-1"
WHEN = "You have not answered anything yet."


def step() -> NextStep:
    """The only step of somebody who never answered."""
    return NextStep(rule=ID)
