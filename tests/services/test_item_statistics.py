"""Statistics of the items from everybody's answers: wrong keys and leaks are found, and what is sound is left alone."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import NOON
from tests.services.crowd import LEAKED, MISKEYED, SOUND, area_items, calibrate, fill
from tracker.assessment.item_statistics import ItemStatistics
from tracker.services import item_statistics
from tracker.services.answer_log import AnswerLog
from tracker.storage import item_statistics as kept

PEOPLE = 300
LATER = NOON + timedelta(days=60)


def compute() -> dict[str, ItemStatistics]:
    """The statistics of all items, by id."""
    log = AnswerLog()
    begun = sum(item_statistics.read_answers(log, now=LATER))
    assert begun <= item_statistics.count_learners()
    found = [one for area in item_statistics.compute_statistics(log, now=LATER) for one in area]
    return {one.item_id: one for one in found}


def alarms(found: dict[str, ItemStatistics]) -> dict[str, Sequence[str]]:
    return {item_id: one.alarms for item_id, one in found.items() if one.alarms}


def test_without_answers_there_are_no_statistics(small_app: Flask) -> None:
    assert compute() == {}


def test_a_wrong_key_and_a_leak_are_found_and_nothing_else_raises_an_alarm(small_app: Flask) -> None:
    calibrate(area_items())
    fill(PEOPLE, miskeyed=MISKEYED, leaked=LEAKED)

    found = compute()

    assert alarms(found) == {MISKEYED: ("miskey alarm",), LEAKED: ("leaked",)}
    (alarm,) = [finding for finding in found[MISKEYED].findings if finding.rule == "miskey alarm"]
    assert alarm.part == "a"
    (leak,) = [finding for finding in found[LEAKED].findings if finding.rule == "leaked"]
    assert leak.since is not None
    assert abs(leak.since - (NOON + timedelta(hours=PEOPLE / 2))) < timedelta(hours=30)


def test_sound_items_raise_no_alarm(small_app: Flask) -> None:
    calibrate(area_items())
    fill(PEOPLE)

    assert alarms(compute()) == {}


def test_an_authors_level_is_no_ground_to_call_an_item_leaked_or_misfitting(small_app: Flask) -> None:
    fill(PEOPLE, leaked=LEAKED)

    rules = {finding.rule for one in compute().values() for finding in one.findings}

    assert rules.isdisjoint({"leaked", "item misfit", "easier than calibrated", "harder than calibrated"})


def test_shares_are_plain_counts_of_what_was_answered(small_app: Flask) -> None:
    fill(90)

    one = compute()[SOUND]

    shares = {choice.name: choice.share.value for choice in one.choices}
    assert one.responses == 90
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["b"] == one.facility.value
    assert [choice.is_key for choice in one.choices] == [False, True, False]
    assert all(len(choice.by_third) == 3 for choice in one.choices)


def test_of_typed_answers_the_frequent_ones_are_shown_unless_everybody_sees_another_variant(small_app: Flask) -> None:
    fill(60)
    found = compute()

    assert {choice.name: choice.is_key for choice in found["language/syntax/text"].choices} == {
        "None": True,
        "nil": False,
    }
    assert found["language/oop/loops"].choices == ()
    assert found["language/syntax/order"].choices == ()


def test_answers_faster_than_reading_are_counted_and_many_of_them_are_a_finding(small_app: Flask) -> None:
    fill(60)
    fill(30, first=60, seconds=1.0)

    one = compute()[SOUND]

    assert one.times is not None
    assert (one.times.median, one.times.threshold) == (30.0, 3.0)
    assert one.times.rapid.value == pytest.approx(30 / 90)
    assert "rapid guessing" in {finding.rule for finding in one.findings}


def test_what_a_run_found_replaces_what_was_there(small_app: Flask) -> None:
    fill(60)
    found = compute()
    item_statistics.keep_statistics(list(found.values()), now=LATER)

    assert kept.find(SOUND) == found[SOUND]
    assert kept.list_rules().keys() == {one.version for one in found.values()}
    assert kept.list_times([SOUND])[found[SOUND].version].threshold == 3.0

    item_statistics.keep_statistics([], now=LATER + timedelta(days=1))
    assert kept.find(SOUND) is None
    assert kept.list_rules() == {}
