"""The smallest set of rises, against trying every set there is in small cohorts."""

from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.scoring.coverage import SeenLevels
from tracker.scoring.rises import READY, Plan, Rise, plan_rises

from .builders import seen_by_rank

Rows = tuple[tuple[int, ...], ...]
CHAIN = ((), (0,), (1,))
FAN = ((), (0,), (0,))
APART: tuple[tuple[int, ...], ...] = ((), (), ())
TOPICS = 3


def plan(rows: Rows, wanted: Sequence[int], builds_on: Sequence[Sequence[int]], holders: int) -> Plan:
    """The plan for members with these levels, a row each, all of them sure."""
    return plan_rises(seen_by_rank(rows), np.array(wanted), builds_on=builds_on, holders=holders)


def after(rows: Rows, rises: Sequence[Rise]) -> list[list[int]]:
    """What the members hold once all of these rises are made."""
    held = [list(row) for row in rows]
    for rise in rises:
        assert held[rise.member][rise.topic] == rise.start
        held[rise.member][rise.topic] = rise.goal
    return held


def fewest_steps(rows: Rows, wanted: Sequence[int], builds_on: Sequence[Sequence[int]], holders: int) -> int:
    """The steps of the smallest set, by trying every one: member by member, for every number of holders a topic."""
    cheapest = {(0,) * TOPICS: 0}
    for row in rows:
        reached: dict[tuple[int, ...], int] = {}
        for (counts, steps), (more, held) in product(cheapest.items(), _futures(row, tuple(wanted), tuple(builds_on))):
            total = tuple(
                min(holders, count + (level >= most)) for count, level, most in zip(counts, held, wanted, strict=True)
            )
            reached[total] = min(steps + more, reached.get(total, 999))
        cheapest = reached
    return cheapest[(holders,) * TOPICS]


@cache
def _futures(
    row: tuple[int, ...], wanted: tuple[int, ...], builds_on: tuple[tuple[int, ...], ...]
) -> list[tuple[int, tuple[int, ...]]]:
    """Every level that a member could rise to, with the steps: not without holding what a topic builds on."""
    futures = []
    for held in product(*(range(level, max(level, most, READY) + 1) for level, most in zip(row, wanted, strict=True))):
        risen = [topic for topic in range(TOPICS) if held[topic] > row[topic]]
        if all(held[under] >= READY for topic in risen for under in builds_on[topic]):
            futures.append((sum(held) - sum(row), held))
    return futures


COHORTS = st.lists(st.tuples(*[st.integers(0, 3)] * TOPICS), min_size=2, max_size=4).map(tuple)
WANTED = st.tuples(*[st.integers(0, 3)] * TOPICS)


@given(COHORTS, WANTED, st.integers(1, 2))
def test_where_nothing_builds_on_anything_the_plan_is_the_smallest_and_says_so(
    rows: Rows, wanted: tuple[int, ...], holders: int
) -> None:
    found = plan(rows, wanted, APART, holders)
    assert found.steps == found.fewest_steps == fewest_steps(rows, wanted, APART, holders)


@given(COHORTS, WANTED, st.sampled_from([CHAIN, FAN, ((), (), (0, 1))]), st.integers(1, 2))
@example(rows=((0, 0, 0), (0, 0, 0)), wanted=(0, 1, 1), builds_on=FAN, holders=1)
@example(rows=((0, 0, 0), (1, 0, 0)), wanted=(0, 3, 3), builds_on=CHAIN, holders=2)
def test_a_plan_reaches_what_is_wanted_within_its_bounds(
    rows: Rows, wanted: tuple[int, ...], builds_on: tuple[tuple[int, ...], ...], holders: int
) -> None:
    found = plan(rows, wanted, builds_on, holders)

    held = np.array(after(rows, found.rises))
    assert ((held >= wanted).sum(axis=0) >= holders).all()
    assert all(held[rise.member, under] >= READY for rise in found.rises for under in builds_on[rise.topic])
    smallest = fewest_steps(rows, wanted, builds_on, holders)
    assert found.fewest_steps <= smallest <= found.steps <= TOPICS * smallest


@given(COHORTS, WANTED, st.sampled_from([CHAIN, FAN]), st.integers(1, 2))
def test_rises_come_after_what_they_build_on(
    rows: Rows, wanted: tuple[int, ...], builds_on: tuple[tuple[int, ...], ...], holders: int
) -> None:
    held = [list(row) for row in rows]
    for rise in plan(rows, wanted, builds_on, holders).rises:
        assert all(held[rise.member][under] >= READY for under in builds_on[rise.topic])
        held[rise.member][rise.topic] = rise.goal


def test_what_a_topic_builds_on_is_made_up_once_for_all_that_needs_it() -> None:
    found = plan(((0, 0, 0), (0, 0, 0)), (0, 1, 1), FAN, 1)
    first = Rise(member=0, topic=0, start=0, goal=1, needed_for=1)
    assert found.rises == (first, Rise(0, 1, 0, 1, None), Rise(0, 2, 0, 1, None))
    assert found.fewest_steps == 3


def test_equal_steps_go_to_whoever_has_fewest_already() -> None:
    found = plan(((0, 0, 0), (0, 0, 0), (0, 0, 0)), (1, 1, 1), APART, 1)
    assert [(rise.member, rise.topic) for rise in found.rises] == [(0, 0), (1, 1), (2, 2)]


def test_then_they_go_to_whoever_is_seen_nearest() -> None:
    lowest, level, highest = (np.array(column)[:, None] for column in ([1, 1, 1], [1, 1, 2], [1, 2, 2]))
    seen = SeenLevels(level=level, lowest=lowest, highest=highest, is_known=np.ones((3, 1), dtype=bool))
    found = plan_rises(seen, np.array([2]), builds_on=((),), holders=2)
    assert [rise.member for rise in found.rises] == [2, 1]


def test_whoever_seems_ready_need_not_make_up_for_what_is_not_sure() -> None:
    lowest, level = np.array([[0, 0]]), np.array([[1, 0]])
    seen = SeenLevels(level=level, lowest=lowest, highest=level, is_known=np.ones((1, 2), dtype=bool))
    found = plan_rises(seen, np.array([0, 1]), builds_on=((), (0,)), holders=1)
    assert found.rises == (Rise(member=0, topic=1, start=0, goal=1, needed_for=None),)
