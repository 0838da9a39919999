"""Exposure rates."""

import numpy as np

from tracker.scoring.selection import exposure_rates
from tracker.scoring.selection.exposure import unrestricted, unrestricted_by_topic


def test_a_rate_is_the_share_of_the_tests_an_item_could_have_been_in() -> None:
    assert exposure_rates(np.array([1, 0, 0]), np.array([4, 5, 0])).tolist() == [0.25, 0, 0]


def test_by_topic_the_same_items_are_open_as_in_each_topic_alone() -> None:
    rng = np.random.default_rng(4)
    topic = rng.integers(0, 6, 80)
    for most in (0.3, 1.0):
        exposure, allowed = rng.uniform(0, most, 80), rng.random(80) < 0.6
        exposure[topic == 2] += 0.3
        allowed[topic == 3] = False
        found = unrestricted_by_topic(topic, exposure, allowed)
        for each in (0, 1, 2, 4, 5):
            expected = unrestricted(exposure, allowed & (topic == each))
            assert (found[topic == each] == expected[topic == each]).all()
        assert not found[topic == 3].any()
