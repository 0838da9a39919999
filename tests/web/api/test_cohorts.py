"""Cohorts by program: what their leads see on the pages, and nobody else."""

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from flask import Flask

from tests.conftest import Cast
from tests.services.guild import DEVELOPING, EXPERT, FOUNDATION, PROFICIENT, Guild, know
from tests.services.watching import watched_statements
from tests.web.api.client import Client
from tracker import clock
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.sees import Sees
from tracker.config import ROOT
from tracker.services import cohorts, exports, leads, matrix
from tracker.services.looks import SAME_LOOK
from tracker.storage import looks as stored_looks

SCHEMA = json.loads((ROOT / "docs" / "exports.schema.json").read_text())


@pytest.fixture
def lena(app: Flask, cast: Cast) -> Client:
    """Lena's client."""
    return Client(app, cast.lena)


@pytest.fixture
def guild(cast: Cast) -> Guild:
    """Lena's cohort: Dora, Eve and Pia let scores be seen, Fay levels; Nils did nothing yet."""
    guild = Guild(cast, members=0, sees=Sees.SCORES)
    for name, theta in (("Dora", DEVELOPING), ("Eve", EXPERT), ("Pia", PROFICIENT)):
        know(guild.add(name, agreed_to=Sees.SCORES), {"tools/pytest": theta})
    know(guild.add("Fay", agreed_to=Sees.LEVELS), {"tools/pytest": FOUNDATION})
    guild.add("Nils", agreed_to=Sees.SCORES)
    return guild


def looks_at(name: str, cast: Cast, guild: Guild) -> list[tuple[int, str]]:
    """Who looked at a member's results, and how."""
    cohort = cohorts.get_led(guild.id, lead_id=cast.lena)
    members = {one.user.name: one.user_id for one in exports.list_exported(cohort)}
    found = stored_looks.list_at(members[name], cohort_id=cohort.id, start=0, count=50)
    return [(look.looker_id, look.what) for look in found]


def row(read: dict[str, Any], name: str) -> dict[str, Any]:
    """A member's row of a matrix, its cells by their columns."""
    (found,) = [one for one in read["rows"] if one["name"] == name]
    cells = zip((column["skill"] for column in read["columns"]), found["cells"], strict=True)
    return {**found, "cells": dict(cells)}


def test_a_lead_sees_the_cohorts_that_they_lead_and_not_those_that_they_are_in(
    cast: Cast, lena: Client, guild: Guild
) -> None:
    other = cohorts.create_cohort("Omar's", lead_id=cast.omar, now=clock.now())
    cohorts.join(
        cohorts.invite(other.public_id, lead_id=cast.omar, now=clock.now()), user_id=cast.lena, now=clock.now()
    )

    read = lena.read("/cohorts")

    assert read == {
        "next": None,
        "cohorts": [
            {
                "id": guild.id,
                "name": "Guild",
                "leads_see": "scores",
                "joining": "open",
                "created_at": "2026-11-02T12:00:00.000Z",
                "archived_at": None,
            }
        ],
    }
    assert lena.read(f"/cohorts/{guild.id}") == read["cohorts"][0]
    assert lena.get(f"/cohorts/{other.public_id}").status_code == 404


def test_many_cohorts_come_some_at_a_time(cast: Cast, lena: Client) -> None:
    for number in range(5):
        cohorts.create_cohort(f"Team {number}", lead_id=cast.lena, now=clock.now())
    names, path = [], "/cohorts?limit=2"
    while path:
        read = lena.read(path)
        names.append([one["name"] for one in read["cohorts"]])
        path = read["next"]
    assert names == [["Team 0", "Team 1"], ["Team 2", "Team 3"], ["Team 4"]]


def test_members_come_some_at_a_time_without_results_and_nobody_looked_at_them(
    cast: Cast, lena: Client, guild: Guild
) -> None:
    read = lena.read(f"/cohorts/{guild.id}/members?limit=3")
    rest = lena.read(read["next"])

    assert [one["name"] for one in (*read["members"], *rest["members"])] == ["Dora", "Eve", "Pia", "Fay", "Nils"]
    assert rest["next"] is None
    fay = rest["members"][0]
    assert (fay["address"], fay["leads_see"]) == ("fay@example.org", "levels")
    assert set(fay) == {"id", "name", "address", "joined_at", "leads_see"}
    assert looks_at("Fay", cast, guild) == []


