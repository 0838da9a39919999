"""Exports: who may have them, what they hold, who makes them when, and how long they stay."""

import csv
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOON, Cast, add_person
from tests.services.guild import DEVELOPING, PROFICIENT, Guild, know
from tests.services.watching import watched_commands, watched_statements
from tests.web.stored import everything
from tracker.assessment.assignment import Release
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.config import Config
from tracker.errors import Conflict, NotFound, PdfUnavailable
from tracker.services import agreements, assignments, cohort_settings, cohorts, exports, leads
from tracker.services.exports import Listed, State
from tracker.services.looks import open_log
from tracker.storage import export_files, sql
from tracker.storage import exports as stored_exports
from tracker.storage.cohort_tables import Look

UNKNOWN = "f" * 32
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def guild(cast: Cast) -> Guild:
    """Lena's cohort, seen with scores, of three."""
    return Guild(cast, members=3, sees=Sees.SCORES)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a cohort of one be too large to be exported at once."""
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 0)


def ask(guild: Guild, format: ExportFormat = ExportFormat.JSON, *, after: timedelta = timedelta()) -> Listed:
    """Ask for an export as Lena."""
    return exports.ask_for(guild.id, format, lead_id=guild.lead_id, now=NOON + after)


def read(guild: Guild, listed: Listed) -> dict[str, Any]:
    """What Lena downloads, which is JSON."""
    file = exports.open_file(guild.id, listed.export.public_id, lead_id=guild.lead_id, now=NOON)
    document: dict[str, Any] = json.loads(file.content)
    return document


def shelf(guild: Guild) -> list[State]:
    """The states that Lena sees in a new request, newest first."""
    sql.session().rollback()
    sql.session().expire_all()
    return [one.state for one in exports.open_exports(guild.id, lead_id=guild.lead_id).exports]


def looks() -> list[Look]:
    return list(sql.session().scalars(select(Look).order_by(Look.id)))


# who may


ACTS: dict[str, Callable[[str, str, int], object]] = {
    "list": lambda cohort_id, _export_id, user_id: exports.open_exports(cohort_id, lead_id=user_id),
    "ask": lambda cohort_id, _export_id, user_id: exports.ask_for(
        cohort_id, ExportFormat.CSV, lead_id=user_id, now=NOON
    ),
    "download": lambda cohort_id, export_id, user_id: exports.open_file(
        cohort_id, export_id, lead_id=user_id, now=NOON
    ),
    "delete": lambda cohort_id, export_id, user_id: exports.delete(cohort_id, export_id, lead_id=user_id, now=NOON),
}


@pytest.mark.parametrize("act", ACTS)
def test_to_members_and_outsiders_exports_are_not_found_and_nothing_changes(guild: Guild, cast: Cast, act: str) -> None:
    export_id = ask(guild).export.public_id
    cohorts.create_cohort("Foreign", lead_id=cast.omar, now=NOON)
    before = everything()

    for who in (guild.member_ids[0], cast.omar):
        with pytest.raises(NotFound) as foreign:
            ACTS[act](guild.id, export_id, who)
        with pytest.raises(NotFound) as unknown:
            ACTS[act](UNKNOWN, export_id, who)
        assert str(foreign.value) == str(unknown.value)

    assert everything() == before


@pytest.mark.parametrize("act", ["download", "delete"])
def test_through_a_cohort_of_ones_own_an_export_of_another_is_not_found(guild: Guild, cast: Cast, act: str) -> None:
    export_id = ask(guild).export.public_id
    own = cohorts.create_cohort("Own", lead_id=cast.omar, now=NOON)

    with pytest.raises(NotFound):
        ACTS[act](own.public_id, export_id, cast.omar)

    assert shelf(guild) == [State.READY]


# what it holds


def test_each_member_is_in_it_as_far_as_they_let_themselves_be_seen(guild: Guild) -> None:
    shy = guild.add("Shy", agreed_to=Sees.LEVELS)
    for member_id in (shy, guild.member_ids[0]):
        know(member_id, {"databases/sqlalchemy": DEVELOPING})

    members = {one["name"]: one for one in read(guild, ask(guild))["members"]}

    assert set(members) == {"Member 0", "Member 1", "Member 2", "Shy"}
    hidden, shown = (members[name]["skills"]["databases"] for name in ("Shy", "Member 0"))
    assert hidden["level"] == shown["level"] is not None
    assert shown["low"] < shown["score"] < shown["high"]
    assert (hidden["score"], hidden["low"], hidden["high"]) == (None, None, None)
    assert members["Member 1"]["skills"]["databases"]["level"] is None
    assert len(shown) == 9
    assert len(members["Shy"]["skills"]) == 34


def test_in_a_cohort_that_sees_levels_nobody_has_numbers_whatever_they_agreed_to(guild: Guild) -> None:
    know(guild.member_ids[0], {"databases/sqlalchemy": DEVELOPING})
    cohort_settings.change_settings(
        guild.id, lead_id=guild.lead_id, name="Guild", sees=Sees.LEVELS, joining=Joining.OPEN, now=NOON
    )

    members = read(guild, ask(guild))["members"]

    assert {one["leads_see"] for one in members} == {"levels"}
    assert {skill["score"] for one in members for skill in one["skills"].values()} == {None}


def test_who_needs_help_first_comes_first_and_targets_say_how_far_they_are(guild: Guild) -> None:
    _first, second, third = guild.member_ids
    guild.want({"tools/pytest": "Proficient"})
    know(second, {"tools/pytest": DEVELOPING})
    know(third, {"tools/pytest": PROFICIENT})

    document = read(guild, ask(guild))

    assert [one["name"] for one in document["members"]] == ["Member 1", "Member 2", "Member 0"]
    against = [one["skills"]["tools/pytest"]["against_target"] for one in document["members"]]
    assert [one and one["direction"] for one in against] == ["below", "at", None]
    assert {skill["target"] for skill in document["skills"] if skill["id"] == "tools/pytest"} == {"Proficient"}


def test_assignments_are_in_it_with_how_far_each_learner_is(guild: Guild) -> None:
    assignments.make_assignment(
        guild.id,
        lead_id=guild.lead_id,
        assessment_slug="tools",
        opens_at=None,
        closes_at=NOON + DAY,
        attempts_allowed=1,
        release=Release.NEVER,
        now=NOON,
    )

    (work,) = read(guild, ask(guild))["assignments"]

    assert work["closes_at"] == "2026-11-03T12:00:00Z"
    assert [one["state"] for one in work["learners"]] == ["not opened"] * 3


def test_a_csv_has_a_line_for_each_member(guild: Guild) -> None:
    listed = ask(guild, ExportFormat.CSV)

    file = exports.open_file(guild.id, listed.export.public_id, lead_id=guild.lead_id, now=NOON)

    _titles, *lines = csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))
    assert [line[:2] for line in lines] == [[f"Member {at}", f"member.{at}@example.org"] for at in range(3)]
    assert (file.name, file.media_type) == ("cohort-2026-11-02.csv", "text/csv")


def test_making_one_costs_the_same_for_few_and_for_many(guild: Guild, config: Config) -> None:
    def count() -> tuple[list[str], int]:
        sql.session().rollback()
        sql.session().expunge_all()
        with watched_commands(config) as commands, watched_statements() as statements:
            ask(guild)
        return commands, sum(statement.startswith("SELECT") for statement in statements)

    few = count()
    for number in range(12):
        know(guild.add(f"Later {number}"), {"tools/pytest": DEVELOPING})

    assert count() == few


# small and large


def test_a_small_one_is_made_at_once(guild: Guild) -> None:
    assert ask(guild).state is State.READY


@pytest.mark.usefixtures("large")
def test_a_large_one_waits_until_it_is_made_by_a_job(guild: Guild) -> None:
    listed = ask(guild)
    assert shelf(guild) == [State.WAITING]
    with pytest.raises(NotFound):
        read(guild, listed)

    assert exports.make_waiting(NOON + MINUTE) == 1

    (made,) = exports.open_exports(guild.id, lead_id=guild.lead_id).exports
    assert (made.state, made.export.done, made.export.wanted) == (State.READY, 3, 3)
    assert len(read(guild, listed)["members"]) == 3
    assert exports.make_waiting(NOON + MINUTE) == 0


@pytest.mark.usefixtures("large")
def test_the_one_that_waits_longest_is_made_first(guild: Guild) -> None:
    for minutes in (2, 1):
        ask(guild, after=minutes * MINUTE)

    exports.make_waiting(NOON + 3 * MINUTE)

    assert shelf(guild) == [State.WAITING, State.READY]


@pytest.mark.usefixtures("large")
def test_of_many_who_make_at_once_one_makes_it(app: Flask, guild: Guild) -> None:
    ask(guild)
    at_once = Barrier(4)

    def make(_number: int) -> int:
        with app.app_context():
            at_once.wait()
            return exports.make_waiting(NOON)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(make, range(4))) == 1

    assert shelf(guild) == [State.READY]
    assert len(looks()) == len(guild.member_ids)


@pytest.mark.usefixtures("large")
def test_one_whose_maker_was_killed_is_made_by_the_next(guild: Guild) -> None:
    killed = ask(guild).export
    stored_exports.begin(killed.id, now=NOON, silent_for=exports.SILENCE)
    assert shelf(guild) == [State.BEING_MADE]
    assert exports.make_waiting(NOON + MINUTE) == 0

    assert exports.make_waiting(NOON + exports.SILENCE + MINUTE) == 1

    assert shelf(guild) == [State.READY]


@pytest.mark.usefixtures("large")
def test_one_that_kills_whoever_makes_it_is_given_up_after_three_tries(guild: Guild) -> None:
    deadly = ask(guild).export
    later = NOON
    for _ in range(exports.MOST_TRIES):
        stored_exports.begin(deadly.id, now=later, silent_for=exports.SILENCE)
        later += exports.SILENCE + MINUTE

    assert exports.make_waiting(later) == 0

    (given_up,) = exports.open_exports(guild.id, lead_id=guild.lead_id).exports
    assert given_up.state is State.FAILED
    assert "never finished" in str(given_up.export.problem)
    assert exports.make_waiting(later + DAY) == 0


def test_where_no_pdf_can_be_made_the_list_says_why(guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_results: object) -> bytes:
        raise PdfUnavailable("This installation lacks the library that makes PDFs.")

    monkeypatch.setitem(exports.WRITERS, ExportFormat.PDF, refuse)

    ask(guild, ExportFormat.PDF)
    exports.make_waiting(NOON + MINUTE)

    (listed,) = exports.open_exports(guild.id, lead_id=guild.lead_id).exports
    assert (listed.state, listed.export.problem) == (
        State.FAILED,
        "This installation lacks the library that makes PDFs.",
    )
    assert looks() == []


def test_a_pdf_waits_for_the_jobs_however_small_the_cohort_is(guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(exports.WRITERS, ExportFormat.PDF, lambda _results: b"%PDF")

    assert ask(guild, ExportFormat.PDF).state is State.WAITING

    assert exports.make_waiting(NOON + MINUTE) == 1
    assert shelf(guild) == [State.READY]


@pytest.mark.usefixtures("large")
def test_nothing_is_made_for_somebody_who_leads_no_more(guild: Guild, cast: Cast) -> None:
    cora = guild.add("Cora")
    leads.make_lead(guild.id, member_id=cora, lead_id=cast.lena, now=NOON)
    ask(guild)
    cohorts.leave(guild.id, user_id=cast.lena, now=NOON)

    assert exports.make_waiting(NOON + MINUTE) == 0

    (refused,) = exports.open_exports(guild.id, lead_id=cora).exports
    assert refused.export.problem == "Who asked for it does not lead this cohort any more."


def test_an_empty_cohort_has_nothing_to_export(cast: Cast) -> None:
    empty = Guild(cast, members=0)

    with pytest.raises(Conflict, match="Nobody is in this cohort yet"):
        ask(empty)

    assert shelf(empty) == []


def test_a_cohort_too_large_for_a_pdf_is_told_what_to_do(guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_IN_PDF", 2)

    with pytest.raises(Conflict, match="at most 2 members"):
        ask(guild, ExportFormat.PDF)

    assert shelf(guild) == []


def test_a_cohort_keeps_so_many_and_no_more(guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_KEPT", 2)
    first = ask(guild)
    ask(guild)
    with pytest.raises(Conflict, match="Delete one"):
        ask(guild)

    exports.delete(guild.id, first.export.public_id, lead_id=guild.lead_id, now=NOON)

    assert ask(guild).state is State.READY
    assert first.export.public_id not in export_files.list_ids()


# how long it stays


def test_it_is_there_for_a_week_and_then_gone_with_its_file(guild: Guild) -> None:
    listed = ask(guild)
    exports.make_waiting(NOON + exports.LIFE)
    assert shelf(guild) == [State.READY]

    exports.make_waiting(NOON + exports.LIFE + MINUTE)

    assert shelf(guild) == []
    assert export_files.list_ids() == set()
    with pytest.raises(NotFound):
        read(guild, listed)


LEAVING: dict[str, Callable[[Guild, int], object]] = {
    "leaves": lambda guild, who: cohorts.leave(guild.id, user_id=who, now=NOON),
    "is taken out": lambda guild, who: cohorts.remove_member(guild.id, member_id=who, lead_id=guild.lead_id, now=NOON),
    "agrees to less": lambda guild, who: agreements.agree(
        guild.id, member_id=who, agreed_to=Sees.LEVELS, may_mentor=False, now=NOON
    ),
    "is to be seen less by the cohort's settings": lambda guild, _who: cohort_settings.change_settings(
        guild.id, lead_id=guild.lead_id, name="Guild", sees=Sees.LEVELS, joining=Joining.OPEN, now=NOON
    ),
    "becomes a lead": lambda guild, who: leads.make_lead(guild.id, member_id=who, lead_id=guild.lead_id, now=NOON),
}


@pytest.mark.parametrize("happening", LEAVING)
def test_when_a_member_is_to_be_seen_less_no_older_file_shows_more(guild: Guild, happening: str) -> None:
    listed = ask(guild)

    LEAVING[happening](guild, guild.member_ids[0])

    assert shelf(guild) == []
    with pytest.raises(NotFound):
        read(guild, listed)
    exports.make_waiting(NOON)
    assert export_files.list_ids() == set()


# who is told


def test_whoever_asks_is_logged_when_it_is_made_and_not_again_when_they_download_it(guild: Guild, cast: Cast) -> None:
    listed = ask(guild)
    read(guild, listed)

    told = [(look.user_id, look.looker_id, look.what) for look in looks()]
    assert told == [(member_id, cast.lena, listed.export.format) for member_id in guild.member_ids]


def test_another_lead_who_downloads_it_is_logged_too(guild: Guild, cast: Cast) -> None:
    cora = add_person("cora@example.org", "Cora")
    token = cohorts.invite(guild.id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cora, now=NOON)
    leads.make_lead(guild.id, member_id=cora, lead_id=cast.lena, now=NOON)
    listed = ask(guild)

    guild.add("Came later")
    for minutes in (1, 2, 12):
        exports.open_file(guild.id, listed.export.public_id, lead_id=cora, now=NOON + minutes * MINUTE)

    told = [(look.user_id, look.at - NOON) for look in looks() if look.looker_id == cora]
    assert told == [(member_id, minutes * MINUTE) for minutes in (1, 12) for member_id in guild.member_ids]


def test_who_comes_back_still_reads_who_had_them_in_a_file_and_nobody_else_does(guild: Guild, cast: Cast) -> None:
    token = cohorts.invite(guild.id, lead_id=cast.lena, now=NOON)
    listed = ask(guild)
    cohorts.leave(guild.id, user_id=guild.member_ids[0], now=NOON)
    for who in (guild.member_ids[0], cast.omar):
        cohorts.join(token, user_id=who, now=NOON)

    logs = [open_log(guild.id, user_id=who, page=1).page.looks for who in (guild.member_ids[0], cast.omar)]

    assert [[look.what for look in log] for log in logs] == [[listed.export.format], []]
