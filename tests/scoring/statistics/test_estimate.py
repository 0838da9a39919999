"""Intervals against published examples and their own defining equations."""

import numpy as np
import pytest
from scipy import stats

from tracker.scoring.statistics.estimate import correlation, difference, normal, proportion


@pytest.mark.parametrize(
    ("count", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)]
)
def test_proportions_have_the_score_intervals_of_newcombes_table(count: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    estimate = proportion(count, n)
    assert (float(estimate.low), float(estimate.high)) == pytest.approx((low, high), abs=5e-5)
    assert int(estimate.n) == n


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_differences_have_the_intervals_of_newcombes_table(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10."""
    found = difference(proportion(*one), proportion(*other))
    assert (float(found.low), float(found.high)) == pytest.approx((low, high), abs=5e-5)
    assert int(found.n) == one[1] + other[1]


def test_a_correlation_has_the_interval_of_fishers_z() -> None:
    one = correlation([0.6], [28])
    expected = stats.pearsonr(*_correlated(0.6, 28)).confidence_interval(0.95)
    assert (one.value[0], one.low[0], one.high[0]) == pytest.approx((0.6, expected.low, expected.high), abs=1e-9)


def test_a_mean_has_the_interval_of_the_normal_distribution() -> None:
    one = normal([0.2], [0.1], [40])
    assert (one.low[0], one.high[0], one.n[0]) == pytest.approx((0.0040036, 0.3959964, 40), abs=1e-7)


def test_what_rests_on_nothing_is_unknown() -> None:
    assert np.isnan(proportion([0], [0]).low).all()
    assert np.isnan(correlation([0.5], [3]).low).all()
    assert np.isnan(correlation([np.nan], [30]).high).all()


def _correlated(r: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Two variables with exactly this correlation."""
    rng = np.random.default_rng(1)
    x, noise = rng.normal(size=(2, n))
    x = stats.zscore(x)
    noise = stats.zscore(noise - noise.mean() - x * (x @ noise) / n)
    return x, r * x + np.sqrt(1 - r**2) * noise
