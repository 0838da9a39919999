"""Weights on the grid, many rows at once, against normal distributions and brute force."""

import numpy as np
import pytest
from scipy.stats import norm, skewnorm

from tracker.scoring import grid

CHANCES = (0.05, 0.5, 0.95)


def test_moments_and_quantiles_of_normal_rows_are_the_normal_ones() -> None:
    rng = np.random.default_rng(20261121)
    mean, sd = rng.uniform(-2, 2, (40, 3)), rng.uniform(0.25, 0.9, (40, 3))
    rows = grid.normalised(-0.5 * ((grid.COARSE - mean[..., None]) / sd[..., None]) ** 2)
    found_mean, found_sd = grid.moments(grid.COARSE, rows)
    np.testing.assert_allclose(found_mean, mean, atol=1e-4)
    np.testing.assert_allclose(found_sd, sd, atol=1e-4)
    for chance, found in zip(CHANCES, grid.quantiles(grid.COARSE, rows, CHANCES), strict=True):
        np.testing.assert_allclose(found, norm.ppf(chance, mean, sd), atol=0.002)


@pytest.mark.parametrize("shape", [-3, 2, 5])
def test_quantiles_of_a_skewed_row_are_its_own(shape: float) -> None:
    row = grid.normalised(skewnorm.logpdf(grid.COARSE, shape, loc=0.3, scale=0.8))
    found = grid.quantiles(grid.COARSE, row, CHANCES)
    np.testing.assert_allclose(found, skewnorm.ppf(CHANCES, shape, loc=0.3, scale=0.8), atol=0.004)


def test_single_precision_stays_and_costs_less_than_a_hundred_thousandth() -> None:
    exact = -0.5 * ((grid.COARSE - 1.3) / 0.4) ** 2
    row = grid.normalised(exact.astype(np.float32))
    assert row.dtype == np.float32
    for found, expected in zip(
        (*grid.moments(grid.COARSE, row), *grid.quantiles(grid.COARSE, row, CHANCES)),
        (1.3, 0.4, *norm.ppf(CHANCES, 1.3, 0.4)),
        strict=True,
    ):
        assert found == pytest.approx(expected, abs=2e-3)
    assert grid.moments(grid.COARSE, row)[0] == pytest.approx(1.3, abs=1e-5)


def test_a_distribution_at_the_grids_end_has_its_quantiles_there() -> None:
    row = grid.normalised(1000 * grid.COARSE)
    assert grid.quantiles(grid.COARSE, row, CHANCES)[2] == pytest.approx(6, abs=0.1)
    assert all(5.5 <= quantile < 6 + 1e-9 for quantile in grid.quantiles(grid.COARSE, row, CHANCES))


def test_no_weight_is_so_small_that_it_slows_arithmetic() -> None:
    for precision in (np.float32, np.float64):
        weights = grid.scaled_exp(np.array([0, -1e6], dtype=precision))
        assert weights[0] == 1
        assert weights[1] >= np.finfo(precision).tiny


def test_a_step_from_the_middle_is_normal() -> None:
    steps = grid.kernel(grid.COARSE, 0.45)
    np.testing.assert_allclose(steps.sum(axis=1), 1)
    mean, sd = grid.moments(grid.COARSE, steps[30])
    assert (mean, sd) == pytest.approx((0, 0.45), abs=1e-6)
