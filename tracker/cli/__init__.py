"""Commands: `flask <noun> <verb>`, each calling one service, one line a fact, non-zero on failure."""

from flask import Flask

from tracker.cli import (
    accounts,
    attempts,
    audit,
    bank,
    calibrate,
    db_copy,
    demo,
    jobs,
    people,
    profiles,
    steps,
    stores,
    tokens,
)


def init(app: Flask) -> None:
    """Give the app its commands."""
    app.cli.add_command(db_copy.command)
    for module in (accounts, attempts, audit, bank, calibrate, demo, jobs, people, profiles, steps, stores, tokens):
        app.cli.add_command(module.group)
