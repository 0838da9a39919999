"""Shortlists hold what they promise: what is not listed tells at most the bound, anywhere in the stretch."""

import numpy as np
import pytest

from tracker.scoring import irt
from tracker.scoring.selection.shortlists import STRETCHES, shortlists, stretch, stretches

from .builders import a_bank


@pytest.mark.parametrize("size", [500, 5_000, 50_000])
def test_no_item_outside_a_list_tells_more_than_its_bound(size: int) -> None:
    bank = a_bank(size)
    curves = bank.curves
    lists = shortlists(curves)
    rng = np.random.default_rng(size)
    for theta in rng.uniform(-6, 6, 200):
        at = stretch(theta)
        told = irt.information(theta, curves.a, bank.b, bank.c)
        assert told[~lists.is_listed[at]].max() <= lists.bound[at] * (1 + 1e-9)
        assert (np.flatnonzero(lists.is_listed[at]) == lists.items[at]).all()


def test_every_ability_on_the_grid_lies_in_a_stretch() -> None:
    theta, expected = [-6.0, -5.81, -5.79, 0.01, 5.99, 6.0], [0, 0, 1, 30, STRETCHES - 1, STRETCHES - 1]
    assert stretches(np.array(theta)).tolist() == expected
    assert [stretch(each) for each in theta] == expected
