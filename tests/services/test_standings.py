"""Standings: the profiles of many, read fast, the same as one by one; repaired like profiles."""

from dataclasses import fields
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.scoring import slow_standings as slow
from tests.services.watching import watched_commands
from tests.web.stored import everything
from tracker.config import Config
from tracker.scoring.standings import Standings
from tracker.services import profiles
from tracker.services.standings import list_standings
from tracker.storage import documents
from tracker.storage.question_bank import get_bank

LATER = NOON + timedelta(days=50)


@pytest.fixture
def measured(cast: Cast) -> list[int]:
    """Ada with two attempts, Omar with one, Lena with none."""
    take("language", learner_id=cast.ada, now=NOON, wrong=range(4))
    take("placement", learner_id=cast.ada, now=NOON + timedelta(days=20), wrong=range(9))
    take("tools", learner_id=cast.omar, now=NOON)
    return [cast.omar, cast.lena, cast.ada]


def expect_as_profiles(found: Standings, learner_ids: list[int]) -> None:
    """The standings are those of these learners' profiles."""
    known = [profiles.get_profile(learner_id, now=LATER) for learner_id in learner_ids]
    expected = slow.standings(known, get_bank().roadmap)
    assert found.skills == expected.skills
    for field in fields(Standings)[1:]:
        np.testing.assert_allclose(getattr(found, field.name), getattr(expected, field.name), rtol=0, atol=1e-6)


def test_standings_are_those_of_the_profiles_in_the_order_asked_for(measured: list[int]) -> None:
    expect_as_profiles(list_standings(measured, now=LATER), measured)


def test_nobodys_standings_are_empty(app: Flask) -> None:
    assert list_standings([], now=NOON).theta.shape == (0, 34)


def test_five_hundred_are_read_in_ten_queries(app: Flask, config: Config) -> None:
    with watched_commands(config) as commands:
        list_standings(range(500), now=NOON)

    assert commands == ["find"] * 10


@pytest.mark.parametrize("lost", [{}, {"$set": {"format": 0}}, {"$set": {"attempts": 0}}, {"$set": {"revision": 0}}])
def test_a_standing_that_is_lost_or_lags_is_made_anew_by_repairing(
    measured: list[int], cast: Cast, lost: dict[str, object]
) -> None:
    before = everything()
    if lost:
        documents.collection("standings").update_one({"_id": cast.ada}, lost)
    else:
        documents.collection("standings").delete_one({"_id": cast.ada})
    assert everything() != before

    profiles.repair_profile(cast.ada)

    assert everything() == before
    expect_as_profiles(list_standings(measured, now=LATER), measured)


def test_repairing_all_finds_standings_that_lag(measured: list[int], cast: Cast) -> None:
    before = everything()
    documents.collection("standings").delete_many({})

    assert profiles.list_lagging_ids() == sorted([cast.ada, cast.omar])
    assert profiles.repair_profiles() == 2

    assert everything() == before
    assert profiles.repair_profiles() == 0
