"""Commands: `flask <noun> <verb>`, each calling one service, one line a fact, non-zero on failure."""

from flask import Flask

from tracker.cli import accounts, attempts, bank, calibrate, demo, jobs, profiles, steps, stores


def init(app: Flask) -> None:
    """Give the app its commands."""
    for module in (accounts, attempts, bank, calibrate, demo, jobs, profiles, steps, stores):
        app.cli.add_command(module.group)
