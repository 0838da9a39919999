"""Work in parts."""

import threading

import pytest

from tracker.scoring import parts


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_every_part_is_worked_on_once_and_the_results_come_in_order(count: int) -> None:
    assert parts.each(lambda part: 2 * part, range(count)) == [2 * part for part in range(count)]


def test_a_single_part_needs_no_thread() -> None:
    assert parts.each(lambda _: threading.current_thread(), [1]) == [threading.current_thread()]


def test_what_goes_wrong_in_a_part_is_not_lost() -> None:
    with pytest.raises(ZeroDivisionError):
        parts.each(lambda part: 1 / part, [2, 1, 0])


def test_slices_cover_everything_once() -> None:
    everything = list(range(10))
    assert [everything[part] for part in parts.slices(10, 4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert parts.slices(0, 4) == []
