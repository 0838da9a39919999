"""Responses in long format against the sum over each row's own responses."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from tracker.scoring import grid, irt
from tracker.scoring.evidence import Evidence, gather, log_likelihoods, log_table

POINTS = grid.COARSE
ROWS = 37


def a_bank(items: int = 50) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(20261122)
    return rng.lognormal(0, 0.3, items), rng.normal(0, 1, items), rng.choice([0, 0.2, 0.25], items)


def some_responses(*, count: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows in no order, some of them without any; items; marks, some of them partial."""
    rng = np.random.default_rng(20261123)
    return rng.integers(0, ROWS - 5, count), rng.integers(0, 50, count), rng.choice([0, 0.5, 1], count)


def all_of(evidence: Evidence, *, chunk: int) -> np.ndarray:
    found = np.empty((evidence.rows, POINTS.size))
    for part, values in log_likelihoods(POINTS, evidence, chunk=chunk):
        found[part] = values
    return found


def assert_sums(evidence: Evidence, row: np.ndarray, item: np.ndarray, marks: np.ndarray) -> None:
    bank = a_bank()
    expected = np.zeros((evidence.rows, POINTS.size))
    for at in range(evidence.rows):
        mine = row == at
        expected[at] = irt.log_likelihood(POINTS, marks[mine], *(values[item[mine]] for values in bank))
    for chunk in (1, 10, 4096):
        np.testing.assert_allclose(all_of(evidence, chunk=chunk), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("are_sorted", [True, False])
def test_rows_add_up_whichever_way_items_are_told(are_sorted: bool) -> None:
    row, item, marks = some_responses()
    if are_sorted:
        row = np.sort(row)
    bank = a_bank()
    assert_sums(gather(row, marks, *bank, rows=ROWS, item=item), row, item, marks)
    assert_sums(gather(row, marks, *(values[item] for values in bank), rows=ROWS), row, item, marks)


def test_one_form_for_all_is_noticed_and_adds_up() -> None:
    rng = np.random.default_rng(20261124)
    row, item = np.repeat(np.arange(ROWS), 12), np.tile(rng.permutation(50)[:12], ROWS)
    marks = rng.integers(0, 2, row.size)
    bank = a_bank()
    for evidence in (
        gather(row, marks, *bank, rows=ROWS, item=item),
        gather(row, marks, *(values[item] for values in bank), rows=ROWS),
    ):
        assert evidence.form is not None
        assert_sums(evidence, row, item, marks)


def test_as_many_items_but_others_are_not_one_form() -> None:
    row, item = np.array([0, 0, 1, 1]), np.array([3, 4, 4, 3])
    evidence = gather(row, [1, 0, 1, 0], *a_bank(), rows=2, item=item)
    assert evidence.form is None
    assert_sums(evidence, row, item, np.array([1, 0, 1, 0]))


def test_as_many_responses_in_all_but_not_in_each_row_are_not_one_form() -> None:
    row, item = np.array([0, 1, 1, 1]), np.array([3, 4, 3, 4])
    evidence = gather(row, [1, 0, 1, 0], *(values[item] for values in a_bank()), rows=2)
    assert evidence.form is None
    assert_sums(evidence, row, item, np.array([1, 0, 1, 0]))


def test_rows_without_responses_know_nothing() -> None:
    np.testing.assert_array_equal(all_of(gather([], [], [], [], [], rows=3), chunk=2), 0)
    assert list(log_likelihoods(POINTS, gather([], [], [], [], [], rows=0))) == []


def test_the_same_parameters_are_one_item() -> None:
    bank = a_bank()
    _, item, marks = some_responses()
    evidence = gather(np.zeros(item.size, dtype=int), marks, *(values[item] for values in bank), rows=2)
    assert evidence.a.size == np.unique(item).size


def test_a_table_holds_both_answers_to_every_item() -> None:
    a, b, c = a_bank(4)
    right = irt.probability(POINTS, a[:, None], b[:, None], c[:, None])
    np.testing.assert_allclose(np.exp(log_table(POINTS, a, b, c)), np.stack((1 - right, right), axis=1), rtol=1e-9)


@pytest.mark.parametrize(
    ("row", "marks", "a", "item"),
    [
        ([0], [1, 0], [1, 1], None),
        ([0, 0], [1, 0], [1], None),
        ([0, 2], [1, 0], [1, 1], None),
        ([0, -1], [1, 0], [1, 1], None),
        ([0.0, 1.0], [1, 0], [1, 1], None),
        ([0, 1], [1, 2], [1, 1], None),
        ([0, 1], [1, 0], [1, 1], [0, 2]),
        ([0, 1], [1, 0], [1, 1], [0]),
        ([0, 1], [1, 0], [1, np.inf], [0, 1]),
    ],
)
def test_impossible_responses_are_refused(row: ArrayLike, marks: ArrayLike, a: ArrayLike, item: ArrayLike) -> None:
    with pytest.raises(ValueError, match=r"shape|code|whole|mark|discrimination"):
        gather(row, marks, a, np.zeros(np.size(a)), np.zeros(np.size(a)), rows=2, item=item)
