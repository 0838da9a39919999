"""Results as JSON, held against the schema that is published with it."""

import json
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.builders import SKILLS, a_cell, a_line, in_words, some_figures, some_results, some_work
from tracker.assessment.sees import Sees
from tracker.config import ROOT
from tracker.formats.json_file import to_json
from tracker.formats.results import Results
from tracker.scoring.spread import Spread

SCHEMA = json.loads((ROOT / "docs" / "exports.schema.json").read_text())


def read(results: Results) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_json(results))
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    return document


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_it_says_what_it_is_and_when_it_was_made() -> None:
    document = read(some_results())

    assert (document["format"], document["cohort"], document["made_at"]) == (1, "Guild", "2026-11-02T12:00:00Z")
    assert document["levels"] == ["Foundation", "Developing", "Proficient", "Expert"]
    assert document["skills"][0] == {
        "id": "databases",
        "name": "Databases",
        "target": "Expert",
        "spread": {"members": 1, "levels": None, "scores": None},
    }


def test_a_member_has_numbers_as_numbers() -> None:
    (ada,) = read(some_results())["members"]

    assert (ada["name"], ada["address"], ada["leads_see"]) == ("Ada", "ada@example.org", "scores")
    assert ada["skills"]["databases"] == {
        "level": "Developing",
        "lowest_level": "Foundation",
        "highest_level": "Proficient",
        "score": 480,
        "low": 380,
        "high": 575,
        "answers": 12,
        "last_answer_at": "2026-11-02T11:00:00Z",
        "against_target": {"direction": "below", "is_sure": True},
    }
    assert ada["skills"]["tools"]["level"] is ada["skills"]["tools"]["highest_level"] is None


def test_a_member_who_let_the_leads_see_levels_has_no_numbers_of_scores() -> None:
    (ada,) = read(some_results(a_line(sees=Sees.LEVELS, cells=tuple(a_cell(in_words()) for _ in SKILLS))))["members"]

    for skill in ada["skills"].values():
        assert (skill["level"], skill["score"], skill["low"], skill["high"]) == ("Developing", None, None, None)


def test_a_spread_that_is_told_has_words_and_numbers() -> None:
    told = Spread("databases", 5, ("Foundation", "Developing", "Proficient"), (400, 480, 555))

    document = read(some_results(spreads=(told, *some_results().spreads[1:])))

    assert document["skills"][0]["spread"] == {
        "members": 5,
        "levels": ["Foundation", "Developing", "Proficient"],
        "scores": [400, 480, 555],
    }


def test_assignments_say_how_far_each_learner_is() -> None:
    (work,) = read(some_results(works=(some_work(),)))["assignments"]

    assert (work["name"], work["opens_at"], work["closes_at"]) == (
        *("Databases", "2026-10-25T12:00:00Z"),
        "2026-11-01T12:00:00Z",
    )
    assert work["learners"] == [
        {"address": "ada@example.org", "state": "finished", "finished_at": "2026-10-31T12:00:00Z"},
        {"address": "ben@example.org", "state": "late", "finished_at": None},
    ]


def test_group_figures_are_those_that_were_told() -> None:
    figures = read(some_results(figures=some_figures()))["group_figures"]

    assert figures["made_at"] == "2026-11-02T12:00:00Z"
    assert [(one["members"], one["share"], one["end"]) for one in figures["misconceptions"]] == [
        (9, 1 / 3, None),
        (9, None, "few"),
    ]
    assert figures["months"] == [
        {
            "area": "Databases",
            "last_day": "2026-10-31",
            "members": 7,
            "score": 480,
            "low": 430,
            "high": 530,
            "change": "risen",
        }
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=5))
def test_whatever_people_are_called_the_file_says_the_same(names: list[str]) -> None:
    document = read(some_results(*(a_line(name) for name in names)))

    assert [member["name"] for member in document["members"]] == names
