"""Stored standings: an older one never replaces a newer one, and many are read some at a time."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.services.watching import watched_commands
from tracker.config import Config
from tracker.storage import standings
from tracker.storage.standings import StoredStanding

ADA, OMAR = 1, 2


def a_standing(**fields: Any) -> StoredStanding:
    """Ada's standing from two attempts."""
    stored = StoredStanding(
        learner_id=ADA,
        attempts=2,
        revision=2,
        parameters=1,
        format=1,
        skills=("language", "language/oop"),
        numbers=b"numbers",
    )
    return replace(stored, **fields)


def test_a_standing_comes_back_as_it_was(app: Flask) -> None:
    standings.put(a_standing())
    standings.put(a_standing(learner_id=OMAR, skills=()))

    assert standings.find(ADA, revision=2, format=1) == a_standing()
    assert standings.list_of([OMAR, ADA, 99], revision=2, format=1) == {
        ADA: a_standing(),
        OMAR: a_standing(learner_id=OMAR, skills=()),
    }
    assert standings.count_attempts_by_learner(revision=2, parameters=1, format=1) == {ADA: 2, OMAR: 2}


@pytest.mark.parametrize("newer", [{"attempts": 3}, {"revision": 3}, {"parameters": 2}, {"format": 2}])
def test_a_newer_standing_replaces_an_older_one_and_never_the_other_way_round(
    app: Flask, newer: dict[str, Any]
) -> None:
    standings.put(a_standing())
    standings.put(a_standing(**newer, numbers=b"newer"))
    standings.put(a_standing())

    found = standings.find(ADA, revision=newer.get("revision", 2), format=newer.get("format", 1))

    assert found == a_standing(**newer, numbers=b"newer")


@pytest.mark.parametrize("made", [{"revision": 3, "format": 1}, {"revision": 2, "format": 2}])
def test_a_standing_of_another_revision_or_format_is_as_good_as_none(app: Flask, made: dict[str, int]) -> None:
    standings.put(a_standing())

    assert standings.find(ADA, **made) is None
    assert standings.list_of([ADA], **made) == {}
    assert standings.count_attempts_by_learner(parameters=1, **made) == {}


@pytest.mark.parametrize(("count", "queries"), [(0, 0), (1, 1), (50, 1), (51, 2), (500, 10)])
def test_many_standings_are_read_fifty_at_a_time(app: Flask, config: Config, count: int, queries: int) -> None:
    with watched_commands(config) as commands:
        standings.list_of(range(count), revision=2, format=1)

    assert commands == ["find"] * queries
