"""Item parameters in MongoDB: revisions that never change, the newest one counts."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from tests.conftest import NOON
from tracker.assessment.parameters import AUTHORS_WORD, Estimate, ParameterSet, Population
from tracker.storage import item_parameters

FIRST = ParameterSet(
    revision=1,
    made_at=NOON,
    estimates={"0123abcd": Estimate(a=1.2, b=-0.5, a_error=0.1, b_error=0.2, responses=240)},
    area_walk=0.2,
    topic_walk=0.05,
    populations={"language": Population(people=60, weights=(0.25, 0.75))},
)


def test_before_any_revision_there_is_the_authors_word(app: Flask) -> None:
    assert item_parameters.current() == AUTHORS_WORD


def test_the_newest_revision_counts_and_the_older_ones_stay(app: Flask) -> None:
    second = replace(FIRST, revision=2, area_walk=0.3)

    assert item_parameters.add(FIRST)
    assert item_parameters.current() == FIRST
    assert item_parameters.add(second)
    assert item_parameters.current() == second
    assert item_parameters.get(1) == FIRST


def test_a_revision_never_changes(app: Flask) -> None:
    item_parameters.add(FIRST)

    assert not item_parameters.add(replace(FIRST, area_walk=0.3))
    assert item_parameters.get(1) == FIRST


def test_an_items_history_is_what_the_newest_dozen_revisions_say_of_it(app: Flask) -> None:
    (known,) = FIRST.estimates.values()
    for revision in range(1, 16):
        estimates = {"0123abcd": replace(known, b=revision / 10)} if revision != 7 else {}
        item_parameters.add(
            replace(FIRST, revision=revision, made_at=NOON + timedelta(days=revision), estimates=estimates)
        )

    found = item_parameters.history("0123abcd")

    assert [round(estimate.b * 10) for _, estimate in found] == [4, 5, 6, *range(8, 16)]
    assert found[-1][0] == NOON + timedelta(days=15)
    assert item_parameters.history("unknown") == []


def test_the_revision_before_a_moment_is_the_newest_made_earlier(app: Flask) -> None:
    for revision in (1, 2, 3):
        item_parameters.add(replace(FIRST, revision=revision, made_at=NOON + timedelta(days=revision)))

    found = item_parameters.find_before(NOON + timedelta(days=3))

    assert found is not None
    assert found.revision == 2
    assert item_parameters.find_before(NOON) is None
