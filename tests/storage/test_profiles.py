"""Profiles in MongoDB: derived, so what matters is that an older one never replaces a newer one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOON
from tracker.storage import profiles
from tracker.storage.profiles import StoredProfile

ADA, OMAR = 1, 2


def a_profile(**fields: Any) -> StoredProfile:
    """Ada's profile from two attempts, by the second revision."""
    stored = StoredProfile(
        learner_id=ADA,
        attempts=2,
        revision=2,
        parameters=1,
        values={"areas": [{"slug": "language", "theta": 0.25}], "revision": 2},
        last_finished_at=NOON,
    )
    return replace(stored, **fields)


def test_a_profile_comes_back_as_it_was(app: Flask) -> None:
    profiles.put(a_profile())

    assert profiles.find(ADA, revision=2) == a_profile()
    assert profiles.find(OMAR, revision=2) is None


def test_putting_the_same_profile_again_changes_nothing(app: Flask) -> None:
    profiles.put(a_profile())
    profiles.put(a_profile())

    assert profiles.find_without_moments(ADA, revision=2) == a_profile()


@pytest.mark.parametrize(
    "newer",
    [{"attempts": 3}, {"revision": 3}, {"parameters": 2}, {"attempts": 3, "revision": 3}, {"values": {"areas": []}}],
)
def test_a_newer_profile_replaces_an_older_one(app: Flask, newer: dict[str, Any]) -> None:
    profiles.put(a_profile())
    profiles.put(a_profile(**newer, last_finished_at=NOON + timedelta(hours=1)))

    found = profiles.find(ADA, revision=newer.get("revision", 2))

    assert found == a_profile(**newer, last_finished_at=NOON + timedelta(hours=1))


@pytest.mark.parametrize("older", [{"attempts": 1}, {"revision": 1}, {"attempts": 1, "revision": 1}])
def test_an_older_profile_never_replaces_a_newer_one(app: Flask, older: dict[str, Any]) -> None:
    profiles.put(a_profile())
    profiles.put(a_profile(**older, values={}))

    assert profiles.find_without_moments(ADA, revision=2) == a_profile()
    assert profiles.find(ADA, revision=1) is None


def test_a_profile_of_another_revision_is_as_good_as_none(app: Flask) -> None:
    profiles.put(a_profile())

    assert profiles.find(ADA, revision=3) is None
    assert profiles.find_without_moments(ADA, revision=1) is None
    assert profiles.count_attempts_by_learner(revision=3, parameters=1) == {}


def test_many_profiles_are_read_and_only_those_asked_for(app: Flask) -> None:
    profiles.put(a_profile())
    profiles.put(a_profile(learner_id=OMAR, attempts=5))

    assert [one.learner_id for one in profiles.iterate_whole([ADA, 99], revision=2)] == [ADA]
    assert list(profiles.iterate_whole([], revision=2)) == []
    assert profiles.count_attempts_by_learner(revision=2, parameters=1) == {ADA: 2, OMAR: 5}
