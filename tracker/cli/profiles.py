"""`flask profiles …`"""

import click
from flask.cli import AppGroup

from tracker.services import profiles

group = AppGroup("profiles", help="What is derived from the attempts.")


@group.command("rebuild")
def rebuild() -> None:
    """Make every profile anew from the attempts."""
    learner_ids = profiles.list_learner_ids()
    with click.progressbar(learner_ids, label="Rebuilding") as bar:
        for learner_id in bar:
            profiles.update_profile(learner_id)
    click.echo(f"{len(learner_ids)} profiles were rebuilt.")
