"""`flask demo …`"""

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.services import demo

group = AppGroup("demo", help="A demonstration cohort.")


@group.command("fill")
def fill() -> None:
    """Fill a cohort with 24 learners and three months of attempts, made through the real services."""
    if demo.is_there():
        raise click.ClickException(f"The demonstration is there already; its lead is {demo.LEAD_EMAIL}.")
    now = clock.now()
    learners = demo.plan_learners(now)
    count = sum(len(learner.quizzes) for learner in learners)
    with click.progressbar(demo.fill(learners, now=now), length=count, label="Making attempts") as bar:
        taken = list(bar)
    click.echo(f"{len(learners)} learners took {count} quizzes in the cohort {demo.COHORT_NAME}.")
    cut_short = sum(not one.is_whole for one in taken)
    if cut_short:
        click.echo(f"The sweep of the running server cut {cut_short} of them short. Filled without one, all are whole.")
    password = taken[0].password
    click.echo(f"Sign in as its lead, {demo.LEAD_EMAIL}, or as {learners[0].email}; everybody's password: {password}")
