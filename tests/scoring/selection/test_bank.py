"""What a bank refuses, and how it reads what is not known of its items."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tracker.scoring import irt

from .builders import a_bank


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"a": np.ones(3)}, "one shape"),
        ({"topic": np.full(4, 2)}, "topic"),
        ({"topic": np.full(4, -1)}, "topic"),
        ({"area_of_topic": np.array([0, -1])}, "area"),
        ({"family": np.full(4, -2)}, "family"),
        ({"a": np.array([1, 1, 1, 0.0])}, "discrimination"),
        ({"c": np.array([0, 0, 0, 1.0])}, "guessing"),
        ({"b_error": np.array([0, 0, 0, np.nan])}, "standard error"),
        ({"b": np.array([0, 0, 0, 500.0])}, "extreme"),
        ({"b": np.array([0, 0, 0, np.nan])}, "extreme"),
    ],
)
def test_a_bank_that_makes_no_sense_is_refused(wrong: dict[str, Any], message: str) -> None:
    bank = a_bank(4, topics=2)
    with pytest.raises(ValueError, match=message):
        replace(bank, **wrong)


def test_an_item_whose_difficulty_is_uncertain_is_as_flat_as_the_mean_of_its_possible_curves() -> None:
    bank = replace(a_bank(50), b_error=np.full(50, 0.6))
    theta = np.linspace(-4, 4, 33)
    draws = np.random.default_rng(1).normal(size=40_000)
    curves = bank.curves
    for item in range(5):
        possible = irt.probability(theta[:, None], bank.a[item], bank.b[item] + 0.6 * draws, bank.c[item]).mean(axis=1)
        flattened = irt.probability(theta, curves.a[item], bank.b[item], bank.c[item])
        np.testing.assert_allclose(flattened, possible, atol=0.01)


def test_items_are_new_until_their_difficulty_is_known_to_a_third_of_a_logit() -> None:
    bank = replace(a_bank(3), b_error=np.array([0.34, 0.35, 0.6]))
    assert bank.is_new.tolist() == [False, True, True]