def test_who_joins_or_leaves_meanwhile_changes_nobody_elses_place_in_the_list(lena: Client, guild: Guild) -> None:
    read = lena.read(f"/cohorts/{guild.id}/members?limit=3")
    cohorts.remove_member(guild.id, member_id=read["members"][0]["id"], lead_id=guild.lead_id, now=clock.now())

    assert [one["name"] for one in lena.read(read["next"])["members"]] == ["Fay", "Nils"]


@pytest.mark.parametrize("cursor", ["x", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "YQ", "%F0%9F%98%80"])
def test_a_cursor_that_is_none_is_refused(lena: Client, guild: Guild, cursor: str) -> None:
    refused = lena.get(f"/cohorts/{guild.id}/members?cursor={cursor}")

    assert refused.status_code == 400
    assert set(refused.get_json()["fields"]) == {"cursor"}


def test_the_matrix_shows_of_each_member_what_they_agreed_to(lena: Client, guild: Guild) -> None:
    guild.want({"tools/pytest": "Proficient"})

    read = lena.read(f"/cohorts/{guild.id}/matrix?area=tools&order=name")

    assert [one["name"] for one in read["rows"]] == ["Dora", "Eve", "Fay", "Nils", "Pia"]
    assert (read["area"], read["order"], read["member_count"], read["page_count"]) == ("tools", "name", 5, 1)
    targets = {column["skill"]: column["target"] for column in read["columns"]}
    assert targets["tools/pytest"] == "Proficient"
    dora, fay, nils = (row(read, name)["cells"]["tools/pytest"] for name in ("Dora", "Fay", "Nils"))
    assert dora["level"] == "Developing"
    assert dora["low"] < dora["score"] < dora["high"]
    assert dora["against_target"]["direction"] == "below"
    assert (fay["level"], fay["score"], fay["low"], fay["high"]) == ("Foundation", None, None, None)
    assert (nils["level"], nils["lowest_level"], nils["answers"], nils["last_answer_at"]) == (None, None, 0, None)


def test_the_matrix_has_who_needs_help_first_and_all_areas_unless_told(lena: Client, guild: Guild) -> None:
    guild.want({"tools": "Expert"})

    read = lena.read(f"/cohorts/{guild.id}/matrix")

    seen = matrix.make_matrix(cohorts.get_led(guild.id, lead_id=guild.lead_id), matrix.Wanted(), clock.now())
    assert [one["name"] for one in read["rows"]] == [one.user.name for one in seen.rows]
    assert [column["skill"] for column in read["columns"]] == [column.skill for column in seen.columns]


def test_a_large_matrix_is_by_name_and_each_page_names_the_next(
    lena: Client, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "MOST_SORTED", 1)
    monkeypatch.setattr(matrix, "ROWS", 2)

    first = lena.read(f"/cohorts/{guild.id}/matrix?area=tools")
    second = lena.read(first["next"])
    third = lena.read(second["next"])

    names = [[one["name"] for one in read["rows"]] for read in (first, second, third)]
    assert names == [["Dora", "Eve"], ["Fay", "Nils"], ["Pia"]]
    assert (first["order"], first["page_count"], third["page"], third["next"]) == ("name", 3, 3, None)


@pytest.mark.parametrize(
    ("query", "status"), [("area=unknown", 404), ("order=wealth", 400), ("page=0", 400), ("sort=name", 400)]
)
def test_a_matrix_that_does_not_exist_is_refused(lena: Client, guild: Guild, query: str, status: int) -> None:
    assert lena.get(f"/cohorts/{guild.id}/matrix?{query}").status_code == status


