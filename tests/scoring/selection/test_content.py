"""Content balance: quotas are met, and at every moment of a test as nearly as whole items allow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.scoring.selection import Quotas, even_quotas
from tracker.scoring.selection.bank import IntArray

AREA_OF_TOPIC = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])


def served(quotas: Quotas, rng: np.random.Generator) -> IntArray:
    """The topics of a test in order, shape (length,), nothing ever running out."""
    counts = np.zeros(quotas.of_topic.size, dtype=np.intp)
    topics = []
    for _ in range(quotas.length):
        topics.append(next(quotas.most_behind(counts, rng)))
        counts[topics[-1]] += 1
    return np.array(topics)


@given(
    of_topic=st.lists(st.integers(0, 6), min_size=9, max_size=9).filter(any),
    seed=st.integers(0, 2**32),
)
def test_whole_quotas_are_met_exactly(of_topic: list[int], seed: int) -> None:
    quotas = Quotas(of_topic=np.array(of_topic, dtype=float), area_of_topic=AREA_OF_TOPIC)
    topics = served(quotas, np.random.default_rng(seed))
    assert np.bincount(topics, minlength=9).tolist() == of_topic


@given(length=st.integers(1, 60), seed=st.integers(0, 2**32))
def test_even_quotas_are_never_exceeded_by_a_whole_item(length: int, seed: int) -> None:
    quotas = even_quotas(AREA_OF_TOPIC, topics=np.arange(9), length=length)
    topics = served(quotas, np.random.default_rng(seed))
    areas = np.bincount(AREA_OF_TOPIC[topics], minlength=3)
    assert topics.size == length
    assert np.ptp(areas) <= 1
    for area in range(3):
        assert np.ptp(np.bincount(topics, minlength=9)[area == AREA_OF_TOPIC]) <= 1


def test_every_prefix_of_a_test_keeps_to_the_shares() -> None:
    quotas = Quotas(of_topic=np.array([4.0, 4, 4, 6, 6, 3, 3, 3, 3]), area_of_topic=AREA_OF_TOPIC)
    topics = served(quotas, np.random.default_rng(3))
    for length in range(1, quotas.length + 1):
        areas = np.bincount(AREA_OF_TOPIC[topics[:length]], minlength=3)
        assert (np.abs(areas - length / 3) < 1).all()


def test_topics_without_a_quota_are_never_served() -> None:
    quotas = even_quotas(AREA_OF_TOPIC, topics=[3, 5], length=10)
    assert set(quotas.most_behind(np.zeros(9, dtype=np.intp), np.random.default_rng(1))) == {3, 5}


def test_equals_come_in_an_order_that_is_drawn() -> None:
    quotas = even_quotas(AREA_OF_TOPIC, topics=np.arange(9), length=9)
    rng = np.random.default_rng(1)
    first = [next(quotas.most_behind(np.zeros(9, dtype=np.intp), rng)) for _ in range(3000)]
    expected = 3000 / 3 / np.array([3, 3, 3, 2, 2, 4, 4, 4, 4])
    assert (np.abs(np.bincount(first) - expected) < 4 * np.sqrt(expected)).all()


@pytest.mark.parametrize(
    ("of_topic", "message"),
    [([1.0, 2], "shape"), ([-1.0] + [1.0] * 8, "below 0"), ([0.3] * 9, "whole number"), ([0.0] * 9, "whole number")],
)
def test_quotas_that_make_no_test_are_refused(of_topic: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Quotas(of_topic=np.array(of_topic), area_of_topic=AREA_OF_TOPIC)
