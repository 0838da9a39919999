"""Exports in SQL and their files: tries that do not meet, files that nobody else reads, and what is forgotten."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOON, Cast
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.sees import Sees
from tracker.errors import NotFound
from tracker.storage import cohorts, export_files, exports, sql
from tracker.storage.cohort_tables import Cohort, Export, Look

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    return cohorts.add_cohort(name="Guild", lead_id=cast.lena, sees=Sees.LEVELS, now=NOON)


@pytest.fixture
def export(cohort: Cohort, cast: Cast) -> Export:
    return exports.add(cohort_id=cohort.id, asked_by=cast.lena, format=ExportFormat.CSV, now=NOON)


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where the files are."""
    found: Path = app.extensions[export_files.EXTENSION]
    return found


def begin(export: Export, *, minutes: float = 0) -> exports.Try:
    """Begin to make it, so many minutes after noon."""
    begun = exports.begin(export.id, now=NOON + minutes * MINUTE, silent_for=MINUTE)
    assert begun
    return begun


def stored(export: Export) -> Export | None:
    sql.session().expire_all()
    return sql.session().get(Export, export.id)


def test_an_export_is_made_by_one_at_a_time(export: Export) -> None:
    assert begin(export).number == 1
    assert exports.begin(export.id, now=NOON + MINUTE, silent_for=MINUTE) is None
    assert exports.find_waiting(now=NOON + MINUTE, silent_for=MINUTE) is None


def test_one_whose_maker_was_silent_for_too_long_is_begun_again(export: Export) -> None:
    begin(export)

    assert exports.find_waiting(now=NOON + 1.1 * MINUTE, silent_for=MINUTE) == export.id
    assert begin(export, minutes=1.1).number == 2


def test_whoever_notes_progress_is_not_silent(export: Export) -> None:
    exports.note_progress(begin(export), done=120, wanted=500, now=NOON + MINUTE)

    assert exports.begin(export.id, now=NOON + 1.5 * MINUTE, silent_for=MINUTE) is None
    found = stored(export)
    assert found
    assert (found.done, found.wanted) == (120, 500)


def test_what_an_older_try_does_later_changes_nothing(export: Export) -> None:
    older = begin(export)
    newer = begin(export, minutes=2)

    exports.note_progress(older, done=9, wanted=9, now=NOON)
    exports.fail(older, "It failed.")
    assert not exports.finish(older, b"old", member_ids=[], now=NOON)

    assert exports.finish(newer, b"new", member_ids=[], now=NOON)
    found = stored(export)
    assert found
    assert (found.done, found.problem, exports.find_file(found)) == (0, None, b"new")


def test_a_file_and_a_look_of_its_asker_at_everybody_in_it_come_together(
    export: Export, cohort: Cohort, cast: Cast
) -> None:
    exports.finish(begin(export), b"a,b", member_ids=[cast.ada, cast.omar], now=NOON + MINUTE)

    looks = sql.session().scalars(select(Look).order_by(Look.id))
    assert [(look.cohort_id, look.user_id, look.looker_id, look.what, look.at) for look in looks] == [
        (cohort.id, user_id, cast.lena, export.format, NOON + MINUTE) for user_id in (cast.ada, cast.omar)
    ]


def test_only_the_owner_of_the_service_reads_the_file(export: Export, folder: Path) -> None:
    exports.finish(begin(export), b"a,b", member_ids=[], now=NOON)

    (file,) = folder.iterdir()
    assert file.name == f"{export.public_id}.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_one_that_was_forgotten_while_it_was_made_leaves_no_file_and_no_look(export: Export, cohort: Cohort) -> None:
    begun = begin(export)
    with sql.writing():
        exports.forget(cohort.id)

    assert not exports.finish(begun, b"a,b", member_ids=[], now=NOON)

    assert export_files.list_ids() == set()
    assert sql.session().scalars(select(Look)).all() == []


def test_forgetting_is_part_of_its_callers_transaction(export: Export, cohort: Cohort) -> None:
    def forget_and_fail() -> None:
        with sql.writing():
            exports.forget(cohort.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        forget_and_fail()

    assert stored(export)


def test_the_files_of_what_was_forgotten_are_swept_and_no_others(export: Export, cohort: Cohort, cast: Cast) -> None:
    other = cohorts.add_cohort(name="Other", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)
    kept = exports.add(cohort_id=other.id, asked_by=cast.omar, format=ExportFormat.PDF, now=NOON)
    for one in (export, kept):
        exports.finish(begin(one), b"a file", member_ids=[], now=NOON)
    with sql.writing():
        exports.forget(cohort.id)

    assert exports.sweep() == 1

    assert export_files.list_ids() == {kept.public_id}


def test_a_draft_that_a_crash_left_behind_is_swept_with_its_export(
    export: Export, cohort: Cohort, folder: Path
) -> None:
    export_files.put(export.public_id, ExportFormat.CSV, b"a,b")
    (folder / f"{export.public_id}.csv-x7y").write_bytes(b"a")
    assert exports.sweep() == 0

    with sql.writing():
        exports.forget(cohort.id)

    assert exports.sweep() == 1
    assert list(folder.iterdir()) == []


def test_what_is_old_is_forgotten_and_the_rest_stays(export: Export, cohort: Cohort, cast: Cast) -> None:
    younger = exports.add(cohort_id=cohort.id, asked_by=cast.lena, format=ExportFormat.CSV, now=NOON + MINUTE)

    exports.forget_older(NOON + MINUTE)

    assert stored(export) is None
    assert stored(younger)


def test_one_of_another_cohort_is_not_found(export: Export, cast: Cast) -> None:
    other = cohorts.add_cohort(name="Other", lead_id=cast.omar, sees=Sees.LEVELS, now=NOON)

    with pytest.raises(NotFound):
        exports.get(export.public_id, cohort_id=other.id)


def test_removing_one_takes_its_file_too(export: Export) -> None:
    exports.finish(begin(export), b"a,b", member_ids=[], now=NOON)

    exports.remove(export)

    assert stored(export) is None
    assert export_files.list_ids() == set()