def test_the_export_is_what_the_page_exports(lena: Client, guild: Guild) -> None:
    read = lena.read(f"/cohorts/{guild.id}/export")

    jsonschema.validate(read, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert {one["name"] for one in read["members"]} == {"Dora", "Eve", "Fay", "Nils", "Pia"}
    assert exports.open_exports(guild.id, lead_id=guild.lead_id).exports == ()


def test_members_read_that_their_lead_exported_once_in_ten_minutes(
    cast: Cast, app: Flask, lena: Client, guild: Guild
) -> None:
    for _ in range(2):
        lena.read(f"/cohorts/{guild.id}/export")
    assert looks_at("Fay", cast, guild) == [(cast.lena, "json")]

    exports.gather_document(guild.id, lead_id=cast.lena, now=clock.now() + SAME_LOOK + timedelta(seconds=1))
    assert looks_at("Fay", cast, guild) == [(cast.lena, "json")] * 2


def test_a_large_cohort_is_exported_in_the_background_and_its_members_read_who_had_it(
    cast: Cast, app: Flask, lena: Client
) -> None:
    guild = Guild(cast, members=101)
    path = f"/cohorts/{guild.id}/exports"

    asked = lena.post(path)
    assert (asked.status_code, asked.json["state"], asked.json["wanted"]) == (201, "waiting", 0)
    again = lena.post(path)
    assert (again.status_code, again.json, again.location) == (200, asked.json, asked.location)
    assert lena.get(f"{asked.location}/file").status_code == 404
    assert looks_at("Member 100", cast, guild) == []

    exports.make_waiting(clock.now())

    made = lena.read(asked.location)
    assert (made["id"], made["state"], made["done"], made["problem"]) == (asked.json["id"], "ready", 101, None)
    read = lena.read(f"{asked.location}/file")
    jsonschema.validate(read, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert len(read["members"]) == 101
    known = lena.get(f"{asked.location}/file").headers["ETag"]
    assert lena.get(f"{asked.location}/file", **{"If-None-Match": known}).status_code == 304
    assert looks_at("Member 100", cast, guild) == [(cast.lena, "json")]
    assert lena.post(path).status_code == 201


def test_a_lead_who_has_what_another_asked_for_looked_too(cast: Cast, app: Flask, lena: Client, guild: Guild) -> None:
    cora = guild.add("Cora")
    leads.make_lead(guild.id, member_id=cora, lead_id=cast.lena, now=clock.now())
    made = lena.post(f"/cohorts/{guild.id}/exports")

    Client(app, cora).read(f"{made.location}/file")

    assert sorted(looks_at("Fay", cast, guild)) == [(cast.lena, "json"), (cora, "json")]


def test_an_export_in_another_format_is_none_for_programs(cast: Cast, lena: Client, guild: Guild) -> None:
    made = exports.ask_for(guild.id, ExportFormat.CSV, lead_id=cast.lena, now=clock.now())

    for what in ("", "/file"):
        assert lena.get(f"/cohorts/{guild.id}/exports/{made.export.public_id}{what}").status_code == 404


def test_an_export_of_nobody_or_of_too_many_is_refused_with_what_to_do(
    cast: Cast, lena: Client, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = cohorts.create_cohort("Empty", lead_id=cast.lena, now=clock.now())
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 4)

    for cohort_id, said in ((empty.public_id, "Invite its members first."), (guild.id, "made in the background")):
        refused = lena.get(f"/cohorts/{cohort_id}/export")
        assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")
        assert said in refused.get_json()["detail"]
    assert looks_at("Fay", cast, guild) == []


@pytest.mark.parametrize("what", ["", "/members", "/matrix", "/export"])
def test_to_omar_and_to_members_a_cohort_of_lena_is_not_there(app: Flask, cast: Cast, guild: Guild, what: str) -> None:
    nowhere = Client(app, cast.omar).get(f"/cohorts/{'0' * 32}{what}")
    for asker in (cast.omar, guild.add("Gus")):
        foreign = Client(app, asker).get(f"/cohorts/{guild.id}{what}")
        assert (foreign.status_code, foreign.data) == (nowhere.status_code, nowhere.data) == (404, nowhere.data)
    assert looks_at("Fay", cast, guild) == []


@pytest.mark.parametrize("what", ["", "/members", "/matrix", "/export"])
def test_a_cohort_costs_no_more_questions_with_more_members(lena: Client, guild: Guild, what: str) -> None:
    lena.get("/roadmap")  # that the token was used is noted now
    costs = []
    for size in (1, 8):
        for number in range(size):
            know(guild.add(f"Member {size} {number}"), {"tools/git": 0.5})
        with watched_statements() as statements:
            lena.read(f"/cohorts/{guild.id}{what}")
        costs.append(len(statements))
    assert costs[0] == costs[1]
