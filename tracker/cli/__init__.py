"""Commands: `flask <noun> <verb>`, each calling one service, one line a fact, non-zero on failure."""

from flask import Flask

from tracker.cli import (
    accounts,
    attempts,
    audit,
    backup,
    bank,
    calibrate,
    db_copy,
    demo,
    doctor,
    jobs,
    people,
    profiles,
    steps,
    stores,
    tokens,
)

GROUPS = (
    accounts,
    attempts,
    audit,
    bank,
    calibrate,
    demo,
    jobs,
    people,
    profiles,
    steps,
    stores,
    tokens,
)
COMMANDS = (backup.make, backup.restore, db_copy.command, doctor.command)


def init(app: Flask) -> None:
    """Give the app its commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
    for module in GROUPS:
        app.cli.add_command(module.group)
