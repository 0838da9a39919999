"""All statistics of an area put together: sound items are left alone, what is wrong with one is found and named."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tracker.assessment.item_statistics import ItemStatistics
from tracker.assessment.parameters import Estimate
from tracker.scoring.author_prior import by_level
from tracker.scoring.irt import probability
from tracker.scoring.statistics.area_answers import AreaAnswers, KnownItem
from tracker.scoring.statistics.item_statistics import item_statistics

MADE_AT = datetime(2026, 11, 2, tzinfo=UTC)
ITEMS, EACH, TOPICS = 100, 10, 5


def a_crowd(
    *, people: int, seed: int, miskeyed: Collection[int] = (), leaked: Collection[int] = (), calibrated: bool = True
) -> AreaAnswers:
    """People with an ability in the area and a deviation in each topic, ten items each drawn from a hundred.

    Item difficulties are known with an error. Of miskeyed items option b is right and c the key; leaked ones are known
    to 70 % of the second half.
    """
    rng = np.random.default_rng(seed)
    a, b = rng.lognormal(0, 0.3, ITEMS), rng.normal(size=ITEMS)
    theta, deviation = rng.normal(size=people), rng.normal(0, 0.45, (people, TOPICS))
    person = np.repeat(np.arange(people), EACH)
    item = np.argsort(rng.random((people, ITEMS)), axis=1)[:, :EACH].ravel()
    ability = theta[person] + deviation[person, item % TOPICS]
    knows = rng.random(item.size) < probability(ability, a[item], b[item], np.full(item.size, 0.25))
    knows |= np.isin(item, list(leaked)) & (person > people / 2) & (rng.random(item.size) < 0.7)
    chosen = np.where(knows, 1, rng.choice([0, 2, 3], item.size))
    key = np.where(np.isin(np.arange(ITEMS), list(miskeyed)), 2, 1)
    n = np.bincount(item, minlength=ITEMS)
    return AreaAnswers(
        items=[
            KnownItem(
                item_id=f"item {code}",
                version=f"version {code}",
                estimate=Estimate(a[code], b[code] + rng.normal(0, 0.15), 0.2, 0.15, int(n[code]))
                if calibrated
                else by_level(3),
                guessing=0.25,
                choices=tuple((name, at == key[code]) for at, name in enumerate("abcd")),
            )
            for code in range(ITEMS)
        ],
        person=person,
        sitting=person,
        item=item,
        right=chosen == key[item],
        seconds=rng.lognormal(3.2, 0.5, item.size),
        ended_at=1.7e9 + 3600.0 * person,
        choice_row=np.arange(item.size),
        choice=chosen,
        is_retake=np.zeros(people, dtype=bool),
    )


def compute(area: AreaAnswers) -> list[ItemStatistics]:
    return item_statistics(area, made_at=MADE_AT, parameters=1)


def rules(statistics: ItemStatistics) -> set[str]:
    return {finding.rule for finding in statistics.findings}


def test_of_sound_items_hardly_any_is_put_under_review() -> None:
    alarms, findings = 0, Counter[str]()
    for seed in range(10):
        for one in compute(a_crowd(people=1000, seed=seed)):
            alarms += bool(one.alarms)
            findings.update(rules(one) - {"distractor unused"})
    assert alarms <= 3  # of 1,000 items with 100 answers each
    assert findings.total() <= 60


def test_wrong_keys_and_leaks_are_found_with_the_option_and_the_day() -> None:
    found = compute(a_crowd(people=4000, seed=1, miskeyed=range(10), leaked=range(10, 20)))

    miskeyed = [one for one in found[:10] if "miskey alarm" in one.alarms]
    leaked = [one for one in found[10:20] if "leaked" in one.alarms]
    assert len(miskeyed) >= 5
    assert len(leaked) >= 9
    assert {finding.part for one in miskeyed for finding in one.findings if finding.rule == "miskey alarm"} == {"b"}
    began = datetime.fromtimestamp(1.7e9 + 3600.0 * 2000, UTC)
    off = [abs((finding.since - began).total_seconds()) for one in leaked for finding in one.findings if finding.since]
    assert np.median(off) < 3600 * 4000 * 0.05
    assert sum(bool(one.alarms) for one in found[20:]) <= 2


def test_a_leak_is_also_easier_for_those_who_came_later() -> None:
    found = compute(a_crowd(people=4000, seed=1, leaked=range(3)))

    deltas = [pair.delta.value for one in found[:3] for pair in one.comparisons if pair.groups == "later half"]
    others = [pair.delta.value for one in found[3:] for pair in one.comparisons]
    assert len(deltas) == 3
    assert np.mean(deltas) > 1.5
    assert abs(np.mean(others)) < 0.3
    assert {pair.groups for one in found for pair in one.comparisons} == {"later half"}, "nobody took it twice"


def test_from_an_authors_level_alone_an_item_is_not_called_leaked_misfitting_or_moved() -> None:
    found = compute(a_crowd(people=2000, seed=2, leaked=range(10), calibrated=False))

    assert (
        set()
        .union(*map(rules, found))
        .isdisjoint({"leaked", "item misfit", "easier than calibrated", "harder than calibrated", "difficulty drifted"})
    )


def test_drift_is_told_by_the_answers_since_the_earlier_calibration() -> None:
    """Two estimates from 400 answers of b = 0, then 400 of b = 1: the later one lies between, the new answers say 1."""
    area = a_crowd(people=1000, seed=3)
    earlier, now = Estimate(1.0, 0.0, 0.2, 0.14, 400), Estimate(1.0, 0.5, 0.15, 0.14 / np.sqrt(2), 800)
    items = [replace(area.items[0], estimate=now, earlier=earlier), *area.items[1:]]

    first, second, *_ = compute(replace(area, items=items))

    assert first.drift is not None
    assert first.drift.value == pytest.approx(1.0)
    assert first.drift.high - first.drift.value == pytest.approx(1.959964 * 0.14 * np.sqrt(2))
    assert first.drift.n == 400
    assert "difficulty drifted" in rules(first)
    assert second.drift is None


def test_facility_thirds_and_times_are_plain_counts() -> None:
    area = a_crowd(people=1500, seed=4)
    one = compute(area)[7]
    rows = area.item == 7

    assert one.responses == rows.sum()
    assert one.facility.value == pytest.approx(area.right[rows].mean())
    assert one.times is not None
    assert (one.times.lower, one.times.median, one.times.upper) == pytest.approx(
        np.quantile(area.seconds[rows], (0.25, 0.5, 0.75))
    )
    assert [choice.share.value for choice in one.choices] == pytest.approx(
        [(area.choice[rows] == at).mean() for at in range(4)]
    )
    assert one.upper_lower is not None
    key = one.choices[1]
    assert one.upper_lower.value == pytest.approx(key.by_third[2].value - key.by_third[0].value)


def test_an_area_that_nobody_answered_has_no_statistics() -> None:
    area = a_crowd(people=1, seed=1)
    nothing = {
        name: getattr(area, name)[:0]
        for name in ("person", "sitting", "item", "right", "seconds", "ended_at", "choice_row", "choice", "is_retake")
    }

    assert compute(replace(area, **nothing)) == []


def test_one_answer_gives_what_can_be_told_of_one() -> None:
    area = a_crowd(people=1, seed=1)

    found = compute(area)

    assert len(found) == EACH
    assert {one.responses for one in found} == {1}
    assert all(one.findings == () and one.item_rest is None for one in found)
