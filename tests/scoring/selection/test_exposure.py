"""Exposure rates."""

import numpy as np

from tracker.scoring.selection import exposure_rates


def test_a_rate_is_the_share_of_the_tests_an_item_could_have_been_in() -> None:
    assert exposure_rates(np.array([1, 0, 0]), np.array([4, 5, 0])).tolist() == [0.25, 0, 0]
