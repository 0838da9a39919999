"""`flask doctor`"""

from pathlib import Path

from click.testing import Result
from flask import Flask

from tests.builders import take
from tests.conftest import NOON, Cast
from tracker.services import backups
from tracker.storage import documents


def run(app: Flask, *args: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["doctor", *map(str, args)])


def test_sound_stores_are_told_in_a_line(app: Flask, cast: Cast, tmp_path: Path) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    file = backups.make(tmp_path, now=NOON).file

    result = run(app, "--against", file)

    assert (result.exit_code, result.stdout) == (0, "Nothing differs.\n")


def test_each_difference_is_a_line_and_the_command_fails(app: Flask, cast: Cast, tmp_path: Path) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    file = backups.make(tmp_path, now=NOON).file
    documents.collection("standings").update_one({}, {"$set": {"skills": "language"}})
    documents.collection("attempts").update_one({}, {"$set": {"seed": -1}})

    result = run(app, "--against", file, "--sample", "1")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"The standing of person {cast.ada} is not that of their profile. Run `flask profiles rebuild`.",
        "attempts: 1 documents as in the backup, but not all the same.",
    ]
    assert "Error: Differences: 2." in result.stderr


def test_a_backup_that_is_not_whole_is_told(app: Flask, cast: Cast, tmp_path: Path) -> None:
    result = run(app, "--against", tmp_path / "nothing.zip")

    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
