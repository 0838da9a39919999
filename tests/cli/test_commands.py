"""All commands: how they are named, and that each says what it is for."""

import pytest
from click import Command, Group
from flask import Flask
from flask.testing import FlaskCliRunner

OURS = {
    "accounts create-admin",
    "accounts extra-time",
    "accounts make-author",
    "accounts reset-second-factor",
    "api document",
    "attempts credit",
    "attempts sweep",
    "audit head",
    "audit verify",
    "backup",
    "bank check",
    "bank flag",
    "bank health",
    "bank keep",
    "bank prove",
    "bank stats",
    "calibrate history",
    "calibrate revert",
    "calibrate run",
    "calibrate show",
    "db-copy",
    "demo fill",
    "doctor",
    "jobs run",
    "people erase",
    "profiles rebuild",
    "restore",
    "steps outcomes",
    "steps replay",
    "steps show",
    "stores prepare",
    "tokens list",
    "tokens make",
    "tokens revoke",
}
FLASKS = {"db", "run", "shell", "routes"}


def commands(app: Flask) -> dict[str, Command]:
    """Our commands by noun and verb, or by the one word of those about everything; Flask's own are not ours."""
    found: dict[str, Command] = {}
    for word, command in app.cli.commands.items():
        if isinstance(command, Group):
            found |= {f"{word} {verb}": each for verb, each in command.commands.items()}
        else:
            found[word] = command
    return {name: command for name, command in found.items() if name.partition(" ")[0] not in FLASKS}


def test_there_are_exactly_these_commands(whole_app: Flask) -> None:
    assert set(commands(whole_app)) == OURS


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_says_in_a_sentence_what_it_does(whole_app: Flask, name: str) -> None:
    shown = FlaskCliRunner(whole_app).invoke(args=[*name.split(), "--help"])

    assert shown.exit_code == 0
    help_text = commands(whole_app)[name].help
    assert help_text is not None
    assert help_text.endswith(".")


@pytest.mark.parametrize("args", [["bank", "chekc"], ["nothing"], ["accounts", "create-admin"]])
def test_a_mistyped_command_fails(whole_app: Flask, args: list[str]) -> None:
    result = FlaskCliRunner(whole_app).invoke(args=args)

    assert result.exit_code == 2
