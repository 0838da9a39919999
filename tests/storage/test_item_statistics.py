"""Item statistics in MongoDB: kept whole, replaced by each run, summed up in one document."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import some_statistics
from tests.conftest import NOON
from tracker.assessment.item_statistics import ItemStatistics
from tracker.storage import item_statistics

FULL = some_statistics("leaked", "DIF")
EMPTY = replace(
    FULL,
    item_id="language/syntax/loops",
    version="4567cdef",
    residual=None,
    item_rest=None,
    expected_item_rest=None,
    upper_lower=None,
    choices=(),
    fit=None,
    times=None,
    drift=None,
    comparisons=(),
    findings=(),
)


@pytest.mark.parametrize("statistics", [FULL, EMPTY])
def test_what_is_stored_comes_back_whole(app: Flask, statistics: ItemStatistics) -> None:
    item_statistics.replace_all([statistics], made_at=NOON)

    assert item_statistics.find(statistics.item_id) == statistics


def test_before_any_run_nothing_is_known(app: Flask) -> None:
    assert item_statistics.find(FULL.item_id) is None
    assert item_statistics.list_rules() == {}
    assert item_statistics.list_times([FULL.item_id]) == {}


def test_a_run_replaces_the_one_before_and_forgets_what_it_did_not_find(app: Flask) -> None:
    item_statistics.replace_all([FULL, EMPTY], made_at=NOON)
    later = NOON + timedelta(hours=1)
    changed = replace(EMPTY, version="newer", made_at=later, findings=FULL.findings)

    item_statistics.replace_all([changed], made_at=later)

    assert item_statistics.find(FULL.item_id) is None
    assert item_statistics.find(EMPTY.item_id) == changed
    assert item_statistics.list_rules() == {"newer": ("leaked", "DIF")}


def test_rules_and_times_are_told_by_version(app: Flask) -> None:
    item_statistics.replace_all([FULL, EMPTY], made_at=NOON)

    assert item_statistics.list_rules() == {"0123abcd": ("leaked", "DIF"), "4567cdef": ()}
    assert item_statistics.list_times([FULL.item_id, EMPTY.item_id, "unknown"]) == {"0123abcd": FULL.times}


def test_more_than_one_writing_takes_are_all_stored(app: Flask) -> None:
    many = [replace(EMPTY, item_id=f"language/syntax/i{at}", version=f"v{at}") for at in range(450)]

    item_statistics.replace_all(many, made_at=NOON)

    assert len(item_statistics.list_rules()) == 450
    assert item_statistics.find("language/syntax/i449") == many[449]
