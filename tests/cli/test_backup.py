"""`flask backup` and `flask restore`"""

from pathlib import Path

from click.testing import Result
from flask import Flask

from tests.builders import take
from tests.conftest import NOON, Cast, empty_stores
from tracker.services import doctor


def run(app: Flask, *args: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[*map(str, args)])


def test_a_backup_is_made_checked_and_restored_with_a_line_a_part(app: Flask, cast: Cast, tmp_path: Path) -> None:
    take("language", learner_id=cast.ada, now=NOON)

    made = run(app, "backup", tmp_path, "--keep", "3")
    (file,) = tmp_path.iterdir()
    checked = run(app, "restore", "--check", file)
    empty_stores()
    restored = run(app, "restore", file)

    assert (made.exit_code, checked.exit_code, restored.exit_code) == (0, 0, 0)
    assert {"documents attempts: 1", "tables users: 4"} <= {*made.stdout.splitlines()}
    assert "The secret key is not in it" in made.stdout
    assert made.stdout.splitlines()[-1].startswith(f"Made {file}, SHA-256 ")
    assert "It is whole: made at " in checked.stdout
    assert "Profiles folded: 1. People erased again: 0." in restored.stdout
    assert list(doctor.examine(learner_ids=doctor.list_learners(), now=NOON)) == []


def test_what_was_removed_is_told(app: Flask, cast: Cast, tmp_path: Path) -> None:
    old = tmp_path / "skillmark-20200101T000000Z.zip"
    old.touch()

    assert f"Removed {old}." in run(app, "backup", tmp_path, "--keep", "1").stdout
    assert not old.exists()


def test_refusals_say_why_and_fail(app: Flask, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "not-a-backup").write_text("hello " * 100)
    run(app, "backup", tmp_path)
    (made,) = tmp_path.glob("*.zip")

    refused = [
        run(app, "backup", tmp_path / "nowhere"),
        run(app, "restore", "--check", tmp_path / "not-a-backup"),
        run(app, "restore", tmp_path / "nothing.zip"),
        run(app, "restore", made),
    ]

    assert [each.exit_code for each in refused] == [1, 1, 1, 1]
    assert "There is no folder" in refused[0].stderr
    assert "is no whole backup" in refused[1].stderr
    assert "cannot be read: No such file or directory." in refused[2].stderr
    assert "here already. A backup is restored into empty stores only" in refused[3].stderr
